"""A colleague's message is passed on by an emoji, where that was agreed on: once, and undone as easily."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app, doors, manifests
from bot.app import House
from bot.marking import Marking
from bot.notebook import Notebook
from bot.playground.delivery import Answer
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, Person
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import contributors, notes
from storage.models import Mark, Note, Unit
from tests.conftest import LARKMOOR
from tests.journeys.conftest import reached, settings_for
from tests.journeys.test_by_socket import by_socket

Sees = Callable[..., Message]
DESK = "#front-desk"
SAID = "A lady says she rang three times and nobody called back"


class Watch:
    """A clock that a test may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A Slack into which the app came with its manifest for reactions."""
    with LocalSlack(ack_within=10, manifest=manifests.path(reactions=True)) as slack:
        yield slack
        assert slack.refused == []


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor, watch: Watch) -> Iterator[House]:
    settings = settings_for(slack, home).model_copy(update={"reaction": "ear"})
    house = app.build(settings, tagger=tagger, redactor=redactor, now=watch)
    house.messenger.start()
    with reached(house, slack):
        yield house


def kept(house: House) -> list[Note]:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


def kept_for(house: House, person: Person) -> list[Note]:
    """What somebody sees as their own."""
    with house.database.reading() as session:
        return list(contributors.own_notes(session, workspace=LARKMOOR, person=person.id))


def written(slack: LocalSlack, person: str, words: str, channel: str = DESK) -> Message:
    message = slack.message(person, words, channel).shown
    assert isinstance(message, Message)
    return message


def told(slack: LocalSlack, person: str, words: str, *, times: int = 1, channel: str | None = DESK) -> None:
    """Wait until this has been said to somebody so often."""
    slack.wait_for(lambda: [words in message.words for message in slack.sees(person, channel)].count(True) == times)


def test_a_message_that_somebody_marks_is_passed_on_and_only_they_hear_of_it(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """Its words, redacted, in the unit of the channel, with the channel as the place where they were heard."""
    slack.command("Tom", "/groundswell", "unit Front desk", channel=DESK)
    sees("Tom", "Front desk", DESK)
    message = written(slack, "Tom", "Mrs Patel on 07700 900123 says nobody called back")
    slack.react("Tom", message, "ear::skin-tone-3")
    receipt = sees("Tom", "Kept as note 1", DESK)
    assert receipt.only_for == slack.person("Tom").id
    [note] = kept(house)
    assert "Patel" not in note.verbatim
    assert "07700" not in note.verbatim
    assert (note.via, note.point, note.private) == ("reaction", "#front-desk", False)
    with house.database.reading() as session:
        assert session.get_one(Unit, note.unit_id).name == "Front desk"
    slack.press("Tom", receipt, "Undo")
    slack.wait_for(lambda: kept(house) == [])


def test_a_reply_in_a_thread_is_what_was_marked_and_not_the_message_above_it(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    above = written(slack, "Tom", "Anything from this morning?")
    reply = slack.message("Tom", SAID, DESK, thread_ts=above.ts).shown
    assert isinstance(reply, Message)
    slack.react("Tom", reply, "ear")
    assert sees("Tom", "Kept as note 1", DESK).thread_ts == above.ts
    assert [note.verbatim for note in kept(house)] == [SAID]


@pytest.mark.parametrize("marked", ["what the thread is about", "a reply that the channel shows too"])
def test_what_stands_in_the_channel_is_answered_there_though_it_belongs_to_a_thread(
    slack: LocalSlack, house: House, sees: Sees, marked: str
) -> None:
    """Whoever marked it is looking at the channel, and does not open the thread."""
    above = written(slack, "Tom", SAID)
    reply = slack.message("Tom", "And he says his letter never came", DESK, thread_ts=above.ts).shown
    assert isinstance(reply, Message)
    above.thread_ts, reply.subtype = above.ts, "thread_broadcast"  # as Slack tells of them
    slack.react("Tom", above if marked == "what the thread is about" else reply, "ear")
    assert sees("Tom", "Kept as note 1", DESK).thread_ts is None


def test_three_deliveries_make_one_note_and_one_receipt(slack: LocalSlack, house: House, sees: Sees) -> None:
    marked = slack.react("Tom", written(slack, "Tom", SAID), "ear")
    sees("Tom", "Kept as note 1", DESK)
    slack.redeliver(marked)
    slack.redeliver(marked)
    slack.settle()
    told(slack, "Tom", "Kept as note 1")
    assert len(kept(house)) == 1


def test_whoever_marks_it_next_has_heard_it_too_and_nobody_learns_from_whom(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """If the first takes the mark away, the note is the second's; when nobody is left, it is gone."""
    message = written(slack, "Tom", SAID)
    slack.channel(DESK, slack.person("Tom")).members.add(slack.person("Asha").id)
    slack.react("Tom", message, "ear")
    sees("Tom", "Kept as note 1", DESK)
    slack.react("Asha", message, "ear")
    again = sees("Asha", "kept already, as note 1, and you heard it too", DESK)
    assert "Tom" not in again.words
    slack.react("Tom", message, "ear", remove=True)
    slack.wait_for(lambda: kept_for(house, slack.person("Asha")))
    assert len(kept(house)) == 1
    slack.react("Asha", message, "ear", remove=True)
    told(slack, "Asha", "note 1 is taken back")
    assert kept(house) == []


