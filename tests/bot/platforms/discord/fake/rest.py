"""The fake Discord's REST API (v10): routes, limits of sending, and bad days on demand."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.bot.platforms.discord.fake.files import SentFile, attachments, read
from tests.bot.platforms.discord.fake.interactions import Interactions
from tests.bot.platforms.discord.fake.rules import Rules
from tests.bot.platforms.discord.fake.world import (
    ALICE,
    BOT,
    PEOPLE,
    SERVER,
    Payload,
    World,
    mentioned,
    now,
)

SENDS, SENDS_WINDOW_S = 5, 5.0  # posts and edits share them, for each channel
GRACE_S = 0.05  # clocks differ
MESSAGE_CONTENT_FLAG = 1 << 19
Dispatch = Callable[..., Awaitable[None]]


@dataclass
class Call:
    """One request of the bot."""

    method: str
    path: str
    body: Any
    files: list[SentFile] = field(default_factory=list)
    at: float = field(default_factory=time.monotonic)


@dataclass
class Trouble:
    """What happens to the next call that matches, instead of or after doing it.

    ``lost`` does it and breaks the connection before the answer; ``reset`` breaks it before.
    """

    method: str
    path: str
    kind: Literal["lost", "reset", "limited", "status", "slow"]
    status: int = 502
    seconds: float = 0.2

    def matches(self, call: Call) -> bool:
        return call.method == self.method and re.search(self.path, call.path) is not None


class Rest:
    """Answers the calls of the bot and tells the gateway what they changed."""

    def __init__(self, token: str, world: World, rules: Rules, dispatch: Dispatch) -> None:
        self.token = token
        self.allows_message_content = True
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.commands: list[Payload] = []
        self.limits_sends = False
        self.rejected = 0  # calls over the limit
        self.forbidden: set[str] = set()  # channels in which the bot may not write
        self.without_files: set[str] = set()  # channels in which it may not attach any
        self.servers = [{"id": SERVER, "name": "Tax office", "owner": False, "permissions": "0"}]
        self.interactions = Interactions(world, rules)
        self._world = world
        self._rules = rules
        self._dispatch = dispatch
        self._nonces: dict[str, Payload] = {}
        self._sends: dict[str, deque[float]] = {}

    def called(self, method: str, path: str) -> list[Call]:
        return [c for c in self.calls if c.method == method and re.fullmatch(path, c.path)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body, files = await read(request)
        call = Call(request.method, "/" + request.match_info["path"], body, files)
        self.calls.append(call)
        trouble = next((t for t in self.troubles if t.matches(call)), None)
        if trouble:
            self.troubles.remove(trouble)
            return await self._in_trouble(trouble, request, call)
        return await self._done(request, call)

    async def _in_trouble(
        self, trouble: Trouble, request: web.Request, call: Call
    ) -> web.StreamResponse:
        if trouble.kind == "status":
            return answer({"message": "a bad day"}, status=trouble.status)
        if trouble.kind == "limited":
            return _limited(trouble.seconds)
        if trouble.kind == "slow":
            await asyncio.sleep(trouble.seconds)
            return await self._done(request, call)
        if trouble.kind == "lost":
            await self._done(request, call)
        assert request.transport
        request.transport.abort()
        return web.Response()

    async def _done(  # noqa: PLR0911 — a table of routes
        self, request: web.Request, call: Call
    ) -> web.Response:
        parts = call.path.strip("/").split("/")
        if parts[0] == "interactions" or parts[0] == "webhooks":
            return self.interactions.serve(call.method, parts, call.body)
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return error(401, 0, "401: Unauthorized")
        match (call.method, *parts):
            case ("GET", "users", "@me"):
                return answer(BOT.user)
            case ("GET", "users", "@me", "guilds"):
                return answer(self.servers)
            case ("GET", "oauth2", "applications", "@me") | ("GET", "applications", "@me"):
                return answer(self._application())
            case ("PUT", "applications", _, "commands"):
                return self._publish(call.body)
            case ("GET", "guilds", _):
                return answer(self._world.server())
            case ("GET", "guilds", _, "members", person):
                return answer(PEOPLE[person].member)
            case (_, "channels", channel, *rest):
                return await self._channel(request, call, channel, rest)
        return error(404, 0, f"the fake knows no {call.method} {call.path}")

    async def _channel(  # noqa: PLR0911, PLR0912 — a table of routes
        self, request: web.Request, call: Call, channel: str, rest: list[str]
    ) -> web.Response:
        if channel not in self._world.channels:
            return error(404, 10003, "Unknown Channel")
        sends = call.method in ("POST", "PATCH") and rest[:1] == ["messages"]
        attaches = bool(call.files) and channel in self.without_files
        if sends and (channel in self.forbidden or attaches):
            return error(403, 50013, "Missing Permissions")
        if sends and self.limits_sends and (limited := self._over_limit(channel)):
            return limited
        match (call.method, *rest):
            case ("GET",):
                return answer(self._world.channels[channel])
            case ("POST", "typing"):
                return web.Response(status=204)
            case ("GET", "messages"):
                return answer(self._history(channel, request))
            case ("POST", "messages"):
                done = await self._post(channel, call.body, call.files)
            case ("GET", "messages", message):
                if not self._has(message):
                    return _unknown()
                return answer(self._world.as_read(self._world.messages[message]))
            case ("GET", "messages", message, "reactions", emoji):
                people = self._world.reactions.get(message, {}).get(emoji, [])
                return answer([person.user for person in people])
            case ("PATCH", "messages", message):
                done = await self._edit(message, call.body)
            case ("DELETE", "messages", message):
                return await self._delete(channel, message)
            case _:
                return error(404, 0, f"the fake knows no {call.method} {call.path}")
        if self.limits_sends:
            done.headers.update(self._limit_headers(channel))
        return done

    async def _post(self, channel: str, body: Payload, files: list[SentFile]) -> web.Response:
        self._rules.message(body)
        if before := self._nonces.get(body.get("nonce", "")):
            return answer(before)
        more: Payload = {"components": body.get("components") or [], "nonce": body.get("nonce")}
        more["attachments"] = attachments(body, files)
        if reference := body.get("message_reference"):
            above = self._world.messages.get(str(reference["message_id"]))
            if above is None and reference.get("fail_if_not_exists", True):
                return error(400, 50035, "Unknown message")
            if above:
                more |= {"message_reference": reference, "type": 19, "referenced_message": above}
        message = self._world.add_message(BOT, channel, body["content"], **more)
        self._nonces[body["nonce"]] = message
        await self._dispatch("MESSAGE_CREATE", self._placed(message))
        return answer(message)

    async def _edit(self, number: str, body: Payload) -> web.Response:
        if not self._has(number):
            return _unknown()
        self._rules.edit(number, body)
        message = self._world.messages[number]
        message |= {k: v for k, v in body.items() if k in ("content", "components")}
        message |= {"edited_timestamp": now(), "mentions": mentioned(message["content"])}
        await self._dispatch("MESSAGE_UPDATE", self._placed(message))
        return answer(message)

    async def _delete(self, channel: str, number: str) -> web.Response:
        if not self._has(number):
            return _unknown()
        del self._world.messages[number]
        await self._dispatch("MESSAGE_DELETE", {"id": number, "channel_id": channel})
        return web.Response(status=204)

    def _history(self, channel: str, request: web.Request) -> list[Payload]:
        """Newest first; with ``after`` those right after it."""
        messages = self._world.said_in(channel)
        limit = int(request.query.get("limit", 50))
        if before := request.query.get("before"):
            messages = [m for m in messages if int(m["id"]) < int(before)]
        if after := request.query.get("after"):
            return [m for m in messages if int(m["id"]) > int(after)][:limit][::-1]
        return messages[::-1][:limit]

    def _publish(self, commands: list[Payload]) -> web.Response:
        for command in commands:
            self._rules.command(command)
        self.commands = [
            command
            | {"id": str(900 + number), "application_id": BOT.id, "version": "1"}
            | {"default_member_permissions": None}
            for number, command in enumerate(commands)
        ]
        return answer(self.commands)

    def _application(self) -> Payload:
        return {
            "id": BOT.id, "name": "reactune", "icon": None, "description": "", "summary": "",
            "type": None, "bot_public": True, "bot_require_code_grant": False, "verify_key": "0",
            "flags": MESSAGE_CONTENT_FLAG if self.allows_message_content else 0,
            "owner": ALICE.user, "team": None,
        }  # fmt: skip

    def _placed(self, message: Payload) -> Payload:
        direct = self._world.is_direct(message["channel_id"])
        return dict(message) if direct else message | {"guild_id": SERVER}

    def _has(self, message: str) -> bool:
        return message in self._world.messages

    def _over_limit(self, channel: str) -> web.Response | None:
        sends = self._sends.setdefault(channel, deque())
        while sends and sends[0] <= time.monotonic() - SENDS_WINDOW_S + GRACE_S:
            sends.popleft()
        if len(sends) >= SENDS:
            self.rejected += 1
            return _limited(sends[0] + SENDS_WINDOW_S - time.monotonic())
        sends.append(time.monotonic())
        return None

    def _limit_headers(self, channel: str) -> dict[str, str]:
        sends = self._sends[channel]
        return {
            "X-RateLimit-Bucket": "sends",
            "X-RateLimit-Limit": str(SENDS),
            "X-RateLimit-Remaining": str(SENDS - len(sends)),
            "X-RateLimit-Reset-After": f"{sends[0] + SENDS_WINDOW_S - time.monotonic():.3f}",
        }


def answer(payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """discord.py reads JSON only where the content type is exactly application/json."""
    body = json.dumps(payload).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def error(status: int, code: int, text: str) -> web.Response:
    return answer({"message": text, "code": code}, status=status)


def _unknown() -> web.Response:
    return error(404, 10008, "Unknown Message")


def _limited(seconds: float) -> web.Response:
    """Without ``Via`` discord.py takes it for a ban by Cloudflare and gives up."""
    headers = {"Via": "1.1 google", "Retry-After": str(seconds), "X-RateLimit-Scope": "user"}
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
    return answer(body, status=429, headers=headers)
