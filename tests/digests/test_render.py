"""The words: the same in Slack, on a page and in a terminal; honest, kind, and never more than the data can carry."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from digests import material, render, speech, themes, wording
from digests.facts import Digest
from nlp.vocabulary import DemandKind, ImprovementKind, SystemCondition
from storage import units, workspaces
from storage.columns import Audience
from storage.database import Database
from tests import catalogue
from tests.digests.conftest import WEEK, Notebook

WILD = "<!channel> & <https://evil.example|free> @here *bold* `x` <script>alert(1)</script>\n> not a quote"


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Digest:
    """A rich week after fourteen ordinary ones. Digests are frozen, so all of these tests share one."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('digests') / 'groundswell.db'}")
    database.create()
    with database.transaction() as session:
        workspaces.join(session, "T0LARKMOOR", now=WEEK.start, timezone="Europe/London")
        units.set_purpose(session, workspaces.home_unit(session, "T0LARKMOOR"), "Keep people's homes safe & warm")
    told = _a_rich_week(Notebook(database, "T0LARKMOOR"))
    database.close()
    return told


def _a_rich_week(notebook: Notebook) -> Digest:
    for weeks_ago in range(1, 15):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    notebook.ordinary_week(WEEK)
    notebook.log("The lift talks to me at night", DemandKind.WRONG, theme="the lift talks", point="line 1")
    notebook.log("Do you lend ladders?", DemandKind.NEW, what_matters="not buying one for a single day")
    notebook.log("What time is the Derby train?", DemandKind.ELSEWHERE)
    notebook.log("Customer rang about the account", DemandKind.TOO_THIN)
    notebook.log("A manager signs every refund", ImprovementKind.BLOCKER, system_condition=SystemCondition.RULE)
    notebook.log("Text people when the part is in", ImprovementKind.IDEA)
    notebook.log("We stopped printing the rota", ImprovementKind.DONE)
    notebook.log("Retire the second form", ImprovementKind.STOP)
    notebook.log("New form upstairs, chaos downstairs", ImprovementKind.KNOCK_ON)
    for n in range(3):
        notebook.log(f"Asked {n} weeks ago", first_asked_on=WEEK.monday - timedelta(weeks=n))
    return notebook.digest(missed=("20 to 26 April 2026",))


def told(digest: Digest) -> dict[str, render.Section]:
    return {section.key: section for section in render.as_sections(digest).sections}


def test_managers_read_eleven_sections_in_order(digest: Digest) -> None:
    """Purpose first, honesty last; what asks for an hour's thought comes before what can wait."""
    assert list(told(digest)) == [
        "purpose", "words", "changed", "coming", "asked", "appreciate", "matters", "staff", "since", "hearing",
        "honesty",
    ]  # fmt: skip


@pytest.mark.parametrize("audience", list(Audience))
def test_all_three_components_are_in_every_digest(digest: Digest, audience: Audience) -> None:
    """Collect, assess, appreciate: each has a heading of its own, and the guide's version is at the foot."""
    sections = told(replace(digest, audience=audience))
    headings = " ".join(section.title for section in sections.values())
    assert all(component in headings for component in ("Collect", "Assess", "Appreciate"))
    assert "version test 1 of tagger and guide" in sections["honesty"].body


def test_the_three_factors_are_told_with_nothing_logged(notebook: Notebook) -> None:
    """That there were none is worth saying."""
    notebook.log("Can I book a visit?", DemandKind.START)
    assert told(notebook.digest())["coming"].body.count("none logged") == 3


def test_a_share_never_comes_without_its_numbers_its_verdict_and_the_caveat(digest: Digest) -> None:
    """So many of so many, what routine gives, which of four verdicts, and that people choose what they log."""
    body = told(digest)["changed"].body
    assert re.search(r"Failure demand:\* \d+ of \d+ classified notes", body)
    assert "No signal: same system as before." in body
    assert re.search(r"Routine alone gives anything (from \d+|up) to \d+", body)
    assert "People choose which contacts they log" in body
    assert "how much was logged, not how much was asked" in body


def test_what_is_asked_traces_to_notes_and_offers_help(digest: Digest) -> None:
    body = told(digest)["asked"].body
    [ask] = digest.asks
    assert "Rule or policy" in body
    assert f"Note {ask.notes[0]}" in body
    assert "together with the people who meet it" in body


def test_with_nothing_asked_that_is_said(notebook: Notebook) -> None:
    """Silence would leave Morgan wondering."""
    notebook.log("Any news?")
    assert "Nothing this week" in told(notebook.digest())["asked"].body


def test_missed_digests_are_said(digest: Digest) -> None:
    assert "20 to 26 April 2026 did not go out" in told(digest)["since"].body


def test_sections_with_nothing_in_them_are_dropped(notebook: Notebook) -> None:
    notebook.log("Any news?")
    sections = told(replace(notebook.digest(), audience=Audience.IMPROVEMENT))
    assert not {"done", "ideas", "stuck", "knock-on", "stopped", "settle", "first", "since"} & set(sections)


