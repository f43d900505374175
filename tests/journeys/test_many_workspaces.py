"""Any workspace installs the app itself, in a browser; and only whoever began may finish."""

from __future__ import annotations

import logging
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import installations, notes, workspaces
from storage.models import Beginning
from tests.conftest import HILLCREST, LARKMOOR
from tests.journeys.many import Browser, open_house, slack_of_strangers

Sees = Callable[..., Message]


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with slack_of_strangers() as slack:
        yield slack


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    with open_house(slack, home, tools={"tagger": tagger, "redactor": redactor}) as house:
        yield house


@pytest.fixture
def browser(slack: LocalSlack, house: House) -> Browser:
    return Browser(slack, house)


def test_morgan_installs_it_and_asha_uses_it(slack: LocalSlack, house: House, browser: Browser, sees: Sees) -> None:
    """From one button to the first note; the installer alone gets a message, and the workspace lives by their clock."""
    slack.person("Morgan").tz = "Europe/Dublin"
    door = browser.open(browser.at + "/slack/install")
    assert "Add to Slack" in door.words
    assert {"Morgan", "Asha"} & set(door.words.split()) == set()
    done = browser.decide(browser.open(door.link), "Morgan")
    assert done.status == 200
    assert "Groundswell is in Larkmoor Homes now." in done.words
    assert "/groundswell purpose" in done.words
    sees("Morgan", "Thank you for installing Groundswell", None)
    assert not slack.sees("Asha", None).messages
    with house.database.reading() as session:
        known = workspaces.find(session, LARKMOOR)
        assert known is not None
        assert (known.name, known.timezone) == ("Larkmoor Homes", "Europe/Dublin")
    slack.command("Asha", "/demand", "I'm still waiting for the plumber")
    sees("Asha", "Kept as note 1")
    slack.message("Asha", "And nobody rang to say why")
    sees("Asha", "Kept as note 2", None)
    assert slack.refused == []


def test_a_workspace_without_it_is_told_so_kindly(slack: LocalSlack, house: House, browser: Browser) -> None:
    """No call is made there: we have no token, and need none to answer where somebody acts."""
    browser.install("Morgan")
    calls = len(slack.calls)
    answer = slack.command("Lewis", "/demand", "My bill is wrong")
    assert "not installed in this workspace" in answer.json["text"]
    assert "My bill is wrong" in answer.json["text"]
    assert [call for call in slack.calls[calls:] if call.team_id != LARKMOOR] == []
    with house.database.reading() as session:
        assert notes.how_many(session, workspace=HILLCREST) == 0


def test_who_does_not_agree_reads_that_nothing_happened(browser: Browser, house: House) -> None:
    door = browser.open(browser.at + "/slack/install")
    left = browser.decide(browser.open(door.link), "Morgan", "no")
    assert "You did not agree in Slack, so nothing was installed." in left.words
    assert left.link == browser.at + "/slack/install"
    with house.database.reading() as session:
        assert installations.everyone(session) == []


def test_what_came_back_once_does_not_come_back_again(browser: Browser, house: House, slack: LocalSlack) -> None:
    """A reload of the last page, with the cookie put back by hand, installs nothing."""
    door = browser.open(browser.at + "/slack/install")
    [cookie] = browser.cookies
    done = browser.decide(browser.open(door.link), "Morgan")
    assert list(browser.cookies) == []
    asked = len(slack.called("oauth.v2.access"))
    assert browser.open(done.url).status == 400
    again = browser.open(done.url, Cookie=f"{cookie.name}={cookie.value}")
    assert again.status == 401
    assert "used already" in again.words
    assert len(slack.called("oauth.v2.access")) == asked


def test_another_browser_cannot_finish_what_this_one_began(browser: Browser, house: House, slack: LocalSlack) -> None:
    """Somebody who is sent a link with another's code in it installs nothing."""
    mallory = Browser(slack, house)
    door = mallory.open(browser.at + "/slack/install")
    code = slack.grants.consent(slack.workspace(HILLCREST), slack.person("Lewis"), _back(browser), slack.now())
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(door.link).query))["state"]
    sent = f"{_back(browser)}?{urllib.parse.urlencode({'code': code, 'state': state})}"
    browser.open(browser.at + "/slack/install")  # this one has begun an install of its own; the other has not
    for victim in (browser, Browser(slack, house)):
        assert victim.open(sent).status == 400
    assert slack.called("oauth.v2.access") == []


def test_a_state_that_nobody_gave_out_is_refused(browser: Browser, house: House, slack: LocalSlack) -> None:
    made_up = browser.open(f"{_back(browser)}?code=x&state=made-up", Cookie="groundswell-install=made-up")
    assert made_up.status == 401
    assert slack.called("oauth.v2.access") == []


