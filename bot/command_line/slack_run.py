"""`slack run`: how Slack's own command line starts us, in the app that it has made from our manifest.

It puts a bot token and an app token into the environment, and may add words of its own to the command, which are no
concern of ours. See `.slack/hooks.json`.
"""

from __future__ import annotations

import os

from bot.__main__ import app


def main() -> None:
    """Run by Socket Mode, whatever a `.env` file says of how Slack reaches us otherwise."""
    os.environ["SLACK_MODE"] = "socket"
    app(["run"])


if __name__ == "__main__":
    main()
