"""Speaks in words: text comes in, suggestions go out.

This room imports nothing of ours and would be at home in any other product. Start with `vocabulary`,
the words that everyone here uses; then `tagger`, which suggests what a note means and says because of
which words; `redaction`, which leaves out what identifies people before anything is kept. `components`
brings all of it into a spaCy pipeline of your own.
"""
