"""A unit says what it is here for and where its digest goes; on Monday the digest is there, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.vocabulary import DemandKind
from storage import outbox, workspaces
from tests import make
from tests.conftest import LARKMOOR
from tests.journeys.conftest import reached, settings_for

Sees = Callable[..., Message]


class Calendar:
    """A calendar whose pages the test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 29, 9, 30, tzinfo=UTC)  # a Wednesday

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def slack(calendar: Calendar) -> Iterator[LocalSlack]:
    with LocalSlack(clock=calendar) as slack:
        yield slack
        assert slack.refused == []


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor, calendar: Calendar) -> Iterator[House]:
    house = app.build(settings_for(slack, home), tagger=tagger, redactor=redactor, now=calendar)
    house.messenger.start()
    with reached(house, slack):
        # Slack's signatures go by the real clock, which Bolt checks; ours only turns the pages of the calendar.
        yield house


@pytest.fixture
def a_week_of_notes(house: House, calendar: Calendar) -> None:
    """Some notes in the week of 27 April."""
    said = [
        ("Any news on my repair?", DemandKind.CHASE, "where is my repair"),
        ("Nobody came on Tuesday", DemandKind.WRONG, "nobody came"),
        ("Can I pay my rent weekly?", DemandKind.ADVISE, None),
        ("It's leaking again", DemandKind.AGAIN, "repair came back"),
        ("I want to swap homes with my sister", DemandKind.START, None),
    ]
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=calendar.now, timezone="Europe/London")
        for hour, (words, kind, theme) in enumerate(said):
            at = calendar.now + timedelta(hours=hour)
            make.note(session, words, workspace=LARKMOOR, at=at, kind=kind, theme=theme, point="#repairs-line")


def test_morgan_says_what_the_unit_is_here_for(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Morgan", "/groundswell", "purpose We keep people's homes safe & warm", channel="#managers")
    assert "We keep people's homes safe &amp; warm" in sees("Morgan", "with this in mind", "#managers").words
    slack.command("Tom", "/groundswell", "purpose", channel="#front-desk")
    sees("Tom", "What *Everyone* is here for", "#front-desk")
    with house.database.transaction() as session:
        assert workspaces.home_unit(session, LARKMOOR).purpose == "We keep people's homes safe & warm"


@pytest.mark.usefixtures("a_week_of_notes")
def test_on_monday_the_digest_is_there_once(slack: LocalSlack, house: House, sees: Sees, calendar: Calendar) -> None:
    """Set up in one line; then it comes by itself, in customers' words, and never twice."""
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "comes here every Monday at 09:00 (Europe/London)", "#managers")
    sees("Morgan", "Done.", "#managers")
    calendar.now = datetime(2026, 5, 4, 7, 59, tzinfo=UTC)
    house.clock.tick()
    assert slack.sees("Morgan", "#managers").saying("27 April to 3 May 2026") is None
    calendar.now = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    for _ in range(3):
        house.clock.tick()
    digest = sees("Morgan", "27 April to 3 May 2026", "#managers")
    house.messenger.carry()
    told = slack.sees("Morgan", "#managers").words
    assert any(words in told for words in ("Any news on my repair?", "Nobody came on Tuesday", "It's leaking again"))
    posts = [m for m in slack.sees("Morgan", "#managers") if m.thread_ts is None and "27 April" in m.words]
    assert posts == [digest]


@pytest.mark.usefixtures("a_week_of_notes")
def test_anyone_can_ask_why_a_digest_says_what_it_says(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    """The digest names its number; the answer is for their eyes only, and quotes nobody."""
    slack.command("Tom", "/groundswell", "explain")
    sees("Tom", "No digest has gone out yet.")
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "Done.", "#managers")
    calendar.now = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    house.clock.tick()
    sees("Morgan", "This is digest 1: /groundswell explain 1 says why", "#managers")
    slack.command("Tom", "/groundswell", "explain 1")
    told = sees("Tom", "Digest 1: why each part is there")
    assert "quotations by the printed rule" in told.words
    assert "Any news on my repair?" not in told.words
    slack.command("Tom", "/groundswell", "explain")
    assert "• 1: 27 April to 3 May 2026, of *Everyone* for managers" in sees("Tom", "Add the number").words
    slack.command("Tom", "/groundswell", "explain 7")
    sees("Tom", "There is no digest 7.")


