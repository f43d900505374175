"""The HTTP face of the little Slack: Web API, response URLs, uploads, Socket Mode, and the page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.playground import consent, page_api, replies, web_api
from bot.playground.calls import Fault
from bot.playground.serving import HANG_UP
from bot.playground.web_api import Reply

if TYPE_CHECKING:
    from bot.playground.local_slack import LocalSlack


def application(slack: LocalSlack) -> ASGIApp:
    """The ASGI application of one little Slack."""
    door = _Door(slack)
    return Starlette(
        routes=[
            Route("/api/{method}", door.call, methods=["GET", "POST"]),
            Route("/commands/{rest:path}", door.respond, methods=["POST"]),
            Route("/actions/{rest:path}", door.respond, methods=["POST"]),
            Route("/upload/v1/{team}/{file}", door.upload, methods=["POST"]),
            Route("/files-pri/{file}/{name:path}", door.download),
            WebSocketRoute("/link/", slack.sockets.serve),
            consent.route(slack),
            *page_api.routes(slack),
        ]
    )


class _Door:
    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    async def call(self, request: Request) -> Response:
        """One call of the Web API."""
        name = request.path_params["method"]
        body = await request.body()
        fault = self._slack.fault_for(name)
        await _late(fault)
        content_type, authorization = request.headers.get("content-type", ""), request.headers.get("authorization", "")
        reply = web_api.answer(self._slack, name, request.url.query, body, content_type, authorization, fault)
        return _back(request, reply, fault)

    async def respond(self, request: Request) -> Response:
        """One answer by a response URL."""
        body = await request.body()
        fault = self._slack.fault_for("response_url")
        await _late(fault)
        reply = replies.answer(self._slack, request.url.path, body, request.headers.get("content-type", ""), fault)
        return _back(request, reply, fault)

    async def upload(self, request: Request) -> Response:
        """The bytes of a file, raw or as a form's one file."""
        body = await request.body()
        fault = self._slack.fault_for("upload")
        await _late(fault)
        if fault and fault.status:
            return Response(status_code=fault.status)
        workspace = next((one for one in self._slack.workspaces if one.id == request.path_params["team"]), None)
        file = workspace.files.get(request.path_params["file"]) if workspace else None
        if file is None:
            return Response("file_not_found", 404)
        content = _bytes(body, request.headers.get("content-type", ""))
        if len(content) != file.length:
            return Response(f"length is {len(content)} and was to be {file.length}", 400)
        with self._slack.changing():
            file.content = content
        return Response(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """A file, for those who may see it."""
        for workspace in self._slack.workspaces:
            file = workspace.files.get(request.path_params["file"])
            if file is not None and file.posted and file.content is not None:
                kind = file.for_api("")["mimetype"]
                safe = kind if kind.startswith("image/") else "application/octet-stream"
                return Response(file.content, media_type=safe, headers={"X-Content-Type-Options": "nosniff"})
        return Response("file_not_found", 404)


async def _late(fault: Fault | None) -> None:
    if fault and fault.delay:
        await asyncio.sleep(fault.delay)


def _back(request: Request, reply: Reply, fault: Fault | None) -> Response:
    if fault and fault.drop_answer and HANG_UP in request.scope:
        request.scope[HANG_UP]()
    if fault and fault.page:
        return Response(fault.page, reply.status, reply.headers, media_type="text/html")
    return JSONResponse(reply.body, reply.status, reply.headers)


def _bytes(body: bytes, content_type: str) -> bytes:
    if not content_type.startswith("multipart/form-data"):
        return body
    boundary = content_type.split("boundary=", 1)[1].strip('"').encode()
    part = body.split(b"--" + boundary)[1]
    return part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
