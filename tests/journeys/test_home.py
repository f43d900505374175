"""The Home tab: one person's own place, drawn anew with everything they do there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import House
from bot.blocks import digest_card
from bot.company import Company
from bot.conversations.helping import Helping
from bot.conversations.home import Home as HomeStory
from bot.conversations.noting import Noting
from bot.doorkeeper import Doorkeeper
from bot.notebook import Notebook
from bot.places import Places
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from digests import send
from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, NoteType
from storage import contributors, notes, schedules, tags, workspaces
from storage.columns import Audience, TagSource
from storage.models import Contributor, Note, Tag
from tests import make
from tests.conftest import HILLCREST, LARKMOOR

Sees = Callable[..., Message]
Home = Callable[..., View]
ASHA = "U0ASHA00001"


def home_of(house: House) -> HomeStory:
    """The tab as it would be drawn, without a Slack to draw it in."""
    notebook, clock = Notebook(house.logbook, house.logbook.clock), house.logbook.clock
    client_of = house.connection.patient_client
    doorkeeper = Doorkeeper(Company(client_of, clock), Places(client_of, clock), house.logbook)
    noting = Noting(house.logbook, doorkeeper, house.messenger.wake, {})
    return HomeStory(house.logbook, notebook, noting, Helping(""))


def many(house: House, words: str, how_many: int, *, until: datetime) -> None:
    """Notes of Asha's by the thousand, each tagged."""
    at = [until - timedelta(minutes=n) for n in range(how_many)]
    with house.database.transaction() as session:
        unit = workspaces.home_unit(session, LARKMOOR).id or 0
        common = {"workspace": LARKMOOR, "unit_id": unit, "told_as": NoteType.DEMAND, "verbatim": words}
        kept = [
            Note(number=1_000 + n, key=f"many/{n}", heard_at=then, kept_at=then, **common) for n, then in enumerate(at)
        ]
        session.add_all(kept)
        session.flush()
        session.add_all(Contributor(note_id=note.id or 0, workspace=LARKMOOR, person=ASHA) for note in kept)
        told = make.tagging(theme="Waiting for a repair")
        session.add_all(
            Tag(
                note_id=note.id or 0,
                source=TagSource.TAGGER,
                note_type=told.note_type,
                demand_type=told.demand_type,
                kind=told.kind,
                theme=told.theme,
                tagged_at=note.heard_at,
            )
            for note in kept
        )


@pytest.fixture
def tab(slack: LocalSlack) -> Home:
    """Waits until somebody's Home tab says this, and gives it."""

    def wait(person: str, words: str) -> View:
        def there() -> View | None:
            view = slack.sees(person).home
            return view if view is not None and words in view.words else None

        view = slack.wait_for(there, timeout=30)
        assert view is not None
        return view

    return wait


@pytest.fixture
def keeps(house: House) -> Callable[..., int]:
    """Keeps a note of Asha's (or another's) as the tagger might have tagged it, and gives its id."""

    def keep(words: str, *, by: str = ASHA, sure: bool = True, at: datetime | None = None) -> int:
        at = at or datetime.now(UTC)
        with house.database.transaction() as session:
            workspaces.join(session, LARKMOOR, now=at, timezone="Europe/London")
            note = make.note(session, words, workspace=LARKMOOR, at=at, by=by)
            tags.suggest(
                session,
                note,
                Tagging(
                    kind=DemandKind.CHASE,
                    confidence=0.9 if sure else 0.3,
                    because=(),
                    theme="Waiting for a repair",
                    tagger="test 1",
                    runner_up=DemandKind.ADVISE,
                ),
                now=at,
            )
            return note.id or 0

    return keep


def test_the_first_look_says_what_this_is_and_how_to_begin(slack: LocalSlack, house: House, tab: Home) -> None:
    """The value in a line, three examples, the privacy line, and two buttons to begin with."""
    slack.open_home("Tom")
    view = tab("Tom", "Pass on what customers really ask for")
    assert view.words.count("• ") == 3
    assert "Names, numbers and addresses are left out" in view.words
    assert "Waiting for you" not in view.words
    labels = [control["text"]["text"] for control in view.controls if control["type"] == "button"]
    assert labels[:2] == ["What a customer said", "What gets in the way"]


def test_the_messages_tab_draws_nothing(slack: LocalSlack, house: House) -> None:
    """The event has the same name for both tabs."""
    assert slack.open_messages("Tom").status == 200
    slack.settle()
    assert slack.sees("Tom").home is None


