"""How the little Slack gives out tokens: as strictly as Slack, so that what we do about them is really tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.playground import granting, people
from bot.playground.local_slack import LocalSlack
from tests.bot.playground_help import EVERYTHING, Clock, client_of, refusal

BACK = "http://127.0.0.1:1/slack/oauth_redirect"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    workspaces = [people.larkmoor(), people.hillcrest()]
    for workspace in workspaces:
        workspace.bot_token, workspace.installed = "", False
        workspace.enterprise_id, workspace.enterprise_name = "E0GROUP", "The group"
    with LocalSlack(workspaces=workspaces, scopes=EVERYTHING, clock=clock) as slack:
        slack.grants.redirect_urls = ["http://127.0.0.1:1"]
        yield slack


def consent(slack: LocalSlack, *, org_wide: bool = False) -> str:
    workspace = slack.workspace("Larkmoor Homes")
    return slack.grants.consent(workspace, slack.person("Morgan"), BACK, slack.now(), org_wide=org_wide)


def asked(slack: LocalSlack, *, secret: str = granting.CLIENT_SECRET, **fields: str) -> SlackResponse:
    return client_of(slack, None).oauth_v2_access(client_id=granting.CLIENT_ID, client_secret=secret, **fields)


def test_a_code_works_once_and_for_its_own_address(slack: LocalSlack) -> None:
    code = consent(slack)
    assert refusal(lambda: asked(slack, code=code, redirect_uri="http://127.0.0.1:1/other")) == "bad_redirect_uri"
    assert refusal(lambda: asked(slack, secret="guess", code=code, redirect_uri=BACK)) == "bad_client_secret"
    told = asked(slack, code=code, redirect_uri=BACK)
    assert client_of(slack, told["access_token"]).auth_test()["team_id"] == "T0LARKMOOR"
    assert refusal(lambda: asked(slack, code=code, redirect_uri=BACK)) == "code_already_used"
    assert refusal(lambda: asked(slack, code="made up", redirect_uri=BACK)) == "invalid_code"


def test_a_code_is_too_old_after_ten_minutes(slack: LocalSlack, clock: Clock) -> None:
    code = consent(slack)
    clock.forward(minutes=11)
    assert refusal(lambda: asked(slack, code=code, redirect_uri=BACK)) == "invalid_code"


def test_a_rotated_token_runs_out_and_its_refresh_token_works_once(slack: LocalSlack, clock: Clock) -> None:
    slack.grants.rotates = True
    first = asked(slack, code=consent(slack), redirect_uri=BACK)
    second = asked(slack, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert refusal(lambda: asked(slack, grant_type="refresh_token", refresh_token=first["refresh_token"])) == (
        "invalid_refresh_token"
    )
    assert client_of(slack, first["access_token"]).auth_test()["ok"]
    clock.at += timedelta(hours=13)
    assert refusal(lambda: client_of(slack, second["access_token"]).auth_test()) == "token_expired"


def test_a_removed_apps_token_is_dead(slack: LocalSlack) -> None:
    told = asked(slack, code=consent(slack), redirect_uri=BACK)
    slack.uninstall(slack.workspace("Larkmoor Homes"))
    assert refusal(lambda: client_of(slack, told["access_token"]).auth_test()) == "account_inactive"


def test_an_organisations_token_is_good_in_all_its_workspaces(slack: LocalSlack) -> None:
    told = asked(slack, code=consent(slack, org_wide=True), redirect_uri=BACK)
    assert told["team"] is None
    assert told["is_enterprise_install"]
    client: WebClient = client_of(slack, told["access_token"])
    assert refusal(lambda: client.users_list()) == "missing_argument"
    names = {person["real_name"] for person in client.users_list(team_id="T0HILLCREST")["members"]}
    assert "Lewis" in names
    assert "Morgan" not in names


def test_an_organisations_token_is_good_no_more_where_the_app_was_taken_out(slack: LocalSlack) -> None:
    """`auth.test` does not say so, since the token is good in the others."""
    told = asked(slack, code=consent(slack, org_wide=True), redirect_uri=BACK)
    slack.take_out(slack.workspace("T0HILLCREST"))
    client: WebClient = client_of(slack, told["access_token"])
    assert client.auth_test(team_id="T0HILLCREST")["ok"]
    assert refusal(lambda: client.users_list(team_id="T0HILLCREST")) == "team_access_not_granted"
    assert client.users_list(team_id="T0LARKMOOR")["ok"]


def test_no_secret_is_kept_among_the_calls(slack: LocalSlack) -> None:
    told = asked(slack, code=consent(slack), redirect_uri=BACK)
    assert told["access_token"] not in repr(slack.calls)
    assert granting.CLIENT_SECRET not in repr(slack.calls)
