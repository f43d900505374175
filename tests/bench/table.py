"""What you see: one table, each figure with its peers underneath; and the same for a program."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from tests.bench.figures import Figure

Results = Mapping[str, Sequence[Figure]]


def build(results: Results, titles: Mapping[str, str]) -> Table:
    """One table of all subjects."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", min_width=40, ratio=1)
    for name in ("median", "p99"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for name in ("n", "ours ÷ theirs"):
        table.add_column(name, justify="right", no_wrap=True)
    for subject, figures in results.items():
        table.add_section()
        table.add_row(Text(titles[subject], style="bold"))
        for figure in figures:
            table.add_row(figure.what, *_numbers(figure), "")
            for peer in figure.beside:
                ratio = _ratio(figure.times(peer))
                table.add_row(Text(f"  beside it: {peer.what}", style="dim"), *_numbers(peer), ratio)
    return table


def circumstances(quick: bool, load_before: float | None) -> str:
    """What the figures were measured on, and how busy it was: a sentence or two."""
    parts = [f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}."]
    load = load_average()
    if load is not None and load_before is not None:
        parts.append(f"Load {load_before:.1f} before and {load:.1f} after: what ran beside this weighs on the figures.")
    if quick:
        parts.append("This was a quick run, on less input.")
    parts.append(
        "p99: what 99 in 100 do not exceed; of fewer than 100, the largest. CPU ms, CPU second: on one core. "
        "MB: millions of bytes. Ours ÷ theirs: above 1, ours takes longer or holds more; of a rate, it does more."
    )
    return " ".join(parts)


def facts(results: Results, *, quick: bool, load_before: float | None) -> dict[str, Any]:
    """Everything, for a program."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.system(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load_before,
        "load_after": load_average(),
        "quick": quick,
        "figures": {subject: [figure.facts() for figure in figures] for subject, figures in results.items()},
    }


def load_average() -> float | None:
    """How many processes wanted a core in the last minute, on average; None where the system does not say."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def _numbers(figure: Figure) -> tuple[str, str, str, str]:
    return _plain(figure.median), "" if figure.p99 is None else _plain(figure.p99), figure.unit, str(figure.n)


def _plain(value: float) -> str:
    """Three figures that matter, and no more digits than that before a thousand."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _ratio(times: float) -> str:
    return "" if math.isnan(times) else f"{_plain(times)} ×"
