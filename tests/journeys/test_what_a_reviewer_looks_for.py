"""What somebody who reviews apps for Slack looks for first, where no journey tells of it already."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.app import House
from bot.playground import controls
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, Person, View
from storage import notes
from tests.conftest import LARKMOOR
from tests.journeys.test_nothing_is_lost import post

Sees = Callable[..., Message]
MANAGERS = "#managers"
SAID = [
    ("/demand", "I'm still waiting for the plumber"),
    *(("/demand", words) for words in ("help", "mine", "search plumber", "about", "privacy", "prefs", "serch")),
    *(("/groundswell", words) for words in ("help", "unit", "units", "purpose", "points", "themes", "digest", "what")),
]


def kept(house: House) -> list[str]:
    with house.database.reading() as session:
        return [note.verbatim for note in notes.everything(session, workspace=LARKMOOR)]


@pytest.fixture
def shown(slack: LocalSlack, house: House, sees: Sees) -> list[Message | View]:
    """Nearly everything that we say or open, to Morgan in the managers' channel."""

    def said() -> list[Message]:
        return [message for message in slack.sees("Morgan", MANAGERS) if message.by_bot or message.only_for]

    def opened() -> View:
        view = slack.wait_for(lambda: slack.sees("Morgan").view, timeout=30)
        assert view is not None
        return view

    for command, words in SAID:
        before = len(said())
        slack.command("Morgan", command, words, channel=MANAGERS)
        slack.wait_for(lambda before=before: len(said()) > before, timeout=30)  # type: ignore[misc]
    slack.command("Morgan", "/demand", "", channel=MANAGERS)
    form = opened()
    slack.close("Morgan", form)
    slack.press("Morgan", sees("Morgan", "Kept as note 1", MANAGERS), "Add detail")
    detail = opened()
    slack.wait_for(lambda: "What mattered" in detail.words, timeout=30)
    slack.close("Morgan", detail)
    slack.open_home("Morgan")
    home = slack.wait_for(lambda: slack.sees("Morgan").home)
    assert home is not None
    return [*said(), form, detail, home]


def buttons(shown: list[Message | View]) -> Iterator[tuple[Message | View, dict[str, Any]]]:
    for one in shown:
        for _block, element in controls.on(one.blocks):
            if element["type"] == "button":
                yield one, element


def test_all_that_we_say_can_be_heard_and_nothing_needs_a_wide_screen(shown: list[Message | View]) -> None:
    """Screen readers read a message's text, and a button's own words or its label; on a phone no table fits."""
    for one in shown:
        if isinstance(one, Message):
            assert sum(c.isalpha() for c in one.text) > 3, one.blocks
        assert {block["type"] for block in one.blocks}.isdisjoint({"table", "data_table", "carousel"})
    for _one, button in buttons(shown):
        said = button.get("accessibility_label") or button["text"]["text"]
        assert sum(c.isalpha() for c in said) > 2, button


def test_every_button_is_listened_to(
    slack: LocalSlack, shown: list[Message | View], finished: Callable[[], None]
) -> None:
    """Whatever is pressed is acknowledged, and nobody hears that it is from an earlier version."""
    pressed = set()
    for one, button in buttons(shown):
        if isinstance(one, Message) and button["action_id"] not in pressed and "url" not in button:
            with contextlib.suppress(controls.NotShown):  # what was pressed before may have taken its place
                assert slack.press("Morgan", one, button["action_id"], button.get("value")).status == 200
                pressed.add(button["action_id"])
                finished()
    assert len(pressed) >= 6
    assert slack.sees("Morgan", MANAGERS).saying("earlier version") is None


def test_nobody_is_written_to_who_did_not_act(slack: LocalSlack, house: House) -> None:
    """No word to #general, none to Slackbot, no welcome to everyone: not at the start, not to a new colleague."""
    house.clock.tick()
    slack.welcome(Person("U0NEW000001", "Noor", LARKMOOR))
    slack.invite_bot(slack.channel("#general", slack.person("Asha")))
    slack.deactivate("Tom")
    house.clock.tick()
    house.messenger.carry()
    slack.settle()
    said = {call.method for call in slack.calls if call.method.startswith("chat.")}
    assert said == set()


