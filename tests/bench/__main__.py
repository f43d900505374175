"""`python -m tests.bench`: measure, show, and write down if asked."""

from __future__ import annotations

import json
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.bench import running, table
from tests.bench.figures import Figure, Scale


class Subject(StrEnum):
    """What can be measured."""

    STARTING = "starting"
    RECEIPTS = "receipts"
    LOAD = "load"
    TAGGING = "tagging"
    IMPORTING = "importing"
    MEMORY = "memory"
    KEEPING = "keeping"
    WEEKS = "weeks"


TITLES: dict[str, str] = {
    Subject.STARTING: "From start to first receipt",
    Subject.RECEIPTS: "How soon a command is answered",
    Subject.LOAD: "On a busy morning",
    Subject.TAGGING: "Redaction and tagging",
    Subject.IMPORTING: "Import, and every weekly digest of it",
    Subject.MEMORY: "Memory of the running product",
    Subject.KEEPING: "Until a note is safe",
    Subject.WEEKS: "A week's digest, with a million notes in the store",
}

out = Console(highlight=False, width=None if sys.stdout.isatty() else 118)
aside = Console(stderr=True, highlight=False)


def measure(
    subjects: Annotated[list[Subject] | None, typer.Argument(help="What to measure; everything if left out.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Less input, about a minute.")] = False,
    corpus: Annotated[
        Path | None, typer.Option(help="Notes to import instead of the product's own story.", exists=True)
    ] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.")] = None,
) -> None:
    """Measure the speed and the memory of the product on this machine, beside what else could do the work.

    It prints figures and passes no judgement. The exit code is 1 only if something could not be measured at all.
    """
    scale = Scale(quick=quick, corpus=corpus)
    load_before = table.load_average()
    results: dict[str, list[Figure]] = {}
    broken: dict[str, str] = {}
    wanted = list(dict.fromkeys(subjects or Subject))
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=aside, transient=True) as progress:
        for place, subject in enumerate(wanted, start=1):
            here = f"{place} of {len(wanted)}: {TITLES[subject]}"
            task = progress.add_task(here, total=None)
            began = time.monotonic()
            results[subject] = []
            try:
                for figure in running.figures_of(subject.value, scale):
                    results[subject].append(figure)
                    progress.update(task, description=f"{here} ({figure.what})")
            except running.NotMeasured as reason:
                broken[subject] = str(reason)
            progress.remove_task(task)
            progress.print(f"{here}: {time.monotonic() - began:.0f} s")
    out.print(table.build(results, TITLES))
    out.print(table.circumstances(quick, load_before))
    if as_json:
        facts = table.facts(results, quick=quick, load_before=load_before)
        as_json.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name, trouble in broken.items():
        aside.print(f"\n{TITLES[name]} could not be measured.\n{trouble}", markup=False)
    if broken:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(measure)
