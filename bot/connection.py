"""Who we are in Slack: our token, and the clients that speak with it."""

from __future__ import annotations

import threading

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from bot.config import SettingError, Settings

_REFUSED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}


class Connection:
    """One workspace, one bot token. What Slack says about the token is asked once and remembered."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.slack_bot_token
        self._api_url = settings.slack_api_url
        self._who: AuthorizeResult | None = None
        self._asking = threading.Lock()

    def authorize(self, team_id: str | None = None, enterprise_id: str | None = None) -> AuthorizeResult | None:
        """What Bolt asks with every request: who are we there? Nobody, in a workspace that is not ours."""
        who = self.who()
        return who if team_id in (None, who.team_id) or enterprise_id == who.enterprise_id is not None else None

    def who(self) -> AuthorizeResult:
        """Ourselves, as Slack knows us.

        Raises:
            SettingError: Slack does not take the token.
            SlackApiError: Slack has another reason not to answer now.
            OSError: Slack is out of reach.
        """
        with self._asking:
            if self._who is None:
                try:
                    answer = self.quick_client().auth_test()
                except SlackApiError as error:
                    if error.response.get("error") in _REFUSED:
                        raise SettingError(
                            f"Slack does not take SLACK_BOT_TOKEN ({error.response['error']}). Copy it again "
                            "from api.slack.com under your app, OAuth & Permissions."
                        ) from error
                    raise
                self._who = AuthorizeResult.from_auth_test_response(auth_test_response=answer, bot_token=self._token)
            return self._who

    def quick_client(self) -> WebClient:
        """For answering people: waits once when Slack is busy, and gives up soon."""
        client = self.client_to_be()
        client.token = self._token
        return client

    def client_to_be(self) -> WebClient:
        """The same without a token: Bolt puts in the one that `authorize` gives it."""
        client = WebClient(base_url=self._api_url, timeout=10)
        client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        return client

    def patient_client(self, workspace: str) -> WebClient:
        """For the messenger, which does its own waiting: a retry in here could say a thing twice."""
        return WebClient(token=self._token, base_url=self._api_url, timeout=20, retry_handlers=[])
