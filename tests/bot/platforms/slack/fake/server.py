"""Slack over loopback, as its SDKs see it: the Web API, Socket Mode, and bad days on demand."""

import asyncio
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.bot.platforms.slack.fake.limits import NEEDS, REQUIRED, violations
from tests.bot.platforms.slack.fake.workspace import RefusedError, Workspace

WAITS_S = 0.1  # what an acknowledgement may take beside our own computing

Args = dict[str, Any]
BOT_TOKEN, APP_TOKEN = "xoxb-good", "xapp-good"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: a status, an error code, or a line that is cut.

    ``done``: Slack has carried the call out all the same, and only the answer is lost, or comes
    ``wait_s`` later. Otherwise the call waits.
    """

    status: int = 200
    error: str = ""
    needed: str = ""
    retry_after: int | None = None
    cut: bool = False
    done: bool = False
    wait_s: float = 0.0


BROKEN = Fault(status=503)
LOST_ANSWER = Fault(cut=True, done=True)
CUT = Fault(cut=True)


@dataclass
class Call:
    method: str
    args: Args
    at: float


class FakeSlack(Workspace):
    """Start it, point SLACK_API_URL at ``api_url``; afterwards ``spoiled`` must be empty."""

    def __init__(self, scopes: str) -> None:
        super().__init__()
        self.scopes = scopes
        self.calls: list[Call] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.acks_s: list[float] = []  # without what other programs took of the machine
        self.answers_pings = True
        self.drops_events = False
        self.gives_up = False  # nothing that happens now is ever told, as after a long outage
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self.refuses_sockets = 0
        self._tickets: set[str] = set()
        self.responses: list[Args] = []

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._web_api)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/response", self._response)
        app.router.add_post("/upload/{file}", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.api_url = f"http://{self.address}/api/"

    async def stop(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of ``method`` go wrong like this, one after the other."""
        self._faults[method].extend(faults)

    def called(self, method: str) -> list[Args]:
        return [call.args for call in self.calls if call.method == method]

    # -- Web API ---------------------------------------------------------------------------------

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        self.calls.append(Call(method, args, time.monotonic()))
        fault = self._faults[method].popleft() if self._faults[method] else Fault()
        if fault.done:
            answer = self._answer(method, args, request)
        await asyncio.sleep(fault.wait_s)
        if fault == Fault(wait_s=fault.wait_s):
            answer = self._answer(method, args, request)
        if fault.cut:
            assert request.transport
            request.transport.abort()
            return web.Response()
        if fault.status != 200 or fault.error:
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            error = fault.error or {429: "ratelimited"}.get(fault.status, "")
            body = {"ok": False, "error": error, "needed": fault.needed} if error else None
            text = json.dumps(body) if body else "<html>bad gateway</html>"
            kind = "application/json" if body else "text/html"
            return web.Response(status=fault.status, text=text, headers=headers, content_type=kind)
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes})

    def _answer(self, method: str, args: Args, request: web.Request) -> Args:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return {"ok": False, "error": "invalid_auth"}
        handle = self.method(method)
        if handle is None or method not in REQUIRED:
            return {"ok": False, "error": "unknown_method"}
        if (needed := NEEDS.get(method)) and needed not in self.scopes.split(","):
            missing = {"needed": needed, "provided": self.scopes}
            return {"ok": False, "error": "missing_scope"} | missing
        self.spoiled.extend(violations(method, args))
        try:
            return {"ok": True} | handle(args)
        except RefusedError as error:
            return {"ok": False, "error": str(error)}

    def apps_connections_open(self, _: Args) -> Args:
        ticket = f"{time.monotonic_ns()}"
        self._tickets.add(ticket)
        return {"url": f"ws://{self.address}/socket?ticket={ticket}"}

    def files_getUploadURLExternal(self, args: Args) -> Args:  # noqa: N802
        file = self.uploads.announce(args)
        return {"upload_url": f"http://{self.address}/upload/{file}", "file_id": file}

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if self.uploads.receive(request.match_info["file"], content):
            return web.Response(text=f"OK - {len(content)}")
        return web.Response(status=400, text="not as long as announced")

    async def _response(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        return web.Response(text="ok")

    # -- Socket Mode -----------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.query["ticket"] not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(request.query["ticket"])  # each is good for one try
        if self.refuses_sockets:
            self.refuses_sockets -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {}})
        self.sockets.append(socket)
        try:
            async for message in socket:
                if message.type == WSMsgType.PING and self.answers_pings:
                    await socket.pong(message.data)
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self.sockets.remove(socket)
        return socket

    def _acknowledged(self, frame: Args) -> None:
        ack = self._acks.get(frame.get("envelope_id", ""))
        if ack and not ack.done():
            ack.set_result(frame.get("payload"))

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the client to connect anew, as Slack does every hour or so."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason})

    def cut_sockets(self) -> None:
        """The line breaks, without a word."""
        for socket in self.sockets:
            assert socket._req
            assert socket._req.transport
            socket._req.transport.abort()

    async def deliver(self, kind: str, payload: Args, *, tries: int = 4) -> Any:
        """Send one envelope and send it again while nobody acknowledges it; the ack's payload."""
        if self.gives_up:
            return None
        for retry in range(tries):
            started, busy = time.monotonic(), time.process_time()
            ack = await self._send(kind, payload, retry)
            try:
                answer = await asyncio.wait_for(ack, 1.5)
            except TimeoutError:
                continue
            took, computed = time.monotonic() - started, time.process_time() - busy
            self.acks_s.append(min(took, computed + WAITS_S))
            return answer
        raise AssertionError(f"never acknowledged: {payload}")

    async def _send(self, kind: str, payload: Args, retry: int) -> asyncio.Future[Any]:
        envelope = f"{kind}-{time.monotonic_ns()}"
        ack: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = ack
        frame: Args = {"envelope_id": envelope, "type": kind, "payload": payload}
        frame["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            frame |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        if self.sockets and not self.drops_events:
            await self.sockets[-1].send_json(frame)
        return ack


async def _arguments(request: web.Request) -> Args:
    if request.content_type == "application/json":
        return dict(await request.json())
    args: Args = dict(await request.post()) | dict(request.query)
    for name in ("blocks", "chunks", "files", "metadata"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args
