"""Blocks that came later, and are not to be had everywhere: tables, alerts, cards, charts."""

from __future__ import annotations

from typing import Any

from bot.playground.elements import BLOCK, ELEMENTS, TYPE, text
from bot.playground.shapes import (
    Check,
    Findings,
    Shape,
    anything,
    at_least_one,
    by_type,
    find,
    listing,
    number,
    one_of,
    string,
)

ROW = listing(by_type(dict.fromkeys(("rich_text", "raw_text", "raw_number"), anything)), 20)
CARD = Shape(
    TYPE,
    {
        **BLOCK,
        "hero_image": by_type(ELEMENTS, {"image"}),
        "icon": by_type(ELEMENTS, {"image"}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": listing(by_type(ELEMENTS, {"button"}), 3),
    },
    (at_least_one("hero_image", "title", "body", "actions"),),
)

POINT = Shape({"label": string(20), "value": number})
SERIES = Shape({"name": string(20), "data": listing(POINT, 20)})
AXES = Shape({"categories": listing(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})


def _slices_are_positive(chart: Any, at: str, findings: Findings) -> None:
    for index, segment in enumerate(chart["segments"]):
        if segment["value"] <= 0:
            find(findings, "must be more than 0", f"{at}/segments/{index}/value")


def _series_meet_the_axis(chart: Any, at: str, findings: Findings) -> None:
    """Every series has a name of its own, and exactly one point for every category."""
    axes, series = chart["axis_config"], chart["series"]
    categories = axes["categories"]
    if len(set(categories)) != len(categories):
        find(findings, "categories must be unique", f"{at}/axis_config/categories")
    if len({one["name"] for one in series}) != len(series):
        find(findings, "names must be unique", f"{at}/series")
    for index, one in enumerate(series):
        if sorted(point["label"] for point in one["data"]) != sorted(categories):
            find(findings, "must have exactly one point for every category", f"{at}/series/{index}/data")


AXIS_CHART = Shape({**TYPE, "series": listing(SERIES, 12), "axis_config": AXES}, also=(_series_meet_the_axis,))
CHARTS: dict[str, Check] = {
    "pie": Shape({**TYPE, "segments": listing(POINT, 12)}, also=(_slices_are_positive,)),
    **dict.fromkeys(("bar", "area", "line"), AXIS_CHART),
}

NEWER_BLOCKS: dict[str, Check] = {
    "table": Shape({**TYPE, "rows": listing(ROW, 100)}, {**BLOCK, "column_settings": listing(anything, 20)}),
    "alert": Shape(
        {**TYPE, "text": text(200)}, {**BLOCK, "level": one_of("default", "info", "warning", "error", "success")}
    ),
    "card": CARD,
    "carousel": Shape({**TYPE, "elements": listing(by_type({"card": CARD}), 10)}, BLOCK),
    "data_visualization": Shape({**TYPE, "title": string(50), "chart": by_type(CHARTS)}, BLOCK),
}
