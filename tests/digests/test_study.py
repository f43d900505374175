"""A study finds what was put into a file, and nothing where nothing was put.

The files are simulated with fixed seeds and carry their labels, so that what is tested is the finding alone.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np
import pytest

from bot.story.generator import poisson
from digests.study import compose, material, signals, telling
from digests.study.facts import Signal, SignalType, Study
from digests.study.material import StudyNote
from digests.verdicts import Verdict
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, Kind

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
POINTS = ("front desk", "phones", "web chat", "visits")
FAILURE = [f"failing {n}" for n in range(9)]
VALUE = [f"wanting {n}" for n in range(9)]
HARMONIC = [1 / n for n in range(1, 10)]
STAFF: list[Kind] = [ImprovementKind.DONE, ImprovementKind.IDEA, ImprovementKind.BLOCKER, ImprovementKind.IDEA]

Extra = Callable[[random.Random, int], Sequence[StudyNote]]


def said(chance: random.Random, week: int, kind: Kind, theme: str | None, *, point: str = "") -> StudyNote:
    """A note of this week, not numbered yet."""
    moment = START + timedelta(weeks=week, days=chance.randrange(5), minutes=chance.randrange(400))
    improvement = isinstance(kind, ImprovementKind)
    where = point or chance.choice(POINTS)
    return StudyNote(
        id="",
        heard_at=moment,
        words=f"{theme or 'a word'}",
        kind=kind,
        theme=theme,
        point=where,
        improvement=improvement,
    )


def ordinary(chance: random.Random, week: int, *, notes: float, failure: float) -> list[StudyNote]:
    """An ordinary week: failure, value, a few wishes, some that belong elsewhere, some too thin; and staff's own."""
    heard = []
    for _ in range(poisson(chance, notes * chance.lognormvariate(0, 0.15))):
        place = chance.random()
        if chance.random() < 0.06:
            heard.append(said(chance, week, DemandKind.TOO_THIN, None))
        elif chance.random() < failure:
            heard.append(said(chance, week, DemandKind.CHASE, chance.choices(FAILURE, HARMONIC)[0]))
        elif place < 0.85:
            heard.append(said(chance, week, DemandKind.CHANGE, chance.choices(VALUE, HARMONIC)[0]))
        else:
            heard.append(said(chance, week, DemandKind.NEW if place < 0.95 else DemandKind.ELSEWHERE, None))
    return heard + [said(chance, week, chance.choice(STAFF), None) for _ in range(poisson(chance, 0.8))]


def nothing(chance: random.Random, week: int) -> list[StudyNote]:
    return []


def file_of(
    seed: int,
    *,
    weeks: int = 26,
    notes: float | Sequence[float] = 40,
    failure: float | Sequence[float] = 0.45,
    extra: Extra = nothing,
    order: Sequence[int] | None = None,
) -> list[StudyNote]:
    """A file of simulated notes; `order` gives each of its weeks another place."""
    chance = random.Random(seed)
    often = [notes] * weeks if isinstance(notes, int | float) else notes
    share = [failure] * weeks if isinstance(failure, int | float) else failure
    found = chain.from_iterable(
        [*ordinary(chance, week, notes=often[week], failure=share[week]), *extra(chance, week)] for week in range(weeks)
    )
    shuffled = [moved(note, order) for note in found]
    return [replaced(note, f"n{number}") for number, note in enumerate(shuffled)]


