"""The one reader of the environment. What is missing or malformed is said in a sentence, with where to find it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import platformdirs
from cryptography.fernet import Fernet
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SLACK = "https://slack.com/api/"


LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingError(Exception):
    """A setting is missing or malformed. The message names it and says what to do."""


class Mode(StrEnum):
    """How we reach Slack."""

    LOCAL = "local"
    SOCKET = "socket"
    HTTP = "http"


def _token(name: str, prefix: str, where: str) -> BeforeValidator:
    def check(value: object) -> object:
        text = str(value).strip()
        if text and not (text.startswith(prefix) and text.isascii() and " " not in text):
            raise ValueError(
                f"{name} should start with {prefix}. Copy it from your app's page on api.slack.com: {where}."
            )
        return text

    return BeforeValidator(check)


def _port(value: object) -> object:
    if re.fullmatch(r"\d{1,5}", str(value).strip()) and int(str(value)) <= 65535:
        return int(str(value))
    raise ValueError("PORT should be a whole number from 0 to 65535, such as 3000.")


def _api_url(value: object) -> object:
    url = str(value).strip()
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise ValueError(f"SLACK_API_URL should be a web address such as {SLACK}. Leave it out to reach Slack itself.")
    return url if url.endswith("/") else url + "/"


def _database_url(value: object) -> object:
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", str(value).strip())
    if not text:
        return text
    advice = "DATABASE_URL should look like sqlite:////data/groundswell.db or postgresql://user:password@host/name."
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(advice) from error
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError(advice)
    return text


def _public_url(value: object) -> object:
    url = str(value).strip().rstrip("/")
    there = urlsplit(url)
    safe = there.scheme == "https" or (there.scheme == "http" and there.hostname in LOOPBACK)
    if not url or (safe and there.hostname and not there.query and not there.fragment and not re.search(r"\s", url)):
        return url
    raise ValueError("PUBLIC_URL should be the https address at which people reach us, such as https://your-host.")


def _keys(value: object) -> object:
    keys = [key.strip() for key in str(value).split(",") if key.strip()]
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise ValueError(
            "GROUNDSWELL_KEY should be a key made by `groundswell key`, or several with commas between them."
        ) from None
    return ",".join(keys)


def _emoji(value: object) -> object:
    name = str(value).strip().strip(":").lower()
    if re.fullmatch(r"[a-z0-9_+'-]{0,100}", name):
        return name
    raise ValueError("REACTION should be the name of one emoji, such as ear. Leave it out to read no messages.")


def _days(value: object) -> object:
    if re.fullmatch(r"\d{1,4}", str(value).strip()):
        return int(str(value))
    raise ValueError("GRACE_DAYS should be a whole number of days, such as 30.")


def _log_level(value: object) -> object:
    level = str(value).strip().upper()
    if level in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        return level
    raise ValueError("LOG_LEVEL should be DEBUG, INFO, WARNING or ERROR.")


class Settings(BaseSettings):
    """Everything that can be set, by environment variable or in a file called `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    slack_bot_token: Annotated[str, _token("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions, Bot User OAuth Token")] = (
        Field(default="", repr=False)
    )
    slack_app_token: Annotated[
        str, _token("SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens, with connections:write")
    ] = Field(default="", repr=False)
    slack_signing_secret: str = Field(default="", repr=False)
    slack_mode: str = ""
    slack_api_url: Annotated[str, BeforeValidator(_api_url)] = SLACK
    slack_client_id: str = ""
    slack_client_secret: str = Field(default="", repr=False)
    public_url: Annotated[str, BeforeValidator(_public_url)] = ""
    groundswell_key: Annotated[str, BeforeValidator(_keys)] = Field(default="", repr=False)
    grace_days: Annotated[int, BeforeValidator(_days)] = 30
    reaction: Annotated[str, BeforeValidator(_emoji)] = ""
    host: str = "127.0.0.1"
    port: Annotated[int, BeforeValidator(_port)] = 3000
    database_url: Annotated[str, BeforeValidator(_database_url)] = Field(default="", repr=False)
    groundswell_home: Path = Path(platformdirs.user_data_dir("groundswell", appauthor=False))
    nlp_model: str = ""
    log_level: Annotated[str, BeforeValidator(_log_level)] = "INFO"

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        """Say what is missing for the way of reaching Slack that the other settings ask for."""
        if self.slack_mode not in {"", "socket", "http"}:
            raise ValueError("SLACK_MODE should be socket or http. Leave it out to let the tokens decide.")
        if self.slack_client_id or self.slack_client_secret:
            self._fit_many()
            return self
        wanted = self.slack_mode or ("socket" if self.slack_app_token else "http" if self.slack_signing_secret else "")
        if wanted and not self.slack_bot_token:
            raise ValueError(
                "SLACK_BOT_TOKEN is missing. It starts with xoxb-; "
                "find it on api.slack.com under your app, OAuth & Permissions."
            )
        if wanted == "socket" and not self.slack_app_token:
            raise ValueError(
                "SLACK_APP_TOKEN is missing. It starts with xapp-; "
                "make one on api.slack.com under your app, Basic Information, App-Level Tokens."
            )
        if wanted == "http" and not self.slack_signing_secret:
            raise ValueError(
                "SLACK_SIGNING_SECRET is missing. Find it on api.slack.com under your app, Basic Information."
            )
        if self.slack_bot_token and not wanted:
            raise ValueError(
                "SLACK_BOT_TOKEN is set, but there is no way for Slack to reach us yet: add SLACK_APP_TOKEN for "
                "Socket Mode or SLACK_SIGNING_SECRET for HTTP. Both are on api.slack.com under Basic Information."
            )
        return self

    def _fit_many(self) -> None:
        """The same for many workspaces. Bolt would quietly leave the bot token aside; we say which of the two it is."""
        if self.slack_bot_token:
            raise ValueError(
                "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID with SLACK_CLIENT_SECRET for many, and both "
                "are set: remove whichever you do not mean from the environment or .env."
            )
        by_socket = self.slack_mode == "socket" or (self.slack_app_token and self.slack_mode != "http")
        credentials = "find it on api.slack.com under your app, Basic Information, App Credentials"
        for name, value, where in (
            ("SLACK_CLIENT_ID", self.slack_client_id, credentials),
            ("SLACK_CLIENT_SECRET", self.slack_client_secret, credentials),
            ("SLACK_SIGNING_SECRET", self.slack_signing_secret or by_socket, credentials),
            (
                "SLACK_APP_TOKEN",
                self.slack_app_token or not by_socket,
                "make one on api.slack.com under your app, Basic Information, App-Level Tokens",
            ),
            (
                "PUBLIC_URL",
                self.public_url,
                "it is the https address at which people reach us, such as https://your-host",
            ),
            ("GROUNDSWELL_KEY", self.groundswell_key, "make one with `groundswell key`, and keep it safe"),
        ):
            if not value:
                raise ValueError(f"{name} is missing, which many workspaces need: {where}.")

    @property
    def many(self) -> bool:
        """Whether any number of workspaces may install us, each with a token of its own."""
        return bool(self.slack_client_id)

    @property
    def grace(self) -> timedelta:
        """How long everything of a workspace is kept after the app was removed from it."""
        return timedelta(days=self.grace_days)

    @property
    def mode(self) -> Mode:
        """How we reach Slack: what `SLACK_MODE` says, else what the tokens allow, else a workspace of our own."""
        if not self.slack_bot_token and not self.many:
            return Mode.LOCAL
        if self.slack_mode:
            return Mode(self.slack_mode)
        return Mode.SOCKET if self.slack_app_token else Mode.HTTP

    @property
    def store(self) -> str:
        """The database to use: `DATABASE_URL`, or a file in our home folder."""
        return self.database_url or f"sqlite:///{self.groundswell_home / 'groundswell.db'}"

    def make_home(self) -> Path:
        """Our home folder, made if need be.

        Raises:
            SettingError: the folder cannot be made or written to.
        """
        home = self.groundswell_home
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingError(
                f"GROUNDSWELL_HOME is {home}, which cannot be made: {error.strerror}. Choose a folder you may write to."
            ) from error
        if not os.access(home, os.W_OK):
            raise SettingError(f"GROUNDSWELL_HOME is {home}, which cannot be written to. Choose a folder that can.")
        return home


def read(**overrides: Any) -> Settings:
    """Read the settings from the environment, a `.env` file and, above both, `overrides`.

    Raises:
        SettingError: one sentence for each setting that is missing or malformed, or one on a `.env` that is no text.
    """
    try:
        return Settings(**overrides)
    except UnicodeDecodeError:
        raise SettingError(".env is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except ValidationError as error:
        raise SettingError("\n".join(_sentence(problem) for problem in error.errors())) from None


def _sentence(problem: Any) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    name = "_".join(str(part) for part in problem["loc"]).upper()
    return f"{name} cannot be read: {problem['msg']}. See .env.example for what it should look like."