def test_what_is_passed_on_there_shows_up_there(slack: LocalSlack, house: House, sees: Sees, tab: Home) -> None:
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Pass on"), "What a customer said")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    slack.submit("Asha", form, {"words": "Can I pay my rent weekly?"})
    assert "Can I pay my rent weekly?" in tab("Asha", "Note 1").words
    sees("Asha", "Kept as note 1", None)  # the receipt, where Home has no room for it
    slack.press("Asha", tab("Asha", "Note 1"), "What gets in the way")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    slack.press("Asha", form, "More")
    whole = slack.wait_for(lambda: (view := slack.sees("Asha").view) and "What mattered" in view.words and view)
    slack.submit("Asha", whole, {"words": "Every visit needs two signatures"})
    tab("Asha", "an improvement note")


def test_detail_is_added_there(slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]) -> None:
    note_id = keeps("Where has my form got to?")
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Note 1"), "Add detail")
    form = slack.wait_for(lambda: (view := slack.sees("Asha").view) and "What mattered" in view.words and view)
    slack.submit("Asha", form, {"what_matters": "To know by Friday"})
    with house.database.reading() as session:
        note = notes.get(session, note_id, workspace=LARKMOOR)
    assert note is not None
    assert note.what_matters == "To know by Friday"


def test_a_form_without_words_stays_open_at_home_too(slack: LocalSlack, house: House, tab: Home) -> None:
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Pass on"), "What a customer said")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    assert "no words in that yet" in "".join(slack.submit("Asha", form, {"words": "…"}).errors.values())


def test_what_we_were_unsure_of_is_settled_with_one_tap(
    slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]
) -> None:
    note_id = keeps("The letter says Monday, is that still so?", sure=False)
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Waiting for you"), "Advise")
    view = tab("Asha", "Note 1 is value demand (advise); your word stands")
    assert "Waiting for you" not in view.words
    with house.database.reading() as session:
        note = notes.get(session, note_id, workspace=LARKMOOR)
        assert note is not None
        tag = tags.standing(session, note)
    assert tag is not None
    assert (tag.kind, tag.source) == (DemandKind.ADVISE, TagSource.PERSON)


def test_a_note_is_changed_and_taken_back_there(
    slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]
) -> None:
    keeps("Where has my form got to?")
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Note 1"), "Change")
    form = slack.wait_for(lambda: (view := slack.sees("Asha").view) and "Your word stands" in view.words and view)
    slack.submit("Asha", form, {"kind": "Again"})
    slack.press("Asha", tab("Asha", "failure demand (again)"), "Undo")
    assert "Where has my form" not in tab("Asha", "Taken back. The words are gone.").words


def test_an_old_tab_says_that_a_note_is_gone_and_shows_what_is_there(
    slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]
) -> None:
    """A button on what has gone meanwhile is answered, on the tab itself."""
    note_id = keeps("Where has my form got to?", sure=False)
    slack.open_home("Asha")
    view = tab("Asha", "Waiting for you")
    as_it_was = list(view.blocks)
    house.logbook.undo(note_id, workspace=LARKMOOR, by=ASHA)
    for button in ("Chase", "Undo", "Change"):
        view.content["blocks"] = as_it_was
        slack.press("Asha", view, button)
        assert "Where has my form" not in tab("Asha", "That note is no longer here").words


def test_the_pages_of_many_notes_turn(slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]) -> None:
    now = datetime.now(UTC)
    for n in range(12):
        keeps(f"Ask number {n:02}", at=now - timedelta(minutes=n))
    slack.open_home("Asha")
    assert "Ask number 04" in tab("Asha", "Ask number 00").words
    slack.press("Asha", tab("Asha", "Ask number 00"), "More")
    slack.press("Asha", tab("Asha", "Ask number 05"), "More")
    view = tab("Asha", "Ask number 11")
    assert "Ask number 09" not in view.words
    assert "More" not in [c["text"]["text"] for c in view.controls if "text" in c]
    slack.press("Asha", view, "Earlier")
    tab("Asha", "Ask number 09")


def test_home_says_where_a_note_has_got_to(
    slack: LocalSlack, house: House, tab: Home, sees: Sees, keeps: Callable[..., int]
) -> None:
    """Kept, then part of a digest that arrived: quoted or counted."""
    last_week = datetime.now(UTC) - timedelta(days=7)
    keeps("Where has my form got to?", at=last_week)
    keeps("Is the plumber still coming?", at=last_week)
    keeps("And is it raining in?", by="U0TOM000001")
    slack.open_home("Asha")
    tab("Asha", "Kept. Heard 3 times in the last 12 weeks")
    with house.database.transaction() as session:
        unit = workspaces.home_unit(session, LARKMOOR)
        schedules.place(
            session,
            workspace=LARKMOOR,
            unit_id=unit.id or 0,
            channel="C0MANAGERS1",
            audience=Audience.MANAGERS,
            now=last_week - timedelta(days=14),
            weekday=(datetime.now(UTC) - timedelta(hours=2)).weekday(),
            at=(datetime.now(UTC) - timedelta(hours=2)).time().replace(microsecond=0),
        )
    slack.open_home("Asha")
    assert tab("Asha", "will tell of it").words.count("will tell of it") == 2
    with house.database.transaction() as session:
        for note in contributors.own_notes(session, workspace=LARKMOOR, person=ASHA):
            note.kept_at = last_week
            session.add(note)
    send.send_due(house.database, now=datetime.now(UTC), card=digest_card.build)
    house.messenger.wake()
    sees("Morgan", "Since last time", "#managers")  # in its thread, and so after it
    slack.open_home("Asha")
    tab("Asha", "Quoted in the digest of")


