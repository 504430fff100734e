"""Buttons and slash commands in the fake Discord: one answer within three seconds, then more."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bot.platforms.discord.fake.rules import Rules
from tests.bot.platforms.discord.fake.world import (
    ALL_PERMISSIONS,
    BOT,
    SERVER,
    Payload,
    Person,
    World,
    new_id,
)

ANSWERED_WITHIN_S = 3.0
MESSAGE, THINKING, UPDATE_LATER, FORM = 4, 5, 6, 9  # the ways to answer


@dataclass
class Interaction:
    """What the person who pressed or typed gets to see."""

    id: str
    token: str
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    channel: str = ""
    texts: list[str] = field(default_factory=list)
    whispers: list[Payload] = field(default_factory=list)
    form: Payload | None = None
    has_text: asyncio.Event = field(default_factory=asyncio.Event)

    async def text(self) -> str:
        """All that was told, once there is something."""
        async with asyncio.timeout(5):
            await self.has_text.wait()
        return "\n".join(self.texts)


class Interactions:
    """Makes the events and takes the answers."""

    def __init__(self, world: World, rules: Rules) -> None:
        self._world = world
        self._rules = rules
        self._open: dict[str, Interaction] = {}

    def begin(
        self, kind: int, data: Payload, person: Person, channel: str, **more: Any
    ) -> tuple[Interaction, Payload]:
        interaction = Interaction(new_id(), uuid.uuid4().hex, channel=channel)
        self._open[interaction.token] = interaction
        place = self._world.channels[channel]
        event: Payload = {
            "id": interaction.id, "application_id": BOT.id, "type": kind, "data": data,
            "channel_id": channel, "channel": place, "token": interaction.token, "version": 1,
            "locale": person.locale, "app_permissions": ALL_PERMISSIONS, "entitlements": [],
            "authorizing_integration_owners": {"0": SERVER}, "context": 0,
            "attachment_size_limit": 10_485_760,
        }  # fmt: skip
        if self._world.is_direct(channel):
            event |= {"user": person.user, "context": 1}
        else:
            event |= {
                "guild_id": SERVER, "guild_locale": "en-US", "member": person.member,
                "guild": {"id": SERVER, "locale": "en-US", "features": []},
            }  # fmt: skip
        return interaction, event | more

    async def answered(self, interaction: Interaction) -> None:
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                await interaction.answered.wait()
        except TimeoutError:
            self._rules.breach("an interaction was not answered within 3 s")

    def serve(self, method: str, parts: list[str], body: Any) -> web.Response:
        match (method, *parts):
            case ("POST", "interactions", _, token, "callback"):
                return self._first_answer(self._open[token], body)
            case ("POST", "webhooks", _, token):
                return self._further_answer(self._open[token], body)
        return _json({"message": f"the fake knows no {method} {parts}", "code": 0}, 404)

    def _first_answer(self, interaction: Interaction, body: Payload) -> web.Response:
        if interaction.answered.is_set():
            self._rules.breach("an interaction was answered twice")
            return _json({"message": "already acknowledged", "code": 40060}, 400)
        interaction.answered.set()
        data = body.get("data") or {}
        if body["type"] in (MESSAGE, THINKING):
            self._rules.private(data)
        if body["type"] == FORM:
            self._rules.form(data)
            interaction.form = data
        if body["type"] == MESSAGE:
            self._tell(interaction, data)
        return _json({"interaction": {"id": interaction.id, "type": 3}})

    def _further_answer(self, interaction: Interaction, body: Payload) -> web.Response:
        if not interaction.answered.is_set():
            self._rules.breach("a follow-up came before the answer")
        self._rules.private(body)
        message: Payload = {
            "id": new_id(), "channel_id": interaction.channel,
            "components": body.get("components") or [],
            "author": BOT.user, "content": body["content"],
            "timestamp": "2024-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [], "pinned": False, "type": 20, "flags": 64, "webhook_id": BOT.id,
        }  # fmt: skip
        interaction.whispers.append(message)
        self._tell(interaction, body)
        return _json(message)

    def _tell(self, interaction: Interaction, body: Payload) -> None:
        self._rules.content(body)
        interaction.texts.append(body["content"])
        interaction.has_text.set()


def _json(payload: Payload, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(payload).encode(), status=status, content_type="application/json"
    )
