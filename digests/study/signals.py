"""All that is found in a file beyond routine, and at how many charts we looked for it."""

from __future__ import annotations

from dataclasses import dataclass

from digests.study import knock_on, novelty, shifts
from digests.study.facts import Signal
from digests.study.material import Material
from digests.verdicts import Chart, Restart, judge


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The signals, and the lead chart drawn anew wherever its level changed."""

    signals: tuple[Signal, ...]
    failure_chart: Chart
    fortnights: bool
    charts_looked_at: int


def find(material: Material) -> Findings:
    """Look for every lasting change, new theme and possible knock-on."""
    chart, fortnights = shifts.failure_chart(material)
    shifted = shifts.found_in(material, chart)
    new = novelty.found_in(material)
    landed, looked_at = knock_on.found_in(material, new={signal.theme for signal in new if signal.theme})
    restarts = [Restart(change.at, "the level changed and stayed") for _, change, _ in shifted]
    if restarts:
        chart = judge(chart.measure, chart.points, restarts=restarts)
    return Findings(
        signals=(*(signal for signal, _, _ in shifted), *new, *landed),
        failure_chart=chart,
        fortnights=fortnights,
        charts_looked_at=1 + max(looked_at, len(material.by_theme)),
    )
