"""`python -m nlp.redaction FILE.jsonl`: how well redaction does on notes whose PII is marked.

Each line has `text` and, where there is PII, `pii_spans` with `start`, `end` and `label`. An item is found whole when
every character of it is replaced. `--show` prints what was missed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nlp.redaction import measure
from nlp.redaction.measure import Measured
from nlp.redaction.redactor import Redactor
from nlp.redaction.spans import LABELS


def main() -> None:
    """Read the file named on the command line and print the table."""
    arguments = argparse.ArgumentParser(
        prog="python -m nlp.redaction", description=__doc__.split("\n\n")[0] if __doc__ else None
    )
    arguments.add_argument("file", type=Path, help="JSONL with text and pii_spans")
    arguments.add_argument(
        "--show", action="store_true", help="also print what was missed and what was wrongly touched"
    )
    given = arguments.parse_args()
    measured = measure.measure(measure.read(given.file), Redactor.load())
    print(_table(measured))
    if given.show:
        print("\nMissed:", *measured.missed, "\nWrongly touched:", *measured.wrongly_touched, sep="\n  ")


def _table(measured: Measured) -> str:
    lines = [f"{'label':<12} {'marked':>6} {'whole':>6} {'exact':>6}"]
    for label in LABELS:
        if measured.marked[label]:
            lines.append(
                f"{label:<12} {measured.marked[label]:>6} {measured.whole[label]:>6} {measured.exact[label]:>6}"
            )
    lines.append(f"Found whole: {measured.whole.total()} of {measured.marked.total()} ({measured.found_whole:.1%})")
    lines.append(f"Clean notes touched: {measured.touched} of {measured.clean} ({measured.clean_touched:.1%})")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