def test_what_asha_takes_back_goes_from_the_digest_in_its_channel(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    """The post is edited, and whoever asks why it says what it says hears that words are missing."""
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "Done.", "#managers")
    slack.command("Asha", "/demand", "Can I bring my quagga to the surgery?")
    sees("Asha", "Kept as note 1")
    calendar.now = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    house.clock.tick()
    sees("Morgan", "Can I bring my quagga", "#managers")
    slack.settle()
    slack.command("Asha", "/demand", "privacy")
    slack.press("Asha", sees("Asha", "What is kept"), "Delete mine")
    sees("Asha", "The one note that you passed on is gone.")
    house.messenger.wake()
    digest = sees("Morgan", "Note 1 was taken back by whoever passed it on. Its words are gone.", "#managers")
    assert "27 April to 3 May 2026" in digest.words
    slack.wait_for(lambda: "quagga" not in slack.sees("Morgan", "#managers").words)
    slack.command("Tom", "/groundswell", "explain 1")
    assert "words were taken back" in sees("Tom", "Digest 1: why").words


@pytest.mark.usefixtures("a_week_of_notes")
def test_what_tom_takes_back_from_the_change_log_goes_from_the_digest_in_its_channel(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    """The post is edited, and whoever asks why it says what it says hears that words are missing."""
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "Done.", "#managers")
    slack.command("Tom", "/groundswell", "changed We text the quagga street first")
    noted = sees("Tom", "Noted for *Everyone*")
    calendar.now = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    house.clock.tick()
    sees("Morgan", "quagga", "#managers")
    slack.settle()
    slack.press("Tom", noted, "Undo")
    sees("Tom", "Taken back. Its words are gone")
    house.messenger.wake()
    sees("Morgan", "This change was taken back. Its words are gone.", "#managers")
    slack.wait_for(lambda: "quagga" not in slack.sees("Morgan", "#managers").words)
    slack.command("Tom", "/groundswell", "explain 1")
    assert "words were taken back" in sees("Tom", "Digest 1: why").words