def test_undo_on_the_receipt_takes_back_ones_own_and_the_note_stays_for_the_others(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """The emoji may still stand there: it does not bring back what Tom took back when the next one lets go, too."""
    message = written(slack, "Tom", SAID)
    slack.channel(DESK, slack.person("Tom")).members.add(slack.person("Asha").id)
    marked = slack.react("Tom", message, "ear")
    receipt = sees("Tom", "Kept as note 1", DESK)
    slack.react("Asha", message, "ear")
    sees("Asha", "kept already, as note 1, and you heard it too", DESK)
    slack.press("Tom", receipt, "Undo")
    said = sees("Tom", "Others marked that message too, so its words stay", DESK)
    assert "Asha" not in said.words
    assert [note.verbatim for note in kept_for(house, slack.person("Asha"))] == [SAID]
    assert kept_for(house, slack.person("Tom")) == []
    slack.redeliver(marked)
    slack.react("Asha", message, "ear", remove=True)
    told(slack, "Asha", "note 1 is taken back")
    assert kept(house) == []


def test_a_mark_that_is_put_back_makes_a_new_note(slack: LocalSlack, house: House, sees: Sees) -> None:
    message = written(slack, "Tom", SAID)
    slack.react("Tom", message, "ear")
    sees("Tom", "Kept as note 1", DESK)
    slack.react("Tom", message, "ear", remove=True)
    sees("Tom", "note 1 is taken back", DESK)
    slack.react("Tom", message, "ear")
    sees("Tom", "Kept as note 2", DESK)
    assert [note.number for note in kept(house)] == [2]


def test_what_was_taken_away_before_we_heard_of_it_is_not_kept(slack: LocalSlack, house: House) -> None:
    """Slack's own order counts, not the order in which it reaches us."""
    message = written(slack, "Tom", SAID)
    slack.hold()
    slack.react("Tom", message, "ear")
    slack.react("Tom", message, "ear", remove=True)
    slack.release()
    slack.settle()
    assert slack.called("conversations.replies") == []
    assert kept(house) == []


def test_after_a_quarter_of_an_hour_the_note_stays_and_its_writer_hears_how_to_take_it_back(
    slack: LocalSlack, house: House, sees: Sees, watch: Watch
) -> None:
    message = written(slack, "Tom", SAID)
    slack.react("Tom", message, "ear")
    sees("Tom", "Kept as note 1", DESK)
    watch.ahead = timedelta(minutes=16)
    slack.react("Tom", message, "ear", remove=True)
    sees("Tom", "`/demand mine` lets you take it back", DESK)
    assert len(kept(house)) == 1


def test_a_note_that_came_by_another_door_is_heard_again_and_keeps_its_own_way_back(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    message = written(slack, "Tom", f"@Groundswell {SAID}")
    sees("Tom", "Kept as note 1", DESK)
    slack.react("Tom", message, "ear")
    told(slack, "Tom", "Kept as note 1", times=2)
    slack.react("Tom", message, "ear", remove=True)
    slack.settle()
    assert len(kept(house)) == 1


def test_words_from_a_private_channel_stay_there(slack: LocalSlack, house: House, sees: Sees) -> None:
    where = slack.channel(DESK, slack.person("Tom"))
    slack.make_private(where)
    slack.react("Tom", written(slack, "Tom", SAID), "ear")
    sees("Tom", "Kept as note 1", DESK)
    [note] = kept(house)
    assert (note.private, note.heard_in, note.point) == (True, where.id, "")


def test_other_emoji_and_marks_on_what_we_wrote_ourselves_are_passed_over(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    message = written(slack, "Tom", SAID)
    slack.react("Tom", message, "eyes")
    where = slack.channel(DESK, slack.person("Tom"))
    ours = dataclasses.replace(message, ts=slack.next_ts(), author=slack.workspaces[0].bot_user_id, by_bot=True)
    slack.workspaces[0].in_channel(where.id).append(ours)
    slack.react("Tom", ours, "ear")
    slack.settle()
    assert slack.called("conversations.replies") == []
    assert kept(house) == []


def test_what_cannot_be_kept_is_said_to_whoever_marked_it(slack: LocalSlack, house: House, sees: Sees) -> None:
    """No words in it, no longer there, written by somebody from outside, in a channel that outsiders share."""
    slack.react("Tom", written(slack, "Tom", "!!"), "ear")
    sees("Tom", "no words in that message", DESK)
    message = written(slack, "Tom", SAID)
    slack.hold()
    slack.react("Tom", message, "ear")
    slack.delete("Tom", message)
    slack.release()
    sees("Tom", "no longer there", DESK)
    erin = Person("U0ERIN00001", "Erin", LARKMOOR, is_stranger=True, home_team_id="T0CONTRACTR")
    slack.workspaces[0].people[erin.id] = erin
    where = slack.channel(DESK, slack.person("Tom"))
    where.members.add(erin.id)
    theirs = written(slack, "Erin", SAID)
    slack.react("Tom", theirs, "ear")
    sees("Tom", "Somebody of another organisation wrote that message", DESK)
    slack.react("Erin", written(slack, "Tom", SAID), "ear")
    slack.settle()
    assert kept(house) == []
    assert all(message.only_for != erin.id for message in slack.sees("Erin", DESK))
    assert [refused.error for refused in slack.refused] == ["thread_not_found"]
    slack.calls.clear()


def test_when_we_may_not_read_the_message_we_say_what_helps(slack: LocalSlack, house: House, sees: Sees) -> None:
    message = written(slack, "Tom", SAID)
    slack.fail_next("conversations.replies", error="missing_scope")
    slack.react("Tom", message, "ear")
    sees("Tom", "in the message's menu does the same", DESK)
    slack.fail_next("conversations.replies", error="not_in_channel")
    slack.react("Asha", written(slack, "Asha", SAID, "#repairs-line"), "ear")
    sees("Asha", "/invite @Groundswell", "#repairs-line")
    slack.calls.clear()


def test_when_slack_is_busy_the_mark_waits_as_long_as_slack_asks(
    slack: LocalSlack, house: House, sees: Sees, watch: Watch
) -> None:
    message = written(slack, "Tom", SAID)
    slack.fail_next("conversations.replies", status=429, retry_after=30)
    slack.react("Tom", message, "ear")

    def put_off() -> bool:
        with house.database.reading() as session:
            return session.get_one(Mark, 1).not_before < watch() + timedelta(minutes=1)

    slack.wait_for(put_off)
    slack.react("Tom", written(slack, "Tom", "He asks where his letter is"), "ear")
    slack.settle()
    house.clock.tick()
    assert kept(house) == []
    assert len(slack.called("conversations.replies")) == 1
    watch.ahead = timedelta(seconds=40)
    slack.wait_for(lambda: house.clock.tick() or len(kept(house)) == 2)
    sees("Tom", "Kept as note 2", DESK)


@pytest.mark.parametrize("got_as_far_as", ["taken down", "kept"])
def test_a_mark_that_nobody_could_see_to_any_more_is_seen_to_after_the_restart(
    slack: LocalSlack, house: House, sees: Sees, watch: Watch, got_as_far_as: str
) -> None:
    """We died right after Slack had its answer, or right after the note was safe and before anybody heard of it."""
    message, marking = written(slack, "Tom", SAID), Marking(house.logbook)
    mark = marking.note_down(
        workspace=LARKMOOR,
        channel=message.channel,
        ts=message.ts,
        person=slack.person("Tom").id,
        there=True,
        event_ts=slack.next_ts(),
    )
    assert mark is not None
    if got_as_far_as == "kept":
        marking.pass_on(mark, SAID, point=DESK, private=False)
    house.clock.tick()
    assert slack.called("chat.postEphemeral") == []
    watch.ahead = timedelta(minutes=2)
    house.clock.tick()
    house.clock.tick()
    told(slack, "Tom", "Kept as note 1")
    assert len(kept(house)) == 1


def test_a_mark_taken_away_while_we_were_reading_it_is_undone_all_the_same(
    slack: LocalSlack, house: House, watch: Watch
) -> None:
    """Even if we died between the two: whoever comes next knows what Slack said last."""
    message, marking = written(slack, "Tom", SAID), Marking(house.logbook)
    about = {"workspace": LARKMOOR, "channel": message.channel, "ts": message.ts, "person": slack.person("Tom").id}
    mark = marking.note_down(**about, there=True, event_ts=slack.next_ts())
    assert mark is not None
    assert marking.note_down(**about, there=False, event_ts=slack.next_ts()) is None
    marking.pass_on(mark, SAID, point=DESK, private=False)
    watch.ahead = timedelta(minutes=2)
    house.clock.tick()
    assert kept(house) == []


def test_whoever_deletes_all_that_is_theirs_leaves_no_mark_behind(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.react("Tom", written(slack, "Tom", SAID), "ear")
    sees("Tom", "Kept as note 1", DESK)
    Notebook(house.logbook, house.logbook.clock).forget_everything_of(LARKMOOR, slack.person("Tom").id)
    with house.database.reading() as session:
        assert [session.get(Mark, number) for number in (1, 2)] == [None, None]


def test_help_names_the_emoji(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "help")
    assert "with :ear:, and its words are passed on" in sees("Asha", "To look again").words


def test_without_the_pack_an_emoji_is_an_emoji(
    slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor, sees: Sees
) -> None:
    """Where no emoji is agreed nothing listens, whatever Slack brings."""
    house = app.build(settings_for(slack, home), tagger=tagger, redactor=redactor)
    with reached(house, slack):
        slack.react("Tom", written(slack, "Tom", SAID), "ear")
        slack.settle()
        assert kept(house) == []
        assert slack.called("conversations.replies") == []
        slack.command("Asha", "/demand", "help")
        assert "emoji" not in sees("Asha", "To look again").words


def test_by_socket_a_mark_is_heard_as_well(
    slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor, sees: Sees
) -> None:
    settings = by_socket(slack, home).model_copy(update={"reaction": "ear"})
    house = app.build(settings, tagger=tagger, redactor=redactor)
    door = doors.SocketDoor(house)
    door.open()
    slack.wait_for(lambda: slack.sockets.in_use)
    marked = slack.react("Tom", written(slack, "Tom", SAID), "ear")
    assert isinstance(marked, Answer)
    sees("Tom", "Kept as note 1", DESK)
    slack.redeliver(marked)
    slack.settle()
    told(slack, "Tom", "Kept as note 1")
    door.close()
    house.close()
