"""The app as Slack sees it, in two variants: the usual one, and one that may read the messages that people mark."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def path(*, reactions: bool) -> Path:
    """The manifest for an install in which messages are passed on by an emoji, or the one for all others."""
    return Path(__file__).parent / ("manifest-reactions.json" if reactions else "manifest.json")


def scopes(*, reactions: bool) -> Sequence[str]:
    """What we ask for: the scopes of that manifest, and no others."""
    manifest = json.loads(path(reactions=reactions).read_text(encoding="utf-8"))
    return list(manifest["oauth_config"]["scopes"]["bot"])
