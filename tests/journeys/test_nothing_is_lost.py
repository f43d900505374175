"""Whatever goes wrong, the person hears of it where they acted, and their words are kept or given back."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import app, doors
from bot.app import House
from bot.logbook import Logbook
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import notes
from storage.models import Note
from tests.conftest import LARKMOOR
from tests.journeys.conftest import reached, settings_for

Sees = Callable[..., Message]
REFERENCE = re.compile(r"G-[2-9A-Z]{6}")


class Stumbles:
    """Stands in for a tagger or a redactor, and raises with the person's words in the error while it is ill."""

    def __init__(self, real: Redactor | Tagger) -> None:
        self.real = real
        self.is_ill = False

    def __getattr__(self, name: str) -> object:
        if self.is_ill:

            def raises(words: object, **_: object) -> None:
                raise RuntimeError(f"cannot deal with {words}")

            return raises
        return getattr(self.real, name)


@pytest.fixture
def ill_tagger(tagger: Tagger) -> Stumbles:
    return Stumbles(tagger)


@pytest.fixture
def ill_redactor(redactor: Redactor) -> Stumbles:
    return Stumbles(redactor)


@pytest.fixture
def house(slack: LocalSlack, home: Path, ill_tagger: Stumbles, ill_redactor: Stumbles) -> Iterator[House]:
    house = app.build(settings_for(slack, home), tagger=ill_tagger, redactor=ill_redactor)  # type: ignore[arg-type]
    house.messenger.start()
    with reached(house, slack):
        yield house


def kept(house: House) -> list[Note]:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


@pytest.fixture
def locked(house: House) -> Iterator[Callable[[], None]]:
    """Somebody else holds the database, until the returned function is called."""
    connection = house.database.engine.raw_connection()
    connection.cursor().execute("BEGIN IMMEDIATE")
    held = True

    def release() -> None:
        nonlocal held
        if held:
            connection.rollback()
            connection.close()
        held = False

    yield release
    release()


def test_when_the_database_is_locked_the_words_come_back_with_a_reference(
    slack: LocalSlack, house: House, sees: Sees, locked: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """In time, in the place where Asha typed, and the log holds the reference but never her words."""
    answer = slack.command("Asha", "/demand", "The <b>lift</b> is stuck & nobody came")
    assert answer.status == 200
    said = sees("Asha", "this was not kept")
    assert "The &lt;b&gt;lift&lt;/b&gt; is stuck &amp; nobody came" in said.words
    [reference] = REFERENCE.findall(said.words)
    assert reference in caplog.text
    assert "lift" not in caplog.text
    locked()
    assert kept(house) == []


def test_a_form_stays_open_with_the_words_in_it(
    slack: LocalSlack, house: House, sees: Sees, locked: Callable[[], None]
) -> None:
    slack.command("Asha", "/demand")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    answer = slack.submit("Asha", form, {"words": "Please don't lose this"})
    assert REFERENCE.search("".join(answer.errors.values()))
    locked()
    assert slack.submit("Asha", form, {"words": "Please don't lose this"}).errors == {}
    assert [note.verbatim for note in kept(house)] == ["Please don't lose this"]


def test_a_direct_message_that_could_not_be_kept_is_kept_when_slack_hands_it_over_again(
    slack: LocalSlack, house: House, sees: Sees, locked: Callable[[], None]
) -> None:
    """Asha hears of it once; Slack is told to try again; then it is there, once."""
    told = slack.message("Asha", "Please don't lose this either")
    sees("Asha", "Slack will hand it to us again shortly", None)
    locked()
    slack.retry_due()
    sees("Asha", "Kept as note 1", None)
    slack.redeliver(told)
    assert len(kept(house)) == 1


def test_when_words_cannot_be_checked_for_personal_details_they_are_not_kept(
    slack: LocalSlack, house: House, sees: Sees, ill_redactor: Stumbles, caplog: pytest.LogCaptureFixture
) -> None:
    """Redaction fails closed: nothing raw is stored, and the words go back to the one who typed them."""
    ill_redactor.is_ill = True
    slack.command("Asha", "/demand", "Mr Okonkwo rang about his boiler")
    assert "Mr Okonkwo rang about his boiler" in sees("Asha", "this was not kept").words
    assert "Okonkwo" not in caplog.text
    assert kept(house) == []


def test_a_tagger_that_stumbles_costs_no_note_and_gets_another_go(
    slack: LocalSlack, house: House, sees: Sees, ill_tagger: Stumbles, caplog: pytest.LogCaptureFixture
) -> None:
    ill_tagger.is_ill = True
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "We could not tell yet what kind of note it is")
    assert "parcel" not in caplog.text
    ill_tagger.is_ill = False
    house.clock.tick()
    assert house.logbook.left_to_retag() == 0


