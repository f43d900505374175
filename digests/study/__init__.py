"""A study of dated verbatims: what keeps coming, and what truly changed, from a file alone.

No database and no week that is "now": all the weeks of the file lie open at once, so a change can be judged by what
came after it. The rules are those of the digests; what is added is the wait and see.

- `material` holds the notes and counts them by the week.
- `levels` finds lasting changes of a share: the arithmetic behind all three signals. `chances` has the rest of it.
- `branches` puts themes that are kin together; `neighbours` scans notes that mean alike, whatever their themes.
- `shifts`, `novelty` and `knock_on` each look for one signal.
- `compose.study` puts them together; `telling` writes the page, the terminal's summary and the JSON.
"""
