"""A digest's charts as they travel in its thread: pictures, with Slack's own chart block for where no file may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from digests import pictures
from digests.facts import Charted, Digest
from digests.speech import N_, _
from digests.verdicts import Chart, Measure

_MOST_BLOCKS = 2
"""Charts that Slack draws in one message."""
_MOST_POINTS = 20
_NAMES = {
    "failure share": N_("Failure demand"),
    "end-to-end days": N_("Days waited"),
    "notes logged": N_("Notes logged"),
}


def build(digest: Digest) -> dict[str, Any] | None:
    """One message with every chart of a digest that has something to show; none when there is no such chart.

    `text` says the same as the pictures. `pictures` holds each drawing as SVG with its name and its words for those who
    do not see it; `blocks` is what is posted where pictures cannot go, and may be empty.
    """
    charts = [charted for charted in digest.charts if sum(p.value is not None for p in charted.chart.points) > 1]
    if not charts:
        return None
    return {
        "text": "\n".join(pictures.alt(charted) for charted in charts),
        "pictures": [
            {
                "name": charted.key.replace(" ", "-") + ".png",
                "title": _(_NAMES[charted.key]),
                "alt": pictures.alt(charted)[:1000],
                "svg": pictures.svg(charted),
            }
            for charted in charts
        ],
        "blocks": list(islice(filter(None, map(_drawn_by_slack, charts)), _MOST_BLOCKS)),
    }


def _drawn_by_slack(charted: Charted) -> dict[str, Any] | None:
    """Values, central line and limits as lines, for the stretch that the latest point belongs to.

    Slack wants a value for every label, so weeks without one are left out, and so is a limit that is not there. A
    stretch that has only begun may have no value at all, and no chart.
    """
    chart = charted.chart.tail(_MOST_POINTS)
    name = _(_NAMES[charted.key])
    times = 10 if chart.measure is Measure.SHARE else 1
    known = [i for i in range(chart.span.first, chart.span.last + 1) if chart.points[i].value is not None]
    if not known:
        return None
    labels = [chart.points[i].name for i in known]
    return {
        "type": "data_visualization",
        "title": _("{name} in every 10 notes").format(name=name) if times == 10 else name,
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": name,
                    "data": [{"label": x, "value": round(y * times, 2)} for x, y in zip(labels, line, strict=True)],
                }
                for name, line in _lines(chart, known)
            ],
            "axis_config": {"categories": labels},
        },
    }


def _lines(chart: Chart, known: Sequence[int]) -> Iterator[tuple[str, list[float]]]:
    """The lines that have a value at every one of these points."""
    span = chart.span
    lines = {
        _("Heard"): [chart.points[i].value for i in known],
        _("Centre"): [span.centre for _ in known],
        _("Upper limit"): [span.upper[i - span.first] if span.upper else None for i in known],
        _("Lower limit"): [span.lower[i - span.first] if span.lower else None for i in known],
    }
    for name, line in lines.items():
        whole = [value for value in line if value is not None]
        if len(whole) == len(known):
            yield name, whole
