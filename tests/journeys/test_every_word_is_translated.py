"""In a workspace that speaks another language, no word of ours stays in English, whatever people do there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from digests import speech, wording
from nlp.tagger import Tagger
from tests.pretending import PRETENDED, pretended, untranslated

READ = {"text", "alt_text", "accessibility_label", "title"}
"""Where the words stand in what Slack is given."""


NAMES = (*speech.LANGUAGES.values(), "Everyone", "UTC", "Europe/London")
"""A language calls itself what it does; the first unit is called Everyone until its people give it another name."""


class Reader:
    """Does things in Slack as Morgan, and reads all that the app says to anybody."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.read: dict[str, None] = {}

    def types(self, command: str, words: str = "", channel: str = "#general") -> None:
        """Types a command, and waits for what comes of it."""
        self.awaits(lambda: self.slack.command("Morgan", command, words, channel=channel), f"{command} {words}")

    def presses(self, action: str, *more: Any) -> None:
        """Presses the newest button whose action id begins like this, in a form or in a message, once it is there."""

        def there() -> tuple[Message | View, str] | None:
            seen = ((on, control.get("action_id", "")) for on in self._open() for control in on.controls)
            return next(((on, name) for on, name in seen if name.startswith(action)), None)

        found = self.slack.wait_for(there, timeout=20)
        assert found is not None
        self.awaits(lambda: self.slack.press("Morgan", *found, *more), f"press {action}")

    def submits(self, values: dict[str, Any]) -> None:
        """Fills in and sends the form in front of Morgan, once it has these fields."""

        def there() -> View | None:
            view = self.slack.sees("Morgan").view
            fields = {control["block_id"] for control in view.controls} if view is not None else set()
            return view if fields >= set(values) else None

        view = self.slack.wait_for(there, timeout=20)
        assert view is not None
        self.awaits(lambda: self.slack.submit("Morgan", view, values), f"submit {view.callback_id}")

    def awaits(self, act: Callable[[], Any], what: str) -> None:
        """Does it, and waits until something new is to be seen."""
        before = self._look()
        self._take(getattr(act(), "body", None))
        try:
            self.slack.wait_for(lambda: self._look() != before, timeout=20)
        except Exception:
            raise AssertionError(f"Nothing new was said after: {what}") from None

    def is_read(self, *names: str) -> None:
        """Looks for words that no translator ever saw, apart from these names."""
        self._look()
        pattern = re.compile("|".join(map(re.escape, (*NAMES, *names))))
        assert {words: left for words in self.read if (left := untranslated(pattern.sub("", words)))} == {}

    def has_read(self, *sentences: str) -> None:
        """Looks for these words among all that was said."""

        def missing() -> set[str]:
            self._look()
            return {sentence for sentence in sentences if not any(sentence in words for words in self.read)}

        try:
            self.slack.wait_for(lambda: not missing(), timeout=20)
        except AssertionError:
            raise AssertionError(f"Nobody said: {missing()}") from None

    def _look(self) -> list[str]:
        """Reads all that is to be seen now; gives what tells it from what is seen another time."""
        messages, views = self._messages(), self._views()
        for message in messages:
            self._take({"text": message.text, "blocks": message.blocks})
        for view in views:
            self._take(view.content)
        return [*(f"{message.ts} {message.text} {message.blocks}" for message in messages), *(v.hash for v in views)]

    def _views(self) -> list[View]:
        place = self.slack.workspaces[0]
        return [*place.homes.values(), *(view for stack in place.modals.values() for view in stack)]

    def _open(self) -> Iterator[Message | View]:
        sight = self.slack.sees("Morgan")
        if sight.view is not None:
            yield sight.view
        if sight.home is not None:
            yield sight.home
        yield from reversed(self._messages())

    def _messages(self) -> list[Message]:
        """What the app has said to Morgan, and what everybody sees."""
        said = [message for channel in list(self.slack.workspaces[0].messages.values()) for message in channel]
        ours = [
            message for message in said if message.by_bot and message.only_for in (None, self.slack.person("Morgan").id)
        ]
        return sorted(ours, key=lambda message: message.ts)

    def _take(self, part: Any, key: str = "") -> None:
        if isinstance(part, dict):
            for name, value in part.items():
                self._take(value, name)
        elif isinstance(part, list):
            for value in part:
                self._take(value, key)
        elif isinstance(part, str) and key in READ and part:
            self.read[part] = None


