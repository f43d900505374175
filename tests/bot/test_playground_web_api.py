"""The Web API of the little Slack over real HTTP: who may do what, what is refused, what goes wrong on purpose."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.playground.local_slack import LocalSlack
from bot.playground.manifest import Parameter, Step
from tests.bot.playground_help import (
    Clock,
    client_of,
    refusal,
    said,
    slack_of_two_workspaces,
)

ASHA, TOM = "U0ASHA00001", "U0TOM000001"
REPAIRS, MANAGERS, GENERAL = "C0REPAIRS01", "C0MANAGERS1", "C0GENERAL01"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with slack_of_two_workspaces(clock) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return client_of(slack, slack.bot_token)


# -- who is asking ---------------------------------------------------------------------------------------------------


def test_a_token_must_be_there_and_be_right(slack: LocalSlack) -> None:
    assert refusal(lambda: client_of(slack, None).auth_test()) == "not_authed"
    assert refusal(lambda: client_of(slack, "xoxb-somebody-elses").auth_test()) == "invalid_auth"
    assert refusal(lambda: client_of(slack, slack.app_token).auth_test()) == "not_allowed_token_type"
    assert refusal(lambda: client_of(slack, slack.bot_token).apps_connections_open(app_token=slack.bot_token)) == (
        "not_allowed_token_type"
    )


def test_the_token_may_come_in_the_body_too(slack: LocalSlack) -> None:
    form = f"token={slack.bot_token}".encode()
    status, answer = said(f"{slack.api_url}auth.test", form, "application/x-www-form-urlencoded")
    assert (status, answer["team_id"]) == (200, "T0LARKMOOR")
    assert slack.calls[-1].arguments == {}


def test_tokens_are_never_kept_among_the_calls(slack: LocalSlack, client: WebClient) -> None:
    client.chat_postMessage(channel=REPAIRS, text="Good morning")
    assert slack.bot_token not in repr(slack.calls)


def test_a_missing_scope_is_named(slack: LocalSlack, client: WebClient) -> None:
    slack.workspaces[0].scopes = frozenset({"chat:write"})
    with pytest.raises(SlackApiError) as caught:
        client.users_info(user=ASHA)
    assert caught.value.response.data == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write",
    }


def test_each_sort_of_channel_has_its_own_scope(slack: LocalSlack, client: WebClient) -> None:
    slack.workspaces[0].scopes = frozenset({"channels:read"})
    client.conversations_info(channel=REPAIRS)
    assert refusal(lambda: client.conversations_info(channel=MANAGERS)) == "missing_scope"
    assert refusal(lambda: client.users_conversations(types="public_channel,private_channel")) == "missing_scope"


def test_an_unknown_method_and_an_unknown_argument_are_refused(slack: LocalSlack, client: WebClient) -> None:
    assert refusal(lambda: client.api_call("chat.shout")) == "unknown_method"
    assert refusal(lambda: client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"
    wrong = {"channel": REPAIRS, "text": "x", "thread": "1"}
    assert refusal(lambda: client.api_call("chat.postMessage", json=wrong)) == "invalid_arguments"
    assert slack.calls[-1].answer["response_metadata"]["messages"] == [
        "[ERROR] invalid additional property: thread [json-pointer:/thread]"
    ]


def test_methods_that_take_forms_do_not_read_json(client: WebClient) -> None:
    assert refusal(lambda: client.api_call("users.info", json={"user": ASHA})) == "invalid_arguments"
    user = client.users_info(user=ASHA)["user"]
    assert (user["tz"], user["tz_offset"]) == ("Europe/London", 3600)


def test_one_workspace_never_sees_another(slack: LocalSlack, client: WebClient) -> None:
    """The same ids mean other people and other channels under another token."""
    theirs = client_of(slack, slack.workspaces[1].bot_token)
    posted = client.chat_postMessage(channel=REPAIRS, text="For Larkmoor alone")
    assert refusal(lambda: theirs.chat_postMessage(channel=REPAIRS, text="Hello")) == "channel_not_found"
    assert theirs.users_info(user=ASHA)["user"]["real_name"] == "Priya"
    assert client.users_info(user=ASHA)["user"]["real_name"] == "Asha"
    theirs.chat_postMessage(channel=GENERAL, text="For Hillcrest alone")
    assert slack.sees("Priya", "#general").words == "For Hillcrest alone"
    assert len(slack.sees("Asha", "#general")) == 0
    assert refusal(lambda: theirs.chat_update(channel=GENERAL, ts=posted["ts"], text="x")) == "message_not_found"


def test_an_app_that_was_removed_can_do_nothing(slack: LocalSlack, client: WebClient) -> None:
    slack.uninstall()
    assert refusal(lambda: client.auth_test()) == "account_inactive"


# -- messages --------------------------------------------------------------------------------------------------------


def test_the_bot_writes_only_where_it_may(slack: LocalSlack, client: WebClient) -> None:
    assert refusal(lambda: client.chat_postMessage(channel="C0NOWHERE01", text="x")) == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel=GENERAL, text="x")) == "not_in_channel"
    slack.remove_bot(slack.workspaces[0].channels[MANAGERS])
    assert refusal(lambda: client.chat_postMessage(channel=MANAGERS, text="x")) == "channel_not_found"
    slack.archive(slack.workspaces[0].channels[REPAIRS])
    assert refusal(lambda: client.chat_postMessage(channel=REPAIRS, text="x")) == "is_archived"


def test_a_person_as_channel_is_a_direct_message(slack: LocalSlack, client: WebClient) -> None:
    assert client.chat_postMessage(channel=ASHA, text="Good morning")["channel"] == "D0ASHA00001"
    assert slack.sees("Asha").words == "Good morning"
    assert len(slack.sees("Tom")) == 0
    slack.deactivate("Asha")
    assert refusal(lambda: client.chat_postMessage(channel=ASHA, text="x")) == "channel_not_found"


def test_an_ephemeral_is_for_members_and_cannot_be_changed_by_its_ts(slack: LocalSlack, client: WebClient) -> None:
    told = client.chat_postEphemeral(channel=REPAIRS, user=ASHA, text="Only you")
    assert slack.sees("Asha", "#repairs-line").ephemerals[0].text == "Only you"
    assert slack.sees("Tom", "#repairs-line").messages == []
    ts = told["message_ts"]
    assert refusal(lambda: client.chat_update(channel=REPAIRS, ts=ts, text="x")) == "message_not_found"
    assert refusal(lambda: client.chat_delete(channel=REPAIRS, ts=ts)) == "message_not_found"
    stranger = lambda: client.chat_postEphemeral(channel=MANAGERS, user=TOM, text="x")  # noqa: E731
    assert refusal(stranger) == "user_not_in_channel"


def test_the_bot_changes_and_deletes_only_its_own_words(slack: LocalSlack, client: WebClient) -> None:
    slack.message("Tom", "Mine", "#repairs-line")
    theirs = slack.sees("Tom", "#repairs-line")[0].ts
    assert refusal(lambda: client.chat_update(channel=REPAIRS, ts=theirs, text="x")) == "cant_update_message"
    assert refusal(lambda: client.chat_delete(channel=REPAIRS, ts=theirs)) == "cant_delete_message"
    ours = client.chat_postMessage(channel=REPAIRS, text="One", metadata={"event_type": "a", "event_payload": {}})
    client.chat_update(channel=REPAIRS, ts=ours["ts"], text="Two")
    message = slack.sees("Tom", "#repairs-line").saying("Two")
    assert message is not None
    assert message.metadata == {"event_type": "a", "event_payload": {}}
    client.chat_delete(channel=REPAIRS, ts=ours["ts"])
    assert slack.sees("Tom", "#repairs-line").saying("Two") is None


def test_a_thread_hangs_from_its_first_message(slack: LocalSlack, client: WebClient) -> None:
    first = client.chat_postMessage(channel=REPAIRS, text="First")["ts"]
    reply = client.chat_postMessage(channel=REPAIRS, text="Reply", thread_ts=first)["ts"]
    deeper = lambda: client.chat_postMessage(channel=REPAIRS, text="x", thread_ts=reply)  # noqa: E731
    assert refusal(deeper) == "cannot_reply_to_message"
    assert [m["text"] for m in client.conversations_history(channel=REPAIRS)["messages"]] == ["First"]
    assert [m["text"] for m in client.conversations_replies(channel=REPAIRS, ts=first)["messages"]] == [
        "First",
        "Reply",
    ]


def test_lists_come_in_pages(slack: LocalSlack, client: WebClient) -> None:
    """A page may be shorter than what was asked for; only an empty cursor is the end."""
    slack.page_size = 2
    seen: list[str] = []
    cursor, pages = None, 0
    while cursor != "":
        page = client.conversations_members(channel=REPAIRS, limit=200, cursor=cursor)
        seen, cursor, pages = seen + page["members"], page["response_metadata"]["next_cursor"], pages + 1
    assert (pages, len(seen)) == (2, 4)
    assert refusal(lambda: client.conversations_members(channel=REPAIRS, cursor="nonsense!")) == "invalid_cursor"
    assert refusal(lambda: client.conversations_members(channel=REPAIRS, limit=1001)) == "invalid_limit"


def test_a_reaction_is_added_once(slack: LocalSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=REPAIRS, text="One")["ts"]
    client.reactions_add(channel=REPAIRS, timestamp=ts, name="ear")
    again = lambda name: lambda: client.reactions_add(channel=REPAIRS, timestamp=ts, name=name)  # noqa: E731
    assert refusal(again("ear")) == "already_reacted"
    assert refusal(again(":ear:")) == "invalid_name"
    message = client.reactions_get(channel=REPAIRS, timestamp=ts)["message"]
    assert message["reactions"] == [{"name": "ear", "users": ["U0GROUNDSW"], "count": 1}]


def test_every_message_has_a_ts_of_its_own(slack: LocalSlack, client: WebClient) -> None:
    """Even where the clock stands still."""
    ts = [client.chat_postMessage(channel=REPAIRS, text="x")["ts"] for _ in range(5)]
    assert len(set(ts)) == 5
    assert sorted(ts) == ts


# -- files -----------------------------------------------------------------------------------------------------------


def test_a_picture_is_uploaded_in_three_steps(slack: LocalSlack, client: WebClient) -> None:
    client.files_upload_v2(
        channel=REPAIRS, content=b"\x89PNG", filename="chart.png", title="Notes logged", alt_txt="A chart"
    )
    message = slack.sees("Asha", "#repairs-line")[0]
    assert (message.files[0]["title"], message.files[0]["alt_txt"]) == ("Notes logged", "A chart")
    with urllib.request.urlopen(message.files[0]["url_private"], timeout=5) as response:
        assert response.read() == b"\x89PNG"
        assert response.headers["content-type"] == "image/png"
    shown = {"type": "image", "slack_file": {"id": message.files[0]["id"]}, "alt_text": "A chart"}
    client.chat_postMessage(channel=REPAIRS, text="A chart", blocks=[shown])


def test_an_upload_must_be_exact_and_complete(slack: LocalSlack, client: WebClient) -> None:
    told = client.files_getUploadURLExternal(filename="a.png", length=4)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(urllib.request.Request(told["upload_url"], b"five!"), timeout=5)
    file = [{"id": told["file_id"], "title": "A"}]
    assert refusal(lambda: client.files_completeUploadExternal(files=file, channel_id=REPAIRS)) == "file_not_found"
    with urllib.request.urlopen(urllib.request.Request(told["upload_url"], b"four"), timeout=5) as response:
        assert response.status == 200
    complete = lambda place: lambda: client.files_completeUploadExternal(files=file, channel_id=place)  # noqa: E731
    assert refusal(complete(ASHA)) == "invalid_arguments"
    assert refusal(complete("#repairs-line")) == "invalid_arguments"
    assert refusal(complete("C0NOWHERE01")) == "channel_not_found"
    assert refusal(complete(GENERAL)) == "not_in_channel"
    complete(REPAIRS)()
    long = lambda: client.files_getUploadURLExternal(filename="a", length=1, alt_txt="x" * 1001)  # noqa: E731
    assert refusal(long) == "alt_txt_too_large"


# -- what goes wrong on purpose --------------------------------------------------------------------------------------


def test_a_call_can_be_made_to_fail(slack: LocalSlack, client: WebClient) -> None:
    """A failure that a test has asked for does no work, and is not counted as the app's mistake."""
    slack.fail_next("chat.postMessage", error="fatal_error")
    assert refusal(lambda: client.chat_postMessage(channel=REPAIRS, text="x")) == "fatal_error"
    assert len(slack.sees("Asha", "#repairs-line")) == 0
    client.chat_postMessage(channel=REPAIRS, text="x")
    assert slack.refused == []
    assert [call.error for call in slack.called("chat.postMessage")] == ["fatal_error", None]