@pytest.mark.usefixtures("a_week_of_notes")
def test_a_bot_that_was_down_on_monday_morning_catches_up_once(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    slack.command("Morgan", "/groundswell", "digest on improvement Monday 09:00", channel="#improvement")
    sees("Morgan", "every Monday at 09:00", "#improvement")
    sees("Morgan", "Done.", "#improvement")
    calendar.now = datetime(2026, 5, 5, 16, 0, tzinfo=UTC)
    house.clock.tick()
    sees("Morgan", "27 April to 3 May 2026", "#improvement")


@pytest.mark.usefixtures("a_week_of_notes")
def test_anyone_can_look_at_this_week_so_far(slack: LocalSlack, house: House, sees: Sees) -> None:
    """For their eyes only; what managers get, staff can see."""
    slack.command("Tom", "/groundswell", "digest", channel="#front-desk")
    preview = sees("Tom", "27 April to 3 May 2026", "#front-desk")
    assert preview.only_for is not None


def test_with_nothing_passed_on_there_is_nothing_to_show(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/groundswell", "digest", channel="#front-desk")
    sees("Tom", "Nothing has been passed on to *Everyone* this week yet", "#front-desk")


def test_a_channel_that_we_are_not_in_says_how_to_invite_us(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#general")
    sees("Morgan", "/invite @Groundswell")
    slack.command("Morgan", "/groundswell", "digest when")
    sees("Morgan", "No digest goes out yet")
    [refused] = slack.refused
    assert refused.method == "chat.postMessage"
    slack.calls.remove(refused)


def test_the_day_and_the_time_are_the_units_to_choose(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    slack.command("Morgan", "/groundswell", "digest on managers every thursday at 14:30", channel="#managers")
    sees("Morgan", "every Thursday at 14:30", "#managers")
    sees("Morgan", "Done.", "#managers")
    slack.command("Morgan", "/groundswell", "timezone America/New_York", channel="#managers")
    sees("Morgan", "Our clock is now America/New_York", "#managers")
    slack.command("Morgan", "/groundswell", "digest when", channel="#managers")
    sees("Morgan", "every Thursday at 14:30 (America/New_York)", "#managers")
    slack.command("Morgan", "/groundswell", "digest off", channel="#managers")
    sees("Morgan", "no longer comes to this channel", "#managers")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("help", "For your unit"),
        ("what?", "For your unit"),
        ("digest on everyone", "for `managers` or for `improvement`"),
        ("digest on managers someday", "Write the day and the time like this"),
        ("timezone Atlantis", "We do not know that time zone"),
        ("purpose " + "very " * 80 + "long", "One sentence"),
    ],
)
def test_what_we_do_not_understand_is_answered_with_how_to_say_it(
    slack: LocalSlack, house: House, sees: Sees, typed: str, answer: str
) -> None:
    slack.command("Tom", "/groundswell", typed, channel="#front-desk")
    sees("Tom", answer, "#front-desk")


def test_all_of_it_can_be_set_in_a_form(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Morgan", "/groundswell", "digest set", channel="#managers")
    form = slack.wait_for(lambda: slack.sees("Morgan").view)
    assert form is not None
    answer = slack.submit("Morgan", form, {"timezone": "Atlantis"})
    assert "do not know that time zone" in answer.errors["timezone"]
    slack.submit("Morgan", form, {"weekday": "Friday", "at": "16:15", "timezone": "Europe/Paris"})
    sees("Morgan", "comes here every Friday at 16:15 (Europe/Paris)", "#managers")
    slack.command("Morgan", "/groundswell", "digest when", channel="#managers")
    sees("Morgan", "for managers, every Friday at 16:15 (Europe/Paris)", "#managers")


@pytest.mark.usefixtures("a_week_of_notes")
def test_a_digest_can_be_posted_now_and_once(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Morgan", "/groundswell", "digest post managers", channel="#managers")
    slack.redeliver()
    digest = sees("Morgan", "27 April to 3 May 2026", "#managers")
    house.messenger.carry()
    posts = [m for m in slack.sees("Morgan", "#managers") if m.thread_ts is None and "27 April" in m.words]
    assert posts == [digest]


@pytest.fixture
def twelve_weeks_of_notes(house: House, calendar: Calendar) -> None:
    """Enough weeks for a chart to have something to show."""
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=calendar.now, timezone="Europe/London")
        for week in range(12):
            for place in range(12 + week % 3):
                kind = DemandKind.CHASE if place % 2 else DemandKind.ADVISE
                at = calendar.now - timedelta(weeks=week, minutes=place)
                make.note(session, f"Question {week} {place}", workspace=LARKMOOR, at=at, kind=kind)


@pytest.mark.usefixtures("twelve_weeks_of_notes")
def test_the_charts_come_as_pictures_in_the_thread(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Real PNG files with words for those who do not see them; the same numbers stand in the message beside."""
    slack.command("Morgan", "/groundswell", "digest post managers", channel="#managers")
    digest = sees("Morgan", "27 April to 3 May 2026", "#managers")
    drawn = slack.wait_for(lambda: [m for m in slack.sees("Morgan", "#managers") if m.files])[0]
    assert drawn.thread_ts == digest.ts
    files = [slack.workspaces[0].files[file["id"]] for file in drawn.files]
    assert all(file.content is not None and file.content.startswith(b"\x89PNG") for file in files)
    assert all(file.alt_text.startswith("Chart:") for file in files)
    assert "Chart: failure demand" in drawn.words


@pytest.mark.usefixtures("twelve_weeks_of_notes")
def test_where_no_file_may_go_slack_draws_the_charts_itself(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.fail_next("files.getUploadURLExternal", error="missing_scope")
    slack.command("Morgan", "/groundswell", "digest post managers", channel="#managers")
    drawn = slack.wait_for(lambda: [m for m in slack.sees("Morgan", "#managers") if m.text.startswith("Chart:")])[0]
    assert [block["type"] for block in drawn.blocks] == ["data_visualization"] * 2
    assert drawn.thread_ts == sees("Morgan", "27 April to 3 May 2026", "#managers").ts


@pytest.mark.usefixtures("a_week_of_notes")
def test_no_digest_goes_where_another_organisation_listens(
    slack: LocalSlack, house: House, sees: Sees, calendar: Calendar
) -> None:
    """Not when it is set up there, and not when the channel is shared only afterwards."""
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "Done.", "#managers")
    slack.share_externally(slack.channel("#managers", slack.person("Morgan")))
    slack.command("Morgan", "/groundswell", "digest on improvement", channel="#managers")
    sees("Morgan", "people of another organisation are in that channel", "#managers")
    calendar.now = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    house.clock.tick()

    def given_up() -> str:
        with house.database.reading() as session:
            return "".join(message.given_up for message in outbox.unsaid(session, workspace=LARKMOOR))

    assert slack.wait_for(given_up, timeout=30).startswith("shared_outside")
    assert slack.sees("Morgan", "#managers").saying("Any news on my repair?") is None
