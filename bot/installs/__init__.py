"""Many workspaces: each installs the app itself, has a token of its own, and may leave again.

Start with `flow.py` (somebody installs), then `connections.py` (we speak there) and `renewing.py` (tokens run out).
"""