def test_a_call_can_be_told_to_wait(slack: LocalSlack) -> None:
    slack.fail_next("chat.postMessage", status=429, retry_after=0)
    patient = WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[RateLimitErrorRetryHandler()])
    patient.chat_postMessage(channel=REPAIRS, text="x")
    assert len(slack.called("chat.postMessage")) == 2
    assert len(slack.sees("Asha", "#repairs-line")) == 1


def test_an_answer_can_be_lost_after_the_work_was_done(slack: LocalSlack, client: WebClient) -> None:
    """The message is there, and the app does not know: whoever tries again posts twice."""
    slack.fail_next("chat.postMessage", drop_answer=True)
    with pytest.raises((OSError, http.client.HTTPException)):
        client.chat_postMessage(channel=REPAIRS, text="x")
    assert len(slack.sees("Asha", "#repairs-line")) == 1
    slack.fail_next("chat.postMessage", drop_answer=True)
    WebClient(slack.bot_token, base_url=slack.api_url).chat_postMessage(channel=REPAIRS, text="y")
    assert [message.text for message in slack.sees("Asha", "#repairs-line")] == ["x", "y", "y"]


def test_a_server_error_is_an_http_error(slack: LocalSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", status=503, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel=REPAIRS, text="x")
        assert caught.value.response.status_code == 503
    client.chat_postMessage(channel=REPAIRS, text="x")


def test_a_step_ends_once_and_as_the_manifest_promises(slack: LocalSlack, client: WebClient) -> None:
    outputs = (Parameter("note", "string", "Note", is_required=True), Parameter("who", "slack#/types/user_id", "Who"))
    step = Step("log", "Log", "Logs", outputs=outputs)
    run = slack.executions.begin(step, {}, team_id=slack.workspaces[0].id, person="U0TOM000001")

    def ends(**given: Any) -> str | None:
        return refusal(lambda: client.api_call("functions.completeSuccess", params=given))

    assert ends(function_execution_id=run.id) == "invalid_arguments"
    assert ends(function_execution_id="Fx0", outputs="{}") == "function_execution_not_found"
    assert ends(function_execution_id=run.id, outputs="{") == "invalid_arguments"
    for wrong in ("[]", "{}", '{"note": 1}', '{"note": "1", "who": "Tom"}', '{"note": "1", "more": "x"}'):
        assert ends(function_execution_id=run.id, outputs=wrong) == "parameter_validation_failed"
    assert run.state == "running"
    client_of(slack, run.token).functions_completeSuccess(function_execution_id=run.id, outputs={"note": "1"})
    assert refusal(lambda: client_of(slack, run.token).auth_test()) == "invalid_auth"  # its token ends with it
    assert (run.state, run.outputs) == ("done", {"note": "1"})
    again = refusal(lambda: client.functions_completeError(function_execution_id=run.id, error="No"))
    assert again == "function_execution_already_ended"


def test_a_step_may_end_with_a_sentence_that_says_why(slack: LocalSlack, client: WebClient) -> None:
    step = Step("log", "Log", "Logs")
    run = slack.executions.begin(step, {}, team_id=slack.workspaces[0].id, person="U0TOM000001")
    assert refusal(lambda: client.functions_completeError(function_execution_id=run.id, error="")) == (
        "invalid_arguments"
    )
    assert refusal(lambda: client.functions_completeError(function_execution_id=run.id, error="x" * 3001)) == (
        "invalid_arguments"
    )
    client.functions_completeError(function_execution_id=run.id, error="There are no words in that.")
    assert (run.state, run.error) == ("failed", "There are no words in that.")
