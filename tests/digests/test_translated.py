"""A digest is told in its workspace's language, every word of ours in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import digest_card
from digests import render, series, speech, wording
from digests.facts import (
    Ask,
    Charted,
    Digest,
    Factor,
    Group,
    Heard,
    Hearing,
    KnockOn,
    Quote,
    Staff,
    Theme,
    Unsettled,
)
from digests.quotes import Rule, Unquoted
from digests.verdicts import Changed, Chart
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, SystemCondition, SystemFactor
from storage import units, workspaces
from storage.columns import Audience
from storage.counts import WeekCount
from tests import catalogue
from tests.digests.conftest import WEEK, Notebook
from tests.pretending import PRETENDED, pretended, untranslated

WEEKS = [WEEK.previous(20 - n) for n in range(21)]
CODE = {f"digests/{name}.py" for name in ("pictures", "quotes", "render", "rules", "series", "telling", "verdicts")}
"""Where a digest's sentences stand beside the templates."""
CHANGED = Changed(words="Άλλαξε", day="1 5月 2026", change_id=7)
CHANGED_TOO = Changed(words="Και αυτό", day="2 5月 2026", change_id=8)
STEADY = [18, 20, 17, 19, 21, 18, 20, 19, 17, 21, 18, 20]


def share(failing: list[int], *, of: int = 40, lenses: str = "", fortnights: bool = False) -> Charted:
    """A chart of the failure share; `lenses` has the version that tagged each week, or ½ for two of them."""
    counted = [
        WeekCount(
            notes=of,
            demand={DemandType.FAILURE: n, DemandType.VALUE: of - n},
            taggers={"1": 20, "2": 20} if lens == "½" else {lens: of},
        )
        for n, lens in zip(failing, lenses or "1" * len(failing), strict=True)
    ]
    if failing[-1] < 4:
        few = {DemandType.FAILURE: failing[-1]} if failing[-1] else {}
        counted[-1] = WeekCount(notes=4, demand=few, taggers={"1": 4})
    chart, _ = series.failure_share(WEEKS[: len(failing)], counted)
    return Charted(key="failure share", chart=chart, fortnights=fortnights)


def days(*by_week: list[int]) -> Charted:
    """A chart of waits: the days of each week's notes."""
    chart = series.waits(WEEKS[: len(by_week)], dict(enumerate(by_week)))
    assert chart is not None
    return Charted(key="end-to-end days", chart=chart)


def logged(*values: int) -> Charted:
    counted = [WeekCount(notes=n) for n in values]
    return Charted(key="notes logged", chart=series.notes_logged(WEEKS[: len(values)], counted))


def charts() -> tuple[Charted, ...]:
    """One of each sort of verdict, by the week and by the fortnight."""
    by_the_week = [
        share(STEADY),
        share(STEADY[:7]),
        share([*STEADY, *[26] * 8]),
        share([*STEADY, 38]),
        share([*STEADY, 2]),
        share([*STEADY, 4]),
        share([*STEADY, 4, 20]),
        share([*STEADY, *[16] * 8]),
        share([*STEADY, 27, 27, 18, 27]),
        share([*STEADY, 12, 12, 20, 12]),
        share([40] * 14),
        share([*[40] * 13, 39]),
        share([*STEADY, 18, 19], lenses="1" * 12 + "22"),
        share([*STEADY, 18], lenses="1" * 12 + "½"),
        share(STEADY[:3]),
    ]
    return (
        *by_the_week,
        *(replace(charted, fortnights=True) for charted in by_the_week),
        replace(share([*STEADY, *[26] * 9]), told_before=True, near=(CHANGED,)),
        share([*STEADY, *STEADY[:7]], lenses="1" * 12 + "2" * 7),
        share([0]),
        days([3, 4, 3, 4], [2, 3, 4]),
        days(*[[2, 3, 4]] * 7, [5]),
        days(*[[2, 3, 4]] * 7, []),
        logged(*STEADY),
        logged(*STEADY, 60),
        replace(logged(*STEADY, 60), fortnights=True),
        logged(20, 0),
        logged(1, 2, 1, 3, 1, 2, 1),
    )


def begun_anew_by_days(*why: Changed) -> Chart:
    """The chart of a theme that is heard every ten days, begun anew three weeks ago."""
    heard_on = [WEEK.monday - timedelta(days=10 * ago) for ago in range(20, -1, -1)]
    chart = series.theme_by_days(heard_on, anew={WEEK.previous(3): why})
    assert chart is not None
    return chart


