"""How fast and how big the product is on this machine. It prints figures and never fails for being slow.

    python -m tests.bench                          everything, in a few minutes (also: make bench)
    python -m tests.bench --quick                  everything on less input, in about a minute
    python -m tests.bench receipts keeping         these subjects only
    python -m tests.bench importing --corpus FILE  with notes of your own (CSV, JSON lines or Excel)
    python -m tests.bench --json figures.json      the same figures for a program

Each subject is one file with a function `measure`, which yields `Figure`s, and runs in a process of its own, so that
no subject's memory or libraries weigh on another's:

* `starting` from starting the program to the first receipt; `receipts` how soon a command is answered;
* `tagging` redaction and tagging, in CPU time; `importing` half a year of notes, and every weekly digest of it;
* `memory` the most that the running product ever held; `keeping` how fast a note is safe, on each database;
* `weeks` a digest composed with a million notes in the store (`filling` writes them), beside the bare SQL.

A figure has its unit, how often it was measured, its median and its 99th percentile, and beside it, measured in the
same run, what else could have done that part of the work. The ratio is ours divided by theirs: between two
machines, or between a quiet and a busy hour, compare ratios rather than figures.

`guests` starts the product, and a bare Bolt app (`bare_bolt`), each against a little Slack of its own;
`material` is the notes that go in; `figures` the arithmetic; `running` the processes; `table` what you see.
"""
