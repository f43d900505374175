"""A little Slack, our app, and the cast: everything real, over HTTP on this machine alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot import app, doors
from bot.app import House
from bot.config import Settings
from bot.playground.local_slack import LocalSlack
from bot.playground.serving import Serving
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger

ASHA, TOM, MORGAN = "Asha", "Tom", "Morgan"


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The real tagger, loaded once."""
    return Tagger.load()


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    """The real redactor, loaded once."""
    return Redactor.load()


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """Larkmoor Homes' Slack. Whatever it refused fails the test, unless the test expects it."""
    with LocalSlack(ack_within=10) as slack:
        yield slack
        assert slack.refused == []


def settings_for(slack: LocalSlack, home: Path) -> Settings:
    """Settings for an app that talks to this Slack by HTTP, and reads no file of anyone's."""
    return Settings(
        _env_file=None,
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        groundswell_home=home,
    )


@contextmanager
def reached(house: House, slack: LocalSlack) -> Iterator[None]:
    """Slack reaches this app by HTTP; in the end the app is closed."""
    with Serving(Starlette(routes=doors.routes(house, takes_slack=True))) as served:
        slack.events_url = served.url + doors.EVENTS_PATH
        yield
    house.close()


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Path:
    """Where an app keeps its notes. The tables are there already: making them takes longer than most journeys."""
    shutil.copy(sqlite_template, tmp_path / "groundswell.db")
    return tmp_path


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    """The whole product, reached by HTTP. Its clock does not tick by itself; tests tick it."""
    house = app.build(settings_for(slack, home), tagger=tagger, redactor=redactor)
    house.messenger.start()
    with reached(house, slack):
        yield house


@pytest.fixture
def finished(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Waits until whatever was begun by an act has come to its end, also what goes on after Slack has its answer."""
    listeners = house.slack.listener_runner.listener_executor
    begin, begun = listeners.submit, list[Future[None]]()

    def submit(listener: Callable[..., None], *args: object, **kwargs: object) -> Future[None]:
        begun.append(begin(listener, *args, **kwargs))
        return begun[-1]

    monkeypatch.setattr(listeners, "submit", submit)

    def wait() -> None:
        assert futures.wait(begun, timeout=30).not_done == set()

    return wait


@pytest.fixture
def sees(slack: LocalSlack) -> Callable[..., Message]:
    """Waits until somebody sees a message that says this, and gives it."""

    def wait(person: str, words: str, channel: str | None = "#general") -> Message:
        def there() -> Message | None:
            return slack.sees(person, channel).saying(words)

        message = slack.wait_for(there, timeout=30)
        assert message is not None
        return message

    return wait
