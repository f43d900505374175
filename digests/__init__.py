"""Speaks in weeks: what a week of notes says, who should hear it, and whether anything has really changed.

It reads `storage` and knows nothing of Slack. Start with `compose`, which gathers one audience's week into a frozen
`Digest`; `charts`, `rules` and `verdicts` decide what the numbers can carry; `render` finds the words; `send` makes
sure that each digest goes out once. Who passed a note on is out of reach from here, on purpose.
"""