def moved(note: StudyNote, order: Sequence[int] | None) -> StudyNote:
    if order is None:
        return note
    days = (note.heard_at - START).days
    return replaced(note, "", heard_at=note.heard_at + timedelta(weeks=order[days // 7] - days // 7))


def replaced(note: StudyNote, name: str, *, heard_at: datetime | None = None) -> StudyNote:
    return StudyNote(
        id=name,
        heard_at=heard_at or note.heard_at,
        words=note.words,
        kind=note.kind,
        improvement=note.improvement,
        point=note.point,
        theme=note.theme,
    )


def found(notes: Sequence[StudyNote]) -> tuple[Signal, ...]:
    labels = {note.theme: note.theme for note in notes if note.theme}
    return signals.find(material.gather(notes, zone="UTC", labels=labels)).signals


def often(files: int, make: Callable[[int], list[StudyNote]]) -> Counter[SignalType | str]:
    """In how many of these files each type of signal is found, and in how many any is."""
    counted: Counter[SignalType | str] = Counter()
    for seed in range(files):
        types = {signal.type for signal in found(make(seed))}
        counted.update(types)
        counted["any"] += bool(types)
    return counted


def weeks_of(kind: SignalType, files: int, make: Callable[[int], list[StudyNote]]) -> list[int | None]:
    """The week in which each file's first signal of this type began; none where it was missed."""
    first = [[signal.week for signal in found(make(seed)) if signal.type is kind] for seed in range(files)]
    return [weeks[0] if weeks else None for weeks in first]


def near(weeks: Sequence[int | None], week: int) -> int:
    return sum(at is not None and abs(at - week) <= 2 for at in weeks)


def any_length(seed: int) -> list[StudyNote]:
    chance = random.Random(f"file {seed}")
    return file_of(seed, weeks=chance.randint(12, 52), notes=chance.uniform(20, 80), failure=chance.uniform(0.3, 0.65))


def test_files_in_which_nothing_changes_hardly_ever_show_a_signal() -> None:
    """Of 120 steady files of 12 to 52 weeks, with 20 to 80 notes a week, one in twenty may show anything at all."""
    assert often(120, any_length)["any"] <= 6


def test_one_loud_week_is_no_signal() -> None:
    """A burst of one thing, old or new, that leaves nothing behind."""

    def burst(chance: random.Random, week: int) -> list[StudyNote]:
        many = poisson(chance, 18) if week == 15 else poisson(chance, 0.1) if week > 15 else 0
        return [said(chance, week, DemandKind.WRONG, "the burst main") for _ in range(many)]

    assert often(40, lambda seed: file_of(seed, extra=burst))["any"] <= 3


@pytest.mark.parametrize(
    "notes", [[40.0] * 13 + [80.0] * 13, [30 + 2 * week for week in range(26)]], ids=["a step", "a drift"]
)
def test_more_of_everything_in_the_same_mix_is_no_signal(notes: list[float]) -> None:
    """Notes logged measure how much people wrote down."""
    assert often(40, lambda seed: file_of(seed, notes=notes))["any"] <= 3


def test_missing_weeks_are_no_signal() -> None:
    def with_gaps(seed: int) -> list[StudyNote]:
        return [note for note in file_of(seed) if (note.heard_at - START).days // 7 not in (4, 5, 13)]

    assert often(40, with_gaps)["any"] <= 3


@pytest.mark.parametrize("weeks", [1, 3, 7, 11])
def test_a_short_file_says_nothing(weeks: int) -> None:
    """Below 12 weeks it is too early to say, whatever the weeks look like."""
    rising = [0.2 + 0.06 * week for week in range(weeks)]
    assert often(20, lambda seed: file_of(seed, weeks=weeks, notes=12, failure=rising))["any"] == 0


@pytest.mark.parametrize(("before", "after"), [(0.45, 0.62), (0.62, 0.45)], ids=["up", "down"])
def test_a_lasting_shift_of_the_failure_share_is_found_with_its_week(before: float, after: float) -> None:
    """From week 12 of 26, at 40 notes a week; down is as interesting as up."""
    share = [before] * 11 + [after] * 15
    assert near(weeks_of(SignalType.FAILURE_SHIFT, 40, lambda seed: file_of(seed, failure=share)), 12) >= 32


def test_there_and_back_again_are_two_shifts() -> None:
    """After a shift the baseline begins anew."""
    share = [0.4] * 12 + [0.7] * 12 + [0.4] * 12
    both = [[s.week for s in found(file_of(seed, weeks=36, failure=share))] for seed in range(20)]
    assert sum(len(weeks) == 2 and abs(weeks[0] - 13) <= 2 and abs(weeks[1] - 25) <= 2 for weeks in both) >= 15


def new_from(week_of_first: int) -> Extra:
    def coming(chance: random.Random, week: int) -> list[StudyNote]:
        many = poisson(chance, 3) if week >= week_of_first - 1 else 0
        return [said(chance, week, DemandKind.BLOCKED, "it wants a code") for _ in range(many)]

    return coming


def test_a_new_theme_that_keeps_coming_is_found_with_its_week() -> None:
    """Three notes a week from week 14 on."""
    weeks = weeks_of(SignalType.NOVEL_THEME, 30, lambda seed: file_of(seed, extra=new_from(14)))
    assert near(weeks, 14) >= 27


def test_a_new_name_for_an_old_thing_is_no_news() -> None:
    """One theme goes quiet as another of its type begins at its pace."""

    def renamed(chance: random.Random, week: int) -> list[StudyNote]:
        theme = "the engineer's slot" if week >= 13 else "the repair day"
        return [said(chance, week, DemandKind.CHASE, theme) for _ in range(poisson(chance, 3))]

    assert often(30, lambda seed: file_of(seed, extra=renamed))[SignalType.NOVEL_THEME] == 0


def with_meanings(notes: Sequence[StudyNote], likeness: float) -> material.Material:
    """The same notes with vectors: "it wants a code" is as like "failing 0" as told, all else is unlike the rest."""
    chance = np.random.default_rng(1)
    names = sorted({note.theme or "" for note in notes})
    axes = {name: axis for axis, name in enumerate(names)}
    vectors = chance.normal(0, 0.05, (len(notes), len(names) + 1)).astype(np.float32)
    for place, note in enumerate(notes):
        vectors[place, axes[note.theme or ""]] += 1
        if note.theme == "it wants a code":
            vectors[place, axes["failing 0"]] += likeness * 10
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return material.gather(notes, zone="UTC", labels={name: name for name in names}, vectors=vectors)


def test_a_theme_whose_like_was_heard_all_along_is_no_news() -> None:
    """Themes can fall in two for no reason but wording; notes as like it as its own came before."""
    notes = file_of(1, extra=new_from(14))
    types = [{signal.type for signal in signals.find(with_meanings(notes, like)).signals} for like in (0.0, 1.0)]
    assert SignalType.NOVEL_THEME in types[0]
    assert SignalType.NOVEL_THEME not in types[1]


def landing(chance: random.Random, week: int) -> list[StudyNote]:
    """Week 13: lettings change their system. From week 14 on, the front desk hears more and more of one old thing."""
    change = [said(chance, week, ImprovementKind.DONE, None, point="lettings")] if week == 12 else []
    more = poisson(chance, 5) if week >= 13 else 0
    return [*change, *(said(chance, week, DemandKind.CHASE, "failing 3", point="front desk") for _ in range(more))]


def test_a_rise_elsewhere_after_a_recorded_change_may_be_a_knock_on() -> None:
    weeks = weeks_of(SignalType.KNOCK_ON, 30, lambda seed: file_of(seed, extra=landing))
    assert near(weeks, 14) >= 25


def test_with_its_weeks_shuffled_the_same_file_shows_no_knock_on() -> None:
    """What lasted no longer lasts, so nothing may be said, whatever changes were recorded."""

    def shuffled(seed: int) -> list[StudyNote]:
        order = random.Random(f"order {seed}").sample(range(26), 26)
        return file_of(seed, extra=landing, order=order)

    assert often(40, shuffled)[SignalType.KNOCK_ON] <= 2


def test_a_knock_on_names_both_sides_and_blames_nobody() -> None:
    """The note of the change and the notes that rose are both in the evidence, and no cause is claimed."""
    notes = file_of(4, extra=landing)
    [signal] = [signal for signal in found(notes) if signal.type is SignalType.KNOCK_ON]
    laid_out = material.gather(notes, zone="UTC", labels={})
    shown = [laid_out.notes[place] for place in signal.evidence]
    assert {note.improvement for note in shown} == {True, False}
    assert "may be a knock-on: talk to each other" in signal.says
    assert "caus" not in signal.says


def studied(notes: Sequence[StudyNote]) -> Study:
    labels = {note.theme: note.theme for note in notes if note.theme}
    laid_out = material.gather(notes, zone="UTC", labels=labels)
    return compose.study(laid_out, name="voices.csv", purpose="Homes that stay warm.", tagger="guide-1 test")


def test_the_json_has_every_week_theme_and_signal() -> None:
    """And no verbatim: ids alone."""
    facts = json.loads(telling.as_json(studied(file_of(2, extra=new_from(14)))))
    assert [week["week"] for week in facts["weeks"]] == list(range(1, 27))
    assert facts["weeks"][0]["name"] == "2026-W02"
    assert set(facts["weeks"][0]["types"]) == {kind.value for kind in DemandType}
    assert facts["types"] == [week["types"] for week in facts["weeks"]]
    assert all(set(theme) == {"label", "ids", "first_week", "weeks_seen"} for theme in facts["themes"])
    [new] = [signal for signal in facts["signals"] if signal["type"] == "novel_theme"]
    theme = next(theme for theme in facts["themes"] if theme["label"] == "it wants a code")
    assert new["week"] == theme["first_week"] == 14
    assert set(new["evidence_ids"]) <= set(theme["ids"])


def test_the_same_file_gives_the_same_page() -> None:
    """Quotations are drawn by a lot that stays the same."""
    notes = file_of(3)
    assert telling.as_html(studied(notes)) == telling.as_html(studied(list(reversed(notes))))


def test_the_page_shows_what_was_found_and_stands_alone() -> None:
    page = telling.as_html(studied(file_of(2, extra=new_from(14))))
    assert "New, and it keeps coming: “it wants a code”" in page
    assert page.count("<svg") >= 4
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_what_customers_wrote_cannot_become_part_of_the_page() -> None:
    notes = [replaced(note, f"n{n}") for n, note in enumerate(file_of(1, weeks=2))]
    wild = StudyNote(id="x", heard_at=START, words="<script>alert(1)</script>", kind=DemandKind.NEW)
    assert "<script" not in telling.as_html(studied([*notes, wild]))


def test_an_urgent_note_is_named_and_never_quoted() -> None:
    """It had to go another way, and at once."""
    urgent = StudyNote(id="look-1", heard_at=START, words="gas smell now", kind=DemandKind.WRONG, urgent=True)
    page = telling.as_html(studied([urgent]))
    assert "look-1" in page
    assert "gas smell" not in page


def test_every_urgent_note_is_named_however_many_there_are() -> None:
    """On the page and in the JSON, or someone at risk would be overlooked."""
    names = [f"look-{n:02}" for n in range(40)]
    urgent = [StudyNote(id=name, heard_at=START, words="gas", kind=DemandKind.WRONG, urgent=True) for name in names]
    calm = StudyNote(id="calm", heard_at=START, words="Any news?", kind=DemandKind.CHASE)
    made = studied([*urgent, calm])
    page = telling.as_html(made)
    assert [name for name in names if name not in page] == []
    assert json.loads(telling.as_json(made))["urgent"] == names


def test_a_single_note_makes_a_page() -> None:
    one = studied([StudyNote(id="1", heard_at=START, words="Any news?", kind=DemandKind.CHASE)])
    assert "Too early to say" in telling.headline(one)
    assert "Any news?" in telling.as_html(one)


def test_a_lone_date_half_a_year_away_is_a_slip() -> None:
    """It would stretch the file by empty years; what comes in numbers stands."""
    moments = [START + timedelta(days=day) for day in range(100)]
    assert material.strays([*moments, START.replace(year=1926)], zone="UTC") == {100}
    assert material.strays([*moments, *(at.replace(year=2030) for at in moments)], zone="UTC") == set()
    assert material.strays([START, START.replace(year=2030)], zone="UTC") == set()


def test_a_file_cut_off_on_a_monday_shows_no_fall_in_what_was_logged() -> None:
    """Half a week is no week: the chart of notes logged ends with the last whole one."""
    notes = [note for note in file_of(7, weeks=20) if note.heard_at < START + timedelta(weeks=19, days=1)]
    _, logged = studied(notes).charts
    assert logged.chart.latest.name == "2026-W20"
    assert logged.chart.verdict is Verdict.NO_SIGNAL
    _, whole = studied(file_of(7, weeks=20)).charts
    assert (whole.chart.points[0].name, whole.chart.latest.name) == ("2026-W02", "2026-W21")


def test_what_mattered_to_several_in_the_same_words_is_shown_once() -> None:
    mattered = ["not losing a day's pay"] * 4 + ["that it lasts"]
    notes = [
        StudyNote(id=str(n), heard_at=START, words=f"Can I come {n}?", kind=DemandKind.START, what_matters=one)
        for n, one in enumerate(mattered)
    ]
    shown = studied(notes).what_matters
    assert sorted(quote.what_matters for quote in shown.quotes) == ["not losing a day's pay", "that it lasts"]
    assert shown.count == 5
