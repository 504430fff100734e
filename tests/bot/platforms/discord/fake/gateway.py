"""The fake Discord's gateway (v10, zlib-stream): sessions, RESUME, and bad days on demand."""

import asyncio
import json
import uuid
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.bot.platforms.discord.fake.world import BOT, SERVER, Payload

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
MESSAGE_CONTENT_INTENT = 1 << 15


class Socket:
    """One connection of the bot."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse) -> None:
        self.request = request
        self.ws = ws
        self._compressor = zlib.compressobj()

    async def send(self, frame: Payload) -> None:
        if not self.ws.closed:
            packed = self._compressor.compress(json.dumps(frame).encode())
            await self.ws.send_bytes(packed + self._compressor.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    """Holds at most one session. What is dispatched without a connection waits for RESUME."""

    def __init__(self, token: str, server: Callable[[], Payload]) -> None:
        self.token = token
        self.address = ""
        self.heartbeat_ms = 41_250
        self.allows_message_content = True
        self.refuses = False  # the next connections fail with 503
        self.closes_with: int | None = None  # instead of READY
        self.withholds = False  # alive, but brings no events
        self.identified = 0
        self.resumed = 0
        self.closed_by_bot: list[int | None] = []
        self._server = server
        self._socket: Socket | None = None
        self._session = ""
        self._sequence = 0
        self._events: list[Payload] = []
        self._sending = asyncio.Lock()

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def dispatch(self, event: str, data: Payload, *, again: bool = False) -> None:
        """``again``: the same event is delivered twice, as after an unlucky RESUME."""
        async with self._sending:
            self._sequence += 1
            frame = {"op": DISPATCH, "t": event, "s": self._sequence, "d": data}
            self._events.append(frame)
            if self._socket and not self.withholds:
                await self._socket.send(frame)
                if again:
                    await self._socket.send(frame)

    async def ask_to_reconnect(self) -> None:
        await self._to_bot({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        if not resumable:
            self._session = ""
        await self._to_bot({"op": INVALID_SESSION, "d": resumable})

    async def close(self, code: int) -> None:
        socket = self._lost()
        await socket.ws.close(code=code)

    def reset(self) -> None:
        """The connection breaks without a word."""
        transport = self._lost().request.transport
        assert transport
        transport.abort()

    def die(self) -> None:
        """The connection stays, but nothing comes from it any more."""
        transport = self._lost().request.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()

    def forget_session(self) -> None:
        """RESUME will be refused."""
        self._session = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.refuses:
            return web.Response(status=503)
        assert request.query["v"] == "10"
        assert request.query["compress"] == "zlib-stream"
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        socket = Socket(request, ws)
        await socket.send(_frame(HELLO, {"heartbeat_interval": self.heartbeat_ms}))
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await self._received(socket, json.loads(message.data))
        self.closed_by_bot.append(ws.close_code)
        if self._socket is socket:
            self._socket = None
        return ws

    async def _received(self, socket: Socket, frame: Payload) -> None:
        match frame["op"]:
            case op if op == HEARTBEAT:
                await socket.send(_frame(HEARTBEAT_ACK, None))
            case op if op == IDENTIFY:
                await self._identify(socket, frame["d"])
            case op if op == RESUME:
                await self._resume(socket, frame["d"])

    async def _identify(self, socket: Socket, data: Payload) -> None:
        code = self.closes_with
        if data["token"] != self.token:
            code = 4004
        if data["intents"] & MESSAGE_CONTENT_INTENT and not self.allows_message_content:
            code = 4014
        if code:
            await socket.ws.close(code=code)
            return
        async with self._sending:
            self._session, self._sequence, self._events = uuid.uuid4().hex, 0, []
            self._socket = socket
        await self.dispatch("READY", self._ready())
        await self.dispatch("GUILD_CREATE", self._server())
        self.identified += 1

    async def _resume(self, socket: Socket, data: Payload) -> None:
        if not self._session or data["session_id"] != self._session:
            await socket.send(_frame(INVALID_SESSION, False))
            return
        async with self._sending:
            self._socket = socket
            for event in self._events:
                if event["s"] > data["seq"]:
                    await socket.send(event)
        await self.dispatch("RESUMED", {})
        self.resumed += 1

    def _ready(self) -> Payload:
        return {
            "v": 10, "user": BOT.user, "guilds": [{"id": SERVER, "unavailable": True}],
            "session_id": self._session, "session_type": "normal", "shard": [0, 1],
            "resume_gateway_url": self.address, "application": {"id": BOT.id, "flags": 0},
            "private_channels": [], "relationships": [], "user_settings": {},
        }  # fmt: skip

    async def _to_bot(self, frame: Payload) -> None:
        socket = self._lost()
        await socket.send(frame)

    def _lost(self) -> Socket:
        """The connection that is about to end; events wait from here on."""
        assert self._socket, "the bot is not connected"
        socket, self._socket = self._socket, None
        return socket


def _frame(op: int, data: Any) -> Payload:
    return {"op": op, "d": data, "s": None, "t": None}
