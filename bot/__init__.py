"""Speaks Slack: what people type and press comes in here, and what we answer goes out.

`app` wires every room together; `logbook` is what the product does, free of Slack; `conversations` holds one
file for each story that people live through; `blocks` draws what they see; `playground` is a small Slack of our
own for trying things out and for tests. Start with `conversations.noting`.
"""