def late_by_days() -> Chart:
    """The chart of a rare theme that nobody had heard for most of a year."""
    chart = series.theme_by_days([*(WEEK.monday - timedelta(days=300 + 10 * ago) for ago in range(14)), WEEK.monday])
    assert chart is not None
    return chart


def quote(**told: Any) -> Quote:
    return Quote(**{"note": 41, "words": "Πού είναι;", "kind": DemandKind.CHASE.value, "rule": Rule.LOT, **told})


def theme(**told: Any) -> Theme:
    known = {"name": "θέμα", "weeks_seen": 4, "of_weeks": 12, "points": 2, "notes": 9, "this_week": 3}
    return Theme(**{**known, **told})


def rich() -> Digest:
    """Everything that there can be to say, in one digest."""
    some = Group(quotes=(quote(), quote(theme="θέμα", cut=True), quote(words="", kind="", taken_back=True)), more=3)
    leapt = share([*STEADY, 38]).chart
    return Digest(
        workspace="T0LARKMOOR",
        unit="Δήμος",
        purpose="Ζεστά σπίτια",
        audience=Audience.MANAGERS,
        week=WEEK.name,
        zone=WEEK.zone,
        label=WEEK.label,
        so_far=True,
        heard=Heard(
            notes=20, demands=15, improvement=5, untagged=2, points=3, points_known=5, confirmed=4, value=6, failure=6,
            opportunity=1, external=1, too_thin=1, no_ask=0, urgent=1, silent=("Α", "Β"), private=2,
        ),
        quotes=tuple(quote(rule=rule, theme="θέμα", what_matters="Σήμερα") for rule in Rule),
        charts=charts(),
        charts_looked_at=5,
        themes=(
            theme(days_waited=3.5, conditions=tuple(SystemCondition)[:2], chart=leapt),
            theme(this_week=0, points=0),
            theme(chart=share([*STEADY, *STEADY[:3]], lenses="1" * 12 + "2" * 3).chart),
            theme(chart=begun_anew_by_days(CHANGED, CHANGED_TOO)),
            theme(chart=begun_anew_by_days(replace(CHANGED, words="", taken_back=True))),
            theme(chart=late_by_days()),
        ),
        growing=(theme(growing_since=WEEK.label), theme(growing_since=WEEK.label, points=0)),
        factors=tuple(Factor(factor=factor, notes=(4, 9), count=n) for n, factor in enumerate(SystemFactor)),
        chases=4,
        first_time=some,
        what_matters=Group(quotes=(quote(what_matters="Σήμερα"),), more=2),
        opportunities=some,
        value_themes=(("θέμα", 4), ("σπίτι", 2)),
        staff=Staff(done=some, ideas=some, blockers=some, stops=some, knock_ons=some, older_blockers=(3, 7)),
        asks=(
            *(Ask(condition=c, quote=quote(), notes=(4, 9), count=5, weeks=2, points=2) for c in SystemCondition),
            Ask(condition=SystemCondition.RULE, quote=quote(), notes=(4,), count=1, weeks=1, points=0),
            Ask(
                condition=SystemCondition.TOOL, quote=quote(), notes=(4,), count=1, weeks=1, points=1,
                last_named=WEEK.label,
            ),
        ),
        unsettled=(Unsettled(quote=quote(), readings=(DemandKind.CHASE.value, DemandKind.NOT_OURS.value)),),
        question=0,
        lenses=("1", "2"),
        templates="0",
        language=speech.spoken(),
        missed=(WEEK.previous(2).label, WEEK.previous().label),
        changes=(CHANGED, replace(CHANGED, words="", taken_back=True)),
        elsewhere=(replace(CHANGED, unit="Ρ"),),
        knock_ons=(
            KnockOn(about="θέμα", since=WEEK.label, change=replace(CHANGED, unit="Ρ")),
            KnockOn(about="", since=WEEK.label, change=replace(CHANGED, unit="Ρ"), told_before=True),
        ),
        number=12,
    )  # fmt: skip


def bare(digest: Digest) -> Digest:
    """The other way round: what is said when there is little to say."""
    return replace(
        digest,
        unit="Everyone",
        purpose="",
        so_far=False,
        heard=replace(digest.heard, untagged=0, confirmed=0, points=0, silent=(), value=3),
        quotes=(quote(cut=True),),
        charts_looked_at=0,
        themes=(),
        value_themes=(),
        asks=(),
        lenses=(),
    )


