"""A chart can be looked at on a phone, printed, and read aloud."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as Xml
from dataclasses import replace

import pytest

from digests import pictures, series, speech, telling, verdicts
from digests.facts import Charted
from digests.periods import Week
from digests.verdicts import Measure, Point, Restart, Verdict
from nlp.vocabulary import DemandType
from storage.counts import WeekCount

STEADY = [20, 22, 19, 21, 18, 23, 20, 19, 22, 21, 18, 20]
SVG = "{http://www.w3.org/2000/svg}"


def charted(values: list[int | None], **options: object) -> Charted:
    points = [Point(f"w{i}", f"{i + 1} May", None if value is None else float(value)) for i, value in enumerate(values)]
    chart = verdicts.judge(Measure.COUNT, points, **options)  # type: ignore[arg-type]
    return Charted(key="notes logged", chart=chart)


def share(failing: list[int], of: int = 40) -> Charted:
    weeks = [Week.parse("2026-W01", "UTC").previous(-i) for i in range(len(failing))]
    counted = [
        WeekCount(notes=of, demand={DemandType.FAILURE: n, DemandType.VALUE: of - n}, taggers={"1": of})
        for n in failing
    ]
    return Charted(key="failure share", chart=series.failure_share(weeks, counted)[0])


def words_in(svg: str) -> str:
    return " ".join(text.text or "" for text in Xml.fromstring(svg).iter(f"{SVG}text"))


CHARTS = {
    "one dot": charted([5]),
    "dots": charted(STEADY[:4]),
    "provisional": charted(STEADY[:8]),
    "firm": charted(STEADY),
    "signals": charted([*STEADY, 60, *[25] * 8]),
    "missing": charted([*STEADY, None, 20]),
    "provisional and missing": charted([*STEADY[:8], None]),
    "restarted": charted([*STEADY, *[50] * 7], restarts=[Restart(12, "why")]),
    "nothing at all": charted([None, None]),
    "a share": share([18] * 14),
    "all of them": share([40] * 14),
    "huge": charted([50_000, 48_000, 51_000, 50_500, 49_000, 50_100]),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_inside_its_frame(name: str) -> None:
    """Well-formed, and no point or word outside the paper."""
    drawn = pictures.svg(CHARTS[name])
    paper = Xml.fromstring(drawn)
    width, height = (float(size) for size in paper.attrib["viewBox"].split()[2:])
    for element in paper.iter():
        for place, most in (("cx", width), ("cy", height), ("x", width), ("y", height)):
            if place in element.attrib:
                assert 0 <= float(element.attrib[place]) <= most
    assert "NaN" not in drawn
    assert "None" not in drawn


def test_signals_are_told_by_shape_and_by_word() -> None:
    """Without any colour one still sees which points stand out, by which rule, and what that rule says."""
    words = words_in(pictures.svg(CHARTS["signals"]))
    assert "Beyond: outside what routine explains" in words
    assert "Run: 8 or more on one side" in words
    steady = pictures.svg(CHARTS["firm"])
    assert "Beyond" not in words_in(steady)
    assert steady.count("<circle") == 12
    assert pictures.svg(CHARTS["signals"]).count("<circle") < 21


def test_limits_are_labelled_and_provisional_ones_say_so() -> None:
    assert "routine to" in words_in(pictures.svg(CHARTS["firm"]))
    assert "limits provisional" in words_in(pictures.svg(CHARTS["provisional"]))
    assert "routine to" not in words_in(pictures.svg(CHARTS["dots"]))
    assert "too early to say" in words_in(pictures.svg(CHARTS["dots"]))


def test_a_restart_keeps_the_old_limits_drawn() -> None:
    """Two stretches, two pairs of limits, and a line where it begins again."""
    drawn = pictures.svg(CHARTS["restarted"])
    assert "restart" in words_in(drawn)
    assert drawn.count("stroke-dasharray") >= 4


def test_a_restart_that_lies_before_the_picture_is_not_drawn_at_its_edge() -> None:
    """Where the chart shows its latest weeks alone, and began anew before them, there is no line to draw."""
    whole = charted([*STEADY, *STEADY, *STEADY], restarts=[Restart(12, "why")])
    assert "restart" in words_in(pictures.svg(whole))
    assert "restart" not in words_in(pictures.svg(replace(whole, chart=whole.chart.tail(20))))


def test_the_words_beside_a_picture_say_the_same() -> None:
    """Someone who does not see it learns the line, the limits and the verdict."""
    assert pictures.alt(CHARTS["firm"]) == (
        "Chart: notes logged, by week, 12 weeks to 12 May. "
        "Central line 20.2; routine reaches from 6.8 to 33.8. No signal."
    )
    passed = charted([*STEADY, 60, *STEADY[:11]])
    assert pictures.alt(passed).endswith("No signal. The last signal was in the week of 14 May.")
    assert pictures.alt(CHARTS["dots"]).endswith("Too early to say.")


@pytest.mark.parametrize("language", speech.LANGUAGES)
def test_no_word_runs_off_the_paper(language: str) -> None:
    """In any language, with numbers that a unit has. A letter of this font is about half as wide as it is high."""
    known = [
        *(chart for name, chart in CHARTS.items() if name != "huge"),
        replace(CHARTS["a share"], fortnights=True),
        replace(CHARTS["firm"], key="end-to-end days"),
    ]
    with speech.speaking(language):
        for text in (text for one in known for text in Xml.fromstring(pictures.svg(one)).iter(f"{SVG}text")):
            wide = 0.52 * float(text.get("font-size", "13")) * len(text.text or "")
            assert text.get("text-anchor") or float(text.get("x", "0")) + wide <= pictures.WIDTH, text.text


def test_shares_are_drawn_as_so_many_in_ten() -> None:
    """No percentages: of every ten classified notes, so many."""
    words = words_in(pictures.svg(CHARTS["a share"]))
    assert "in every 10 classified notes" in words
    assert "centre 4.5" in words
    assert "%" not in words


def test_the_png_has_words_in_it() -> None:
    """Without a font all text would vanish silently; so with words the picture must weigh more than without."""
    drawn = pictures.png(CHARTS["firm"], width=780)
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", drawn[16:24])
    assert (wide, high) == (780, round(780 * pictures.HEIGHT / pictures.WIDTH))
    bare = pictures.resvg_py.svg_to_bytes(
        svg_string=re.sub(r"<text.*?</text>", "", pictures.svg(CHARTS["firm"])), width=780, background="#ffffff"
    )
    assert len(drawn) > len(bare) + 2000


def test_numbers_in_a_row_say_what_the_picture_shows() -> None:
    told = telling.of(CHARTS["missing"])
    assert told.numbers.endswith("18, 20, none, 20")
    assert told.shown == "12 weeks"
    assert telling.of(share([18] * 14)).numbers.startswith("18 of 40, 18 of 40")


@pytest.mark.parametrize(
    ("chart", "verdict", "routine"),
    [
        (CHARTS["firm"], Verdict.NO_SIGNAL, "anything from 7 to 33"),
        (CHARTS["a share"], Verdict.NO_SIGNAL, "anything from 9 to 27"),
        (charted([1, 0, 2, 1, 0, 1, 2]), Verdict.NO_SIGNAL, "anything up to 4"),
        (CHARTS["all of them"], Verdict.NO_SIGNAL, ""),
        (CHARTS["dots"], Verdict.TOO_EARLY, ""),
    ],
)
def test_routine_is_told_in_notes(chart: Charted, verdict: Verdict, routine: str) -> None:
    """Not a share of a share: with this many notes, from so many to so many."""
    told = telling.of(chart)
    assert (told.verdict, told.routine) == (verdict, routine)


def test_each_signal_is_told_in_a_clause() -> None:
    """Which points, on which side, by which rule."""
    run = telling.of(charted([*STEADY, *[23] * 8]))
    assert run.signals == ("8 weeks in a row lie above the central line (Run: 8 or more)",)
    assert run.since == "the week of 13 May"
    beyond = telling.of(charted([*STEADY, 60]))
    assert beyond.signals == (
        "this week lies above what routine explains (Beyond)",
        "the step from the week before is larger than routine makes (Beyond)",
    )
    near = telling.of(charted([*STEADY, 28, 28, 20, 28]))
    assert near.signals == ("three of the last four weeks lie nearer the upper limit than the central line (Near)",)
    fortnights = telling.of(replace(charted([*STEADY, 1]), fortnights=True))
    assert fortnights.signals[0] == "this fortnight lies below what routine explains (Beyond)"
