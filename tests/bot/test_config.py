"""A missing or malformed setting is one sentence that names it and says where to find its value."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot import config
from bot.config import Mode, SettingError, Settings

HOUSE = Path(__file__).parents[2]
BOT, APP, SECRET = "xoxb-1-abc", "xapp-1-abc", "0123456789abcdef"
KEY = Fernet.generate_key().decode()
MANY = {
    "slack_client_id": "1.2",
    "slack_client_secret": "a-client-secret",
    "slack_signing_secret": SECRET,
    "public_url": "https://groundswell.example",
    "groundswell_key": KEY,
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on a new machine: no settings, and no .env file at hand."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({}, Mode.LOCAL),
        ({"slack_bot_token": BOT, "slack_app_token": APP}, Mode.SOCKET),
        ({"slack_bot_token": BOT, "slack_signing_secret": SECRET}, Mode.HTTP),
        ({"slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": SECRET}, Mode.SOCKET),
        (
            {"slack_bot_token": BOT, "slack_app_token": APP, "slack_signing_secret": SECRET, "slack_mode": "http"},
            Mode.HTTP,
        ),
        (MANY, Mode.HTTP),
        (MANY | {"slack_app_token": APP, "slack_signing_secret": ""}, Mode.SOCKET),
        (MANY | {"slack_app_token": APP, "slack_mode": "http"}, Mode.HTTP),
        (MANY | {"public_url": "http://127.0.0.1:3000/"}, Mode.HTTP),
    ],
)
def test_the_tokens_decide_how_we_reach_slack(given: dict[str, Any], mode: Mode) -> None:
    assert config.read(**given).mode is mode


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"slack_bot_token": BOT}, "SLACK_APP_TOKEN"),
        ({"reaction": "an ear"}, "REACTION"),
        ({"slack_app_token": APP}, "SLACK_BOT_TOKEN"),
        ({"slack_signing_secret": SECRET}, "SLACK_BOT_TOKEN"),
        ({"slack_bot_token": "abc", "slack_app_token": APP}, "SLACK_BOT_TOKEN"),
        ({"slack_bot_token": BOT, "slack_app_token": "xoxb-no"}, "SLACK_APP_TOKEN"),
        ({"slack_bot_token": BOT, "slack_app_token": APP, "slack_mode": "http"}, "SLACK_SIGNING_SECRET"),
        ({"slack_bot_token": BOT, "slack_signing_secret": SECRET, "slack_mode": "socket"}, "SLACK_APP_TOKEN"),
        ({"slack_mode": "carrier pigeon"}, "SLACK_MODE"),
        (MANY | {"slack_bot_token": BOT}, "SLACK_BOT_TOKEN"),
        ({"slack_client_id": "1.2", "slack_bot_token": BOT, "slack_app_token": APP}, "SLACK_CLIENT_ID"),
        *((MANY | {missing: ""}, missing.upper()) for missing in MANY),
        (MANY | {"slack_mode": "socket"}, "SLACK_APP_TOKEN"),
        (MANY | {"public_url": "http://your-host"}, "PUBLIC_URL"),
        (MANY | {"public_url": "https://your-host/?x=1"}, "PUBLIC_URL"),
        (MANY | {"groundswell_key": "hush"}, "GROUNDSWELL_KEY"),
        ({"grace_days": "a while"}, "GRACE_DAYS"),
        ({"port": "http"}, "PORT"),
        ({"port": "70000"}, "PORT"),
        ({"slack_api_url": "slack"}, "SLACK_API_URL"),
        ({"database_url": "mysql://host/name"}, "DATABASE_URL"),
        ({"database_url": "just a name"}, "DATABASE_URL"),
        ({"log_level": "loud"}, "LOG_LEVEL"),
    ],
)
def test_what_does_not_fit_is_named_in_a_sentence(given: dict[str, Any], names: str) -> None:
    with pytest.raises(SettingError) as caught:
        config.read(**given)
    sentence = str(caught.value)
    assert names in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when settings are printed, and not in the sentence about a bad one."""
    settings = config.read(slack_bot_token=BOT, slack_app_token=APP, database_url="postgresql://me:hush@host/name")
    assert not any(secret in repr(settings) for secret in (BOT, APP, "hush"))
    many = repr(config.read(**MANY))
    assert not any(secret in many for secret in ("a-client-secret", KEY, SECRET))
    with pytest.raises(SettingError) as caught:
        config.read(slack_bot_token="hunter2 is my token")
    assert "hunter2" not in str(caught.value)


def test_an_empty_setting_counts_as_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that .env.example can be copied as it is."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    settings = config.read()
    assert settings.mode is Mode.LOCAL
    assert settings.port == 3000


def test_a_file_of_settings_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes("# café\nPORT=8080\n".encode("latin-1"))
    with pytest.raises(SettingError, match=r"^\.env is not UTF-8 text\. Save it as UTF-8 and try again\.$"):
        config.read()


@pytest.mark.parametrize("url", ["postgres://u:p@h/n", "postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"])
def test_postgresql_goes_by_all_its_usual_names(url: str) -> None:
    assert config.read(database_url=url).store == "postgresql+psycopg://u:p@h/n"


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingError, match="GROUNDSWELL_HOME"):
        config.read(groundswell_home=tmp_path / "file" / "home").make_home()


def test_every_setting_is_in_the_example_and_no_other() -> None:
    example = (HOUSE / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }


def test_the_example_leaves_the_container_what_it_sets_itself() -> None:
    """Docker hands over every line of a copied example; one with nothing behind it would take their place, too."""
    image = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    set_by_the_image = set(re.findall(r"^(?:ENV)? +([A-Z_]+)=", image, re.MULTILINE))
    assert {"HOST", "PORT", "GROUNDSWELL_HOME"} <= set_by_the_image
    handed_over = re.findall(r"^([A-Z_]+)=", (HOUSE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set_by_the_image.isdisjoint(handed_over)


@pytest.mark.parametrize(("port", "asked"), [("", 3000), ("8080", 8080)])
def test_the_container_asks_after_its_health_where_it_listens(
    monkeypatch: pytest.MonkeyPatch, port: str, asked: int
) -> None:
    """Also where PORT is set to nothing, and so counts as left out."""
    [check] = re.findall(
        r"^HEALTHCHECK .* CMD (\[.*\])$", (HOUSE / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    visited: list[str] = []
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr(urllib.request, "urlopen", lambda url, timeout: visited.append(url))
    exec(json.loads(check)[-1])
    assert visited == [f"http://127.0.0.1:{asked}/health"]
    assert config.read().port == asked