def test_a_state_is_too_old_after_ten_minutes(browser: Browser, house: House, slack: LocalSlack) -> None:
    door = browser.open(browser.at + "/slack/install")
    with house.database.transaction() as session:
        for begun in session.exec(select(Beginning)).all():
            begun.expires_at -= timedelta(minutes=10, seconds=1)
    late = browser.decide(browser.open(door.link), "Morgan")
    assert late.status == 401
    assert "longer than ten minutes" in late.words
    assert slack.called("oauth.v2.access") == []


def test_the_state_is_not_in_the_database_as_it_is(browser: Browser, house: House) -> None:
    """Whoever reads the table cannot finish anybody's install."""
    browser.open(browser.at + "/slack/install")
    [cookie] = browser.cookies
    with house.database.reading() as session:
        [begun] = session.exec(select(Beginning)).all()
    assert cookie.value not in begun.digest
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"


@pytest.mark.parametrize("error", ["access_denied", "<script>alert(1)</script>", "https://evil.example", ""])
def test_nothing_from_the_address_comes_alive_on_the_page(browser: Browser, house: House, error: str) -> None:
    shown = browser.open(f"{_back(browser)}?{urllib.parse.urlencode({'error': error, 'state': error})}")
    assert "<script" not in shown.source
    assert "evil" not in shown.source
    assert shown.link.startswith(browser.at)
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Cache-Control"] == "no-store"


def test_a_workspaces_own_name_is_only_a_name(browser: Browser, house: House, slack: LocalSlack) -> None:
    slack.workspace(LARKMOOR).name = "<b onclick=x()>Larkmoor</b>"
    done = browser.install("Morgan")
    assert "Groundswell is in <b onclick=x()>Larkmoor</b> now." in done.words
    assert "<b " not in done.source


def test_a_link_to_us_may_name_a_workspace_and_nothing_else(browser: Browser, house: House) -> None:
    asked = urllib.parse.urlencode({"team": "T1&redirect_uri=https://evil.example"})
    assert "evil" not in browser.open(f"{browser.at}/slack/install?{asked}").source
    assert "&team=T0LARKMOOR" in browser.open(f"{browser.at}/slack/install?team=T0LARKMOOR").link


def test_when_slack_is_out_of_reach_the_page_says_so(browser: Browser, house: House, slack: LocalSlack) -> None:
    door = browser.open(browser.at + "/slack/install")
    slack.fail_next("oauth.v2.access", drop_answer=True)
    shown = browser.decide(browser.open(door.link), "Morgan")
    assert shown.status == 502
    assert "Slack cannot be reached" in shown.words


def test_when_slack_does_not_take_the_code_the_page_says_so(browser: Browser, house: House, slack: LocalSlack) -> None:
    door = browser.open(browser.at + "/slack/install")
    slack.fail_next("oauth.v2.access", error="invalid_code")
    shown = browser.decide(browser.open(door.link), "Morgan")
    assert shown.status == 401
    assert "nothing was installed" in shown.words


def test_no_secret_reaches_a_log_the_database_or_a_printout(
    slack: LocalSlack, house: House, browser: Browser, sees: Sees, caplog: pytest.LogCaptureFixture
) -> None:
    """At any level, whatever succeeds or fails."""
    for name in ("", "slack_bolt", "slack_sdk", "groundswell", "uvicorn"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    slack.grants.rotates = True
    door = browser.open(browser.at + "/slack/install")
    slack.fail_next("oauth.v2.access", error="invalid_code")
    browser.decide(browser.open(door.link), "Morgan")
    browser.install("Morgan")
    sees("Morgan", "Thank you for installing", None)
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "Kept as note 1")
    slack.uninstall(slack.workspace(LARKMOOR))
    slack.command("Asha", "/demand", "Where is my other parcel?")
    with house.database.reading() as session:
        printed = repr(installations.everyone(session))
    house.connection._opened.cache_clear()  # type: ignore[attr-defined]
    kept = b"".join(path.read_bytes() for path in house.settings.groundswell_home.rglob("*") if path.is_file())
    secrets = [house.settings.slack_client_secret, house.settings.groundswell_key, house.settings.slack_signing_secret]
    for access in slack.grants.given:
        secrets += [access.token, access.refresh_token]
    secrets += slack.grants.codes
    assert len(secrets) >= 7
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in printed
        assert secret not in repr(house.settings)
        assert secret.encode() not in kept


def _back(browser: Browser) -> str:
    return browser.at + "/slack/oauth_redirect"