def digests() -> Iterator[Digest]:
    """Digests that say, between them, everything that templates can say."""
    full = rich()
    yield full
    full = replace(full, charts=())
    yield from (replace(full, audience=Audience.IMPROVEMENT), bare(full))
    yield from (replace(full, question=n) for n in range(1, wording.QUESTIONS))
    untold = replace(full, quotes=(), asks=(), so_far=False)
    yield replace(untold, asks_unquoted=Unquoted(private=2, urgent=1))
    yield replace(untold, heard=replace(full.heard, value=0, failure=0, opportunity=0, external=0))
    yield replace(full, still_here=True)
    mixed = Hearing(
        weeks=4, notes=40, settled=9, stood=2, mixed=(("advise", "chase", 3),), unknown=2, hardly_sure=1, set_aside=True
    )
    yield from (replace(full, hearing=replace(mixed, settled=n)) for n in (0, 2, 9))


def readable(digest: Digest) -> str:
    """All that people may read of a digest, wherever they read it."""
    page = render.as_html(replace(digest, unit="Δήμος"))
    shown = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    spoken_aloud = " ".join(re.findall(r'aria-label="([^"]*)"', shown))
    return "\n".join([render.explained(digest), re.sub(r"<[^>]+>", " ", shown), spoken_aloud, *in_slack(digest)])


def in_slack(digest: Digest) -> Iterator[str]:
    """The words of a digest's message and of its thread."""

    def words(part: Any, key: str = "") -> Iterator[str]:
        if isinstance(part, dict):
            for name, value in part.items():
                yield from words(value, name)
        elif isinstance(part, list):
            for value in part:
                yield from words(value, key)
        elif isinstance(part, str) and key not in {"type", "svg"}:
            yield part

    yield from words(digest_card.build(digest))


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[str, set[str]]]:
    """Everything of these digests in the pretended language, and the sentences that were said."""
    with pretended() as said, speech.speaking(PRETENDED):
        yield "\n".join(readable(digest) for digest in digests()), said


def test_no_word_of_a_digest_stays_in_english(told: tuple[str, set[str]]) -> None:
    """In Slack, on a page, in a terminal and read aloud; dates and decimals too."""
    assert untranslated(told[0]) == []
    assert "5月" in told[0]


def test_every_sentence_of_a_digest_was_looked_at(told: tuple[str, set[str]]) -> None:
    """Or the test above would pass over what these digests happen not to say."""
    known = [sentence for where, sentence in catalogue.in_templates() if "/study/" not in where]
    known += [sentence for where, sentence in catalogue.in_code("digests") if where in CODE]
    assert {sentence if isinstance(sentence, str) else sentence[0] for sentence in known} - told[1] == set()


def test_a_workspace_that_speaks_another_language_gets_its_digest_in_it(notebook: Notebook) -> None:
    """From the first count to the last label; and it is told again in that language after the workspace chose anew."""
    with pretended():
        with notebook.database.transaction() as session:
            units.set_purpose(session, workspaces.home_unit(session, notebook.workspace), "Ζεστά σπίτια")
            workspaces.set_language(session, notebook.workspace, PRETENDED)
        for weeks_ago in range(14):
            week = WEEK.previous(weeks_ago)
            for n in range(3):
                notebook.log(f"Πού είναι {n};", week=week, theme="πού είναι", point="γραμμή", tagger="1")
            notebook.log("Θέλω", DemandKind.START, week=week, tagger="1")
        notebook.log("Κανόνας", ImprovementKind.BLOCKER, system_condition=SystemCondition.RULE, tagger="1")
        notebook.log("Πότε;", first_asked_on=WEEK.monday - timedelta(days=9), tagger="1")
        digest = replace(notebook.digest(), unit="Δήμος", templates="0")
        before = readable(digest)
        assert untranslated(before) == []
        with notebook.database.transaction() as session:
            workspaces.set_language(session, notebook.workspace, speech.ENGLISH)
        assert readable(Digest.from_facts(json.loads(json.dumps(digest.facts())))) == before


def test_a_digest_from_before_there_were_languages_is_told_in_english() -> None:
    """As it was when it went out."""
    facts = rich().facts()
    del facts["language"]
    assert Digest.from_facts(facts).language == speech.ENGLISH


def test_each_language_has_a_version_of_its_words(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A better translation is told as such, and English digests do not hear of it."""
    monkeypatch.setattr(speech, "CATALOGUE", tmp_path)
    english, before = wording.version.__wrapped__("en"), wording.version.__wrapped__("fr")
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "groundswell.mo").write_bytes(b"better")
    assert wording.version.__wrapped__("fr") != before
    assert wording.version.__wrapped__("en") == english