def test_improvement_reads_what_is_theirs(digest: Digest) -> None:
    """Done, ideas, stuck, knock-ons, what could be stopped: each where people look for it."""
    sections = told(replace(digest, audience=Audience.IMPROVEMENT))
    assert "We stopped printing the rota" in sections["done"].body
    assert "Text people when the part is in" in sections["ideas"].body
    assert "A manager signs every refund" in sections["stuck"].body
    assert "chaos downstairs" in sections["knock-on"].body
    assert "Retire the second form" in sections["stopped"].body
    assert "Looking for a home" in sections["coming"].body


@pytest.mark.parametrize("audience", list(Audience))
def test_no_word_of_ours_commands_ranks_or_measures_people(digest: Digest, audience: Audience) -> None:
    """No arrows, no percent, none of the words we do without. What customers say is theirs."""
    ours = replace(digest, audience=audience, quotes=(), purpose="")
    text = render.as_text(ours) + render.as_html(ours).split("</style>")[1]
    assert not catalogue.UNWELCOME.findall(text)


def test_the_templates_themselves_hold_none_of_those_words() -> None:
    """Every string that could ever be shown, not just this week's."""
    for path in sorted(wording.TEMPLATES.rglob("*.j2")):
        if path.name in {"page.html.j2", "picture.svg.j2"}:
            continue
        words = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        assert not catalogue.UNWELCOME.findall(words.replace('"measure or target"', "")), path.name


def test_every_question_has_its_turn() -> None:
    """As many as the lot draws from."""
    source = (wording.TEMPLATES / "shared" / "questions.j2").read_text()
    assert source.count('?"') == wording.QUESTIONS


def test_each_condition_has_an_offer_of_help() -> None:
    """No ask is left without words."""
    source = (wording.TEMPLATES / "shared" / "asks.j2").read_text()
    assert all(f'"{condition.value}": N_("Could you' in source for condition in SystemCondition)


def test_wild_words_are_harmless_in_every_voice(notebook: Notebook) -> None:
    """Mentions, links and scripts in a note, a theme, a purpose: shown, and dead."""
    notebook.log(WILD, theme=WILD, what_matters=WILD, point=WILD)
    for weeks_ago in range(1, 6):
        notebook.log("Any news?", week=WEEK.previous(weeks_ago), theme=WILD)
    notebook.log(WILD, ImprovementKind.BLOCKER, system_condition=SystemCondition.TOOL, theme=WILD)
    digest = replace(notebook.digest(), purpose=WILD, unit=WILD)
    for section in render.as_sections(digest).sections:
        assert "<" not in section.body
        assert "@here" not in section.body
        assert "://" not in section.body
        assert "&amp;lt;" not in section.body
    page = render.as_html(digest)
    assert "<script" not in page
    assert "&amp;lt;" not in page
    assert "&lt;script&gt;" in page


class Reader(HTMLParser):
    """Reads a page and remembers what it would fetch, and whether every tag is closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href"} & {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(digest: Digest) -> None:
    """One file that can be mailed: its charts inside it, nothing fetched, every tag closed."""
    page = render.as_html(digest)
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.fetched == []
    assert page.count("<svg") == len(digest.charts) == 3
    assert "url(" not in page


def test_json_holds_the_facts(digest: Digest) -> None:
    assert Digest.from_facts(json.loads(render.as_json(digest))) == digest


def test_told_again_from_its_facts_every_letter_is_the_same(digest: Digest) -> None:
    """On another day, from the record alone."""
    again = Digest.from_facts(json.loads(json.dumps(digest.facts())))
    assert render.as_text(again) == render.as_text(digest)
    assert render.as_html(again) == render.as_html(digest)
    assert render.as_sections(again) == render.as_sections(digest)


def test_each_part_can_say_why_it_is_there(digest: Digest) -> None:
    explained = render.explained(digest)
    assert explained.count("[Why: ") == len(told(digest))
    assert "at most three" in explained


@pytest.mark.parametrize("audience", list(Audience))
def test_why_a_theme_is_among_what_keeps_coming_is_said_as_it_is(digest: Digest, audience: Audience) -> None:
    """Three weeks of twelve are enough, and three of twelve is not most."""
    why = told(replace(digest, audience=audience))["coming"].why
    assert f"at least three of the last {material.LOOKING_BACK} weeks" in why
    assert (themes.KEEPS_COMING, themes.MOST_SHOWN) == (3, 3)


def test_a_quiet_month_has_one_short_section(digest: Digest) -> None:
    """No charts, no asks: just that we are still here."""
    still_here = render.as_sections(replace(digest, still_here=True))
    assert [section.key for section in still_here.sections] == ["still here"]
    assert "Nothing was logged in the last four weeks" in still_here.sections[0].body


def test_the_text_fits_a_terminal(digest: Digest) -> None:
    assert max(len(line) for line in render.as_text(digest).split("\n")) <= 100


def test_a_change_of_words_changes_their_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A digest knows with which words it was told."""
    before = wording.version(speech.ENGLISH)
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    (tmp_path / "a.j2").write_text("other words")
    monkeypatch.setattr(wording, "TEMPLATES", tmp_path)
    assert wording.version.__wrapped__(speech.ENGLISH) != before