@pytest.fixture
def morgan(slack: LocalSlack, house: House) -> Iterator[Reader]:
    """Morgan, in a workspace that chose a language which stands in brackets."""
    with pretended():
        reader = Reader(slack)
        reader.types("/groundswell", "language Ελληνικά")
        yield reader


def test_whatever_people_type(morgan: Reader, tagger: Tagger) -> None:
    """Every command, where there is little to say and where there is more; and some that we do not understand."""
    morgan.types("/groundswell", "language")
    morgan.types("/groundswell", "language 1")
    morgan.types("/groundswell", "help")
    morgan.types("/groundswell")
    morgan.types("/groundswell", "unit")
    morgan.types("/groundswell", "unit Δήμος")
    morgan.types("/groundswell", "unit")
    morgan.types("/groundswell", "unit 1")
    morgan.types("/groundswell", "unit Δήμος")
    morgan.types("/groundswell", "unit rename Πόλη")
    morgan.types("/groundswell", "units")
    morgan.types("/groundswell", "mine")
    morgan.types("/groundswell", "mine Πόλη")
    morgan.types("/groundswell", "purpose")
    morgan.types("/groundswell", "purpose Ζεστά σπίτια")
    morgan.types("/groundswell", "purpose")
    morgan.types("/groundswell", "points")
    morgan.types("/groundswell", "points add Πύλη")
    morgan.types("/groundswell", "points")
    morgan.types("/groundswell", "points 1")
    morgan.types("/groundswell", "point")
    morgan.types("/groundswell", "point Πύλη")
    morgan.types("/groundswell", "timezone")
    morgan.types("/groundswell", "timezone 1")
    morgan.types("/demand", "help")
    morgan.types("/demand", "mine")
    morgan.types("/demand", "undo")
    morgan.types("/demand", "Πού είναι το δέμα μου;")
    morgan.types("/improve", "Ο κανόνας εμποδίζει")
    morgan.types("/demand", "mine")
    morgan.types("/demand", "search δέμα")
    morgan.types("/demand", "search τίποτα")
    morgan.types("/demand", "prefs")
    morgan.types("/demand", "about")
    morgan.types("/demand", "privacy")
    morgan.types("/groundswell", "themes")
    morgan.types("/groundswell", "theme τίποτα")
    morgan.types("/groundswell", "digest")
    morgan.types("/groundswell", "digest when")
    for words in ("on managers", "on 1", "when", "pause managers", "when", "resume managers", "set", "off managers"):
        morgan.types("/groundswell", f"digest {words}", "#managers")
    morgan.types("/groundswell", "digest on improvement", "#managers")
    morgan.types("/groundswell", "", "#managers")
    morgan.types("/groundswell", "explain 12")
    morgan.types("/groundswell", "explain")
    morgan.types("/groundswell", "unit leave")
    morgan.is_read(tagger.version, wording.version(PRETENDED))


def test_whatever_people_press(morgan: Reader, slack: LocalSlack) -> None:
    """Receipts, choices, forms, direct messages and the Home tab."""
    morgan.types("/groundswell", "unit Δήμος")
    morgan.types("/demand", "Πού είναι το δέμα μου;")
    morgan.presses("note_change")
    morgan.presses("note_kind", "1:CHASE")
    morgan.presses("note_detail")
    morgan.submits({"in_the_way": "Κανόνας"})
    morgan.types("/demand")
    form = slack.wait_for(lambda: slack.sees("Morgan").view)
    assert form is not None
    slack.fill("Morgan", form, {"words": "Περιμένω ακόμη"})
    morgan.presses("note_form_more")
    morgan.submits({"what_matters": "Σήμερα"})
    morgan.presses("note_undo")
    morgan.awaits(lambda: slack.message("Morgan", "Πότε ανοίγετε;"), "DM")
    morgan.awaits(lambda: slack.message("Morgan", "hello"), "DM")
    morgan.types("/demand", "prefs")
    morgan.presses("preference_hears", "AT_ONCE")
    morgan.types("/demand", "privacy")
    morgan.presses("own_notes_take_along")
    morgan.awaits(lambda: slack.open_home("Morgan"), "Home")
    morgan.is_read()