def test_a_receipt_that_slack_does_not_take_comes_as_a_direct_message(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.fail_next("response_url", status=500)
    slack.command("Asha", "/demand", "Where is my parcel?")
    assert "Where is my parcel?" in sees("Asha", "Kept as note 1", None).words
    assert len(kept(house)) == 1


def test_when_slack_closes_the_door_on_a_form_it_says_so(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.fail_next("views.open", error="expired_trigger_id")
    slack.command("Asha", "/demand")
    sees("Asha", "Please try once more")


@pytest.mark.parametrize("words", ["😀", "😀😀 🔥", "…", "?!", "\u200b\u200b"])
def test_what_holds_no_words_is_answered_and_not_kept(slack: LocalSlack, house: House, sees: Sees, words: str) -> None:
    slack.command("Asha", "/demand", words)
    sees("Asha", "There are no words in that yet")
    assert kept(house) == []


def test_a_very_long_note_is_kept_whole(slack: LocalSlack, house: House, sees: Sees) -> None:
    words = ("Nobody tells us anything. " * 1600)[:39_990].strip()
    slack.command("Asha", "/demand", words)
    assert "Shown here in short; kept in full." in sees("Asha", "Kept as note 1").words
    assert kept(house)[0].verbatim == words


def test_what_is_longer_than_a_note_can_be_is_not_kept_and_says_so(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Asha", "x y " * 10_500)
    sees("Asha", "longer than one note can hold", None)
    assert kept(house) == []


def test_a_button_of_an_older_version_is_answered(slack: LocalSlack, house: House, sees: Sees) -> None:
    """People scroll back; a button that no longer means anything says so instead of failing."""
    slack.command("Asha", "/demand", "Where is my parcel?")
    old = sees("Asha", "Kept as note 1")
    for block in old.blocks:
        for element in block.get("elements", []):
            element["action_id"] = str(element.get("action_id", "")) + "_of_yore"
    slack.press("Asha", old, "Undo")
    sees("Asha", "an earlier version of this message")


def test_tom_cannot_change_what_asha_passed_on(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "Kept as note 1")
    logbook: Logbook = house.logbook
    with pytest.raises(Exception, match="Only the person who passed this note on"):
        logbook.undo(kept(house)[0].id or 0, workspace=LARKMOOR, by="U0TOM000001")
    with pytest.raises(Exception, match="no longer here"):
        logbook.undo(kept(house)[0].id or 0, workspace="T0ANOTHER", by="U0ASHA00001")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"payload=%7Bnot+json", "application/x-www-form-urlencoded"),
        (b"{not json", "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b'{"type": "event_callback"}', "application/json"),
        (b'{"type": "event_callback", "team_id": "T0LARKMOOR", "event": {"type": "message"}}', "application/json"),
        (b"payload=" + urllib.parse.quote('{"type": "block_actions"}').encode(), "application/x-www-form-urlencoded"),
        (b"payload=" + urllib.parse.quote('{"type": "view_submission"}').encode(), "application/x-www-form-urlencoded"),
        (b"command=%2Fdemand", "application/x-www-form-urlencoded"),
    ],
)
def test_a_malformed_request_never_breaks_us(slack: LocalSlack, house: House, body: bytes, content_type: str) -> None:
    """Properly signed and still not what Slack sends: an answer below 500, and the next note is heard."""
    status, _ = post(slack, body, content_type)
    assert status < 500
    assert slack.command("Asha", "/demand", "help").status == 200


def test_what_slack_did_not_sign_is_refused(slack: LocalSlack, house: House) -> None:
    status, _ = post(replace_secret(slack), b"command=%2Fdemand&text=hello", "application/x-www-form-urlencoded")
    assert status == 401
    assert kept(house) == []


def test_what_slack_signed_long_ago_is_refused(slack: LocalSlack, house: House) -> None:
    """Somebody may have listened in, and play it to us again."""
    body = urllib.parse.urlencode({"command": "/demand", "text": "hello", "team_id": LARKMOOR}).encode()
    status, _ = post(slack, body, "application/x-www-form-urlencoded", seconds_ago=301)
    assert status == 401
    assert kept(house) == []


def test_the_health_page_says_whether_we_can_work(slack: LocalSlack, house: House) -> None:
    status, said = ask(slack, "GET", "/health")
    assert (status, json.loads(said)) == (200, {"status": "ok"})


class Signer:
    def __init__(self, url: str, secret: str) -> None:
        self.events_url, self.signing_secret = url, secret


def replace_secret(slack: LocalSlack) -> Signer:
    return Signer(str(slack.events_url), "somebody else's secret")


def post(slack: LocalSlack | Signer, body: bytes, content_type: str, *, seconds_ago: int = 0) -> tuple[int, bytes]:
    stamp = str(int(time.time()) - seconds_ago)
    mac = hmac.new(slack.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    headers = {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={mac.hexdigest()}",
    }
    return ask(slack, "POST", doors.EVENTS_PATH, body, headers)


def ask(
    slack: LocalSlack | Signer, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    url = urllib.parse.urlsplit(str(slack.events_url))
    with contextlib.closing(http.client.HTTPConnection(str(url.hostname), url.port, timeout=10)) as connection:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