def test_the_neighbours_home_has_nothing_of_ours(house: House, keeps: Callable[..., int]) -> None:
    """Priya at Hillcrest has the same user id as Asha at Larkmoor."""
    keeps("My zebra fence fell down", sure=False)
    story = home_of(house)
    assert "zebra" in json.dumps(story.view(LARKMOOR, ASHA))
    assert "zebra" not in json.dumps(story.view(HILLCREST, ASHA))
    assert "zebra" not in json.dumps(story.view(LARKMOOR, "U0TOM000001"))


def test_two_who_draw_at_once_end_with_what_is_true(
    slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]
) -> None:
    """A tab that someone else drew meanwhile is not replaced by an older one: the store is read once more."""
    keeps("Where has my form got to?", sure=False)
    slack.open_home("Asha")
    view = tab("Asha", "Waiting for you")
    slack.fail_next("views.publish", error="hash_conflict")
    slack.press("Asha", view, "Chase")
    assert "Waiting for you" not in tab("Asha", "your word stands").words
    first, second = slack.called("views.publish")[-2:]
    assert first.arguments["hash"]
    assert "hash" not in second.arguments


def test_words_at_home_are_inert(slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]) -> None:
    keeps("<!channel> <@U0TOM000001> see <https://example.com|this> & _that_", sure=False)
    slack.open_home("Asha")
    shown = json.dumps(tab("Asha", "Waiting for you").blocks)
    assert not any(alive in shown for alive in ("<!", "<@", "<http"))


def test_help_and_what_is_kept_open_over_the_tab(slack: LocalSlack, house: House, tab: Home) -> None:
    slack.open_home("Tom")
    for button, words in (("How it works", "/demand search"), ("What is kept", "until you take a note back")):
        slack.press("Tom", tab("Tom", "Pass on"), button)
        window = slack.wait_for(lambda: slack.sees("Tom").view)
        assert window is not None
        assert words in window.words
        slack.close("Tom", window)


def test_how_often_one_hears_back_is_chosen_there_or_in_an_answer(
    slack: LocalSlack, house: House, sees: Sees, tab: Home
) -> None:
    """The same form in both places, and both know what was chosen."""
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "How often you hear back"), "preference_hears", "Once a week")
    tab("Asha", "From now on I tell you on Fridays")
    slack.command("Asha", "/demand", "prefs")
    form = sees("Asha", "How often you hear back")
    assert form.controls[0]["initial_option"]["value"] == "WEEKLY"
    slack.press("Asha", form, "preference_hears", "Never")
    sees("Asha", "From now on I write to you only when you pass something on or ask")
    slack.open_home("Tom")
    assert any(c.get("initial_option", {}).get("value") == "NEVER" for c in tab("Tom", "How often").controls)


def test_deleting_and_taking_along_work_from_home(
    slack: LocalSlack, house: House, sees: Sees, tab: Home, keeps: Callable[..., int]
) -> None:
    keeps("Where has my form got to?")
    slack.open_home("Asha")
    slack.press("Asha", tab("Asha", "Note 1"), "Send me mine")
    tab("Asha", "on their way to you")
    sees("Asha", "Here is the one note that you passed on", None)
    slack.press("Asha", tab("Asha", "Note 1"), "Delete mine")
    assert "Note 1" not in tab("Asha", "The one note that you passed on is gone").words


def test_home_stays_small_and_quick_with_five_thousand_notes(
    slack: LocalSlack, house: House, tab: Home, keeps: Callable[..., int]
) -> None:
    """Under 100 blocks and 250 kB, and drawn within a second of work, however many notes there are."""
    now = datetime.now(UTC)
    words = "“quoted” & <odd> words that go on " * 80
    for n in range(3):
        keeps(words, at=now - timedelta(seconds=n), sure=False)
    many(house, words[:300], 5_000, until=now - timedelta(minutes=1))
    story = home_of(house)
    began = time.process_time()
    view = story.view(LARKMOOR, ASHA)
    took = time.process_time() - began
    assert len(view["blocks"]) < 100
    assert len(json.dumps(view).encode()) < 250_000
    assert took < 1.0
    slack.open_home("Asha")
    tab("Asha", "Waiting for you")
