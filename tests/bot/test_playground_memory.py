"""A restart of the little Slack: yesterday's messages are there, and no id is ever given twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground import memory
from bot.playground.local_slack import LocalSlack

REPAIRS = "C0REPAIRS01"


def slack_of(path: Path, now: datetime) -> LocalSlack:
    slack = LocalSlack(
        manifest={"features": {"app_home": {"home_tab_enabled": True}}},
        scopes=["chat:write", "files:write"],
        clock=lambda: now,
    )
    slack.remember(path)
    return slack


def test_a_restart_finds_the_workspace_as_it_was(tmp_path: Path, now: datetime) -> None:
    """Messages, reactions, Home tabs, pictures and what each person has read; not what only one person saw."""
    path = tmp_path / "home" / "workspace.json"
    with slack_of(path, now) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        words = {"type": "section", "text": {"type": "mrkdwn", "text": "A *digest* with ≋"}}
        client.chat_postMessage(channel=REPAIRS, text="A digest", blocks=[words])
        client.chat_postEphemeral(channel=REPAIRS, user="U0ASHA00001", text="Only Asha")
        client.views_publish(user_id="U0ASHA00001", view={"type": "home", "blocks": [words]})
        client.files_upload_v2(channel=REPAIRS, content=b"\x89PNG", filename="chart.png", alt_txt="A chart")
        slack.message("Tom", "Good morning")
        slack.react("Tom", slack.sees("Tom", "#repairs-line")[0], "ear")
        slack.archive(slack.workspaces[0].channels["C0FRONTDESK"])
        before = [message.ts for message in slack.sees("Tom", "#repairs-line")]
        slack.workspaces[0].read_up_to["U0TOM000001", REPAIRS] = before[-1]
    with slack_of(path, now) as slack:
        seen = slack.sees("Asha", "#repairs-line")
        assert [message.ts for message in seen] == before
        assert seen[0].words == "A *digest* with ≋"
        assert seen[0].reactions == {"ear": ["U0TOM000001"]}
        assert seen.home is not None
        assert seen.home.words == "A *digest* with ≋"
        assert seen.ephemerals == []
        assert slack.sees("Tom").words == "Good morning"
        [picture] = slack.workspaces[0].files.values()
        assert picture.content == b"\x89PNG"
        assert slack.workspaces[0].channels["C0FRONTDESK"].is_archived
        assert slack.workspaces[0].read_up_to["U0TOM000001", REPAIRS] == before[-1]


def test_ids_are_not_given_twice_even_if_the_clock_goes_back(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "workspace.json"
    first = slack_of(path, now)
    first.message("Tom", "Before")
    first.close_down()
    second = slack_of(path, now - timedelta(days=1))
    second.message("Tom", "After")
    second.close_down()
    ts = [message.ts for message in second.sees("Tom")]
    assert len(set(ts)) == 2
    assert sorted(ts) == ts


def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, now: datetime) -> None:
    """The workspace begins anew, and what was there can still be looked at."""
    path = tmp_path / "workspace.json"
    path.write_text('{"format": 1, "last_ts"', "utf-8")
    slack = slack_of(path, now)
    slack.message("Tom", "A new beginning")
    slack.close_down()
    assert path.with_suffix(".unreadable").read_text("utf-8") == '{"format": 1, "last_ts"'
    assert json.loads(path.read_text("utf-8"))["format"] == memory.FORMAT


def test_a_change_is_written_without_being_asked(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon after it happened, so that little is lost when the process is killed."""
    monkeypatch.setattr(memory, "SETTLES_AFTER", 0.0)
    path = tmp_path / "workspace.json"
    slack = slack_of(path, now)
    slack.message("Tom", "Written down")

    def kept() -> Any:
        return path.exists() and "Written down" in path.read_text("utf-8")

    slack.wait_for(kept)
    slack.close_down()
    assert not path.with_suffix(".new").exists()


def test_a_channel_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    slack = slack_of(path, datetime(2026, 5, 4, tzinfo=UTC))
    for number in range(memory.KEPT_IN_A_CHANNEL + 1):
        slack.message("Tom", str(number))
    slack.close_down()
    again = slack_of(path, datetime(2026, 5, 4, tzinfo=UTC))
    assert len(again.sees("Tom")) == memory.KEPT_IN_A_CHANNEL
    assert again.sees("Tom")[0].text == "1"
    again.close_down()