def test_a_form_that_is_sent_twice_is_one_note(slack: LocalSlack, house: House, sees: Sees) -> None:
    """And one that is closed without being sent is none."""
    slack.command("Asha", "/demand")
    closed = slack.wait_for(lambda: slack.sees("Asha").view)
    assert closed is not None
    assert slack.close("Asha", closed).ok
    slack.command("Asha", "/demand")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    sent = slack.submit("Asha", form, {"words": "When do you open?"})
    assert slack.redeliver(sent).status == 200
    sees("Asha", "Kept as note 1")
    assert kept(house) == ["When do you open?"]
    assert sum("Kept as note" in message.words for message in slack.sees("Asha", "#general")) == 1


def event(slack: LocalSlack, **said: Any) -> int:
    """Something happens in Asha's messages with us. Returns how it was answered."""
    channel = slack.channel("dm", slack.person("Asha"))
    about = {"channel": channel.id, "channel_type": "im", "ts": slack.next_ts(), "event_ts": slack.next_ts()}
    body = {"type": "event_callback", "team_id": LARKMOOR, "event_id": f"Ev{about['ts']}", "event": about | said}
    return post(slack, json.dumps(body).encode(), "application/json")[0]


def test_we_answer_neither_ourselves_nor_another_bot(slack: LocalSlack, house: House) -> None:
    """Nor a link that Slack unfolds, a channel's new topic, or an event of which we know nothing."""
    words = "A customer has been waiting for a very long time"
    for said in (
        {"type": "message", "text": words, "user": "U0OTHERBOT1", "bot_id": "B0OTHER0001"},
        {"type": "message", "subtype": "bot_message", "text": words, "bot_id": "B0OTHER0001"},
        {"type": "message", "subtype": "channel_topic", "text": words, "user": "U0ASHA00001"},
        {
            "type": "message",
            "subtype": "message_changed",
            "message": {"text": words, "user": "U0ASHA00001", "ts": "1.000001"},
            "previous_message": {"text": words, "user": "U0ASHA00001", "ts": "1.000001"},
        },
        {"type": "something_new", "text": words, "user": "U0ASHA00001"},
    ):
        assert event(slack, **said) == 200
    house.messenger.carry()
    assert kept(house) == []
    assert slack.called("chat.postMessage") == []


def test_a_busy_slack_still_gets_its_form(slack: LocalSlack, house: House) -> None:
    """Slack asks us to come back in a second; the handle is good for three."""
    slack.fail_next("views.open", status=429, retry_after=1)
    slack.command("Asha", "/demand")
    assert slack.wait_for(lambda: slack.sees("Asha").view, timeout=10)


def test_what_was_passed_on_outlives_the_channel(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A channel is renamed, made private and archived, and its note can still be looked at and taken back."""
    channel = slack.channel("#repairs-line", slack.person("Asha"))
    slack.command("Asha", "/demand", "The lift is stuck again", channel=channel)
    sees("Asha", "Kept as note 1", "#repairs-line")
    slack.rename(channel, "repairs-old")
    slack.make_private(channel)
    slack.archive(channel)
    slack.command("Asha", "/demand", "mine")
    slack.press("Asha", sees("Asha", "What you passed on"), "Undo")
    sees("Asha", "Taken back")
    assert kept(house) == []


def test_someone_who_has_left_is_written_to_no_more_and_keeps_nobody_waiting(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.hold()
    slack.message("Tom", "Where is my parcel?")
    slack.release([0])
    slack.deactivate("Tom")
    slack.message("Asha", "When do you open?")
    slack.wait_for(lambda: slack.sees("Asha").saying("Kept as note 2"), timeout=30)


def test_a_message_is_passed_on_without_typing_and_its_author_is_nobody_to_us(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """The menu, the shortcut, *Keep it*: three acts. A message longer than a form says that it was cut."""
    long = slack.message("Tom", f"<@U0MORGAN001> {'It leaks & nobody came. ' * 140}", "#repairs-line").shown
    assert isinstance(long, Message)
    slack.shortcut("Asha", "pass_on_message", long)
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    assert "these are its first 3000 characters" in json.dumps(form.blocks)
    slack.submit("Asha", form)
    sees("Asha", "Kept as note 1", "#repairs-line")
    [words] = kept(house)
    assert "It leaks & nobody came." in words
    assert "U0MORGAN001" not in words
    assert slack.sees("Tom", "#repairs-line").saying("Kept as note 1") is None


def test_a_message_without_words_opens_an_empty_form(slack: LocalSlack, house: House) -> None:
    """A picture alone, say; somebody may still type what it shows."""
    said = slack.message("Tom", "a picture", "#repairs-line").shown
    assert isinstance(said, Message)
    said.text = ""
    slack.shortcut("Asha", "pass_on_message", said)
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    assert "initial_value" not in json.dumps(form.blocks)
