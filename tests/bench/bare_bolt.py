"""The peer of the running product: a Bolt app that does nothing but answer, on the same server.

`/demand` is acknowledged and no more; `/improve` is acknowledged and then answered with one word. Run as a program,
with the same environment as the product: SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL and PORT.
"""

from __future__ import annotations

import os

import uvicorn
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main() -> None:
    """Serve until told to stop."""
    slack = App(
        client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    )
    slack.command("/demand")(acknowledge)
    slack.command("/improve")(answer)

    async def events(request: Request) -> Response:
        bolt_request = to_bolt_request(request, await request.body())
        return to_starlette_response(await run_in_threadpool(slack.dispatch, bolt_request))

    app = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_config=None, access_log=False, lifespan="off")


def acknowledge(ack: Ack) -> None:
    """Say that it arrived."""
    ack()


def answer(ack: Ack, respond: Respond) -> None:
    """Say that it arrived, then say something."""
    ack()
    respond("Heard.")


if __name__ == "__main__":
    main()
