"""A Discord on a loopback socket, for the unmodified discord.py: what people do there, and faults.

It speaks REST v10 and gateway v10. Whatever the bot sends is checked by ``rules``.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.bot.platforms.discord.fake.gateway import Gateway
from tests.bot.platforms.discord.fake.interactions import Interaction
from tests.bot.platforms.discord.fake.rest import Rest, Trouble
from tests.bot.platforms.discord.fake.rules import Rules
from tests.bot.platforms.discord.fake.world import (
    ALICE,
    BOT,
    GENERAL,
    SERVER,
    Payload,
    Person,
    World,
    mentioned,
    mentioned_roles,
    now,
)

TOKEN = "a-token"
MESSAGE_COMPONENT, COMMAND, FORM = 3, 2, 5


async def until(condition: Callable[[], Any], timeout_s: float = 20.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 — what is waited for has no event
            await asyncio.sleep(0.005)


class FakeDiscord:
    """One server with the channels "general" and "random", and a few people."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.world = World()
        self.gateway = Gateway(TOKEN, self.world.server)
        self.rest = Rest(TOKEN, self.world, self.rules, self.gateway.dispatch)
        self._runner: web.AppRunner | None = None
        self.api = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_route("*", "/api/v10/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api = f"http://127.0.0.1:{port}/api/v10"
        self.gateway.address = f"ws://127.0.0.1:{port}/gw/"

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    def trouble(self, method: str, path: str, kind: Any, times: int = 1, **more: Any) -> None:
        """The next calls go wrong; ``kind`` is explained at Trouble."""
        self.rest.troubles += [Trouble(method, path, kind, **more) for _ in range(times)]

    # what people do

    async def say(
        self,
        text: str,
        person: Person = ALICE,
        *,
        channel: str = GENERAL,
        reply_to: Payload | None = None,
        again: bool = False,
        **more: Any,
    ) -> Payload:
        if reply_to:
            reference = {"message_id": reply_to["id"], "channel_id": channel, "type": 0}
            more |= {
                "type": 19,
                "message_reference": reference,
                "referenced_message": _as_referenced(reply_to),
            }
        message = self.world.add_message(person, channel, text, **more)
        await self.gateway.dispatch("MESSAGE_CREATE", self._event(message, person), again=again)
        return message

    async def ask(self, text: str, person: Person = ALICE, **more: Any) -> Payload:
        """Mention the bot."""
        return await self.say(f"{BOT.mention} {text}", person, **more)

    async def edit(self, message: Payload, text: str, person: Person = ALICE) -> None:
        message |= {
            "content": text,
            "edited_timestamp": now(),
            "mentions": mentioned(text),
            "mention_roles": mentioned_roles(text),
        }
        await self.gateway.dispatch("MESSAGE_UPDATE", self._event(message, person))

    async def delete(self, message: Payload) -> None:
        self.world.messages.pop(message["id"])
        gone = {"id": message["id"], "channel_id": message["channel_id"], "guild_id": SERVER}
        await self.gateway.dispatch("MESSAGE_DELETE", gone)

    async def start_thread(self, name: str, on: Payload | None = None) -> str:
        """A new thread in "general", or one on a message."""
        thread = self.world.add_thread(name, GENERAL, on["id"] if on else None)
        await self.gateway.dispatch("THREAD_CREATE", thread | {"newly_created": True})
        return str(thread["id"])

    async def react(
        self, message: Payload, emoji: str, person: Person = ALICE, *, custom: str | None = None
    ) -> None:
        """``custom``: the id of an emoji of the server's own."""
        self.world.react(message["id"], f"{emoji}:{custom}" if custom else emoji, person, on=True)
        event = self._reaction(message, emoji, person, custom)
        event |= {"message_author_id": message["author"]["id"], "burst_colors": []}
        if "guild_id" in event:
            event["member"] = person.member
        await self.gateway.dispatch("MESSAGE_REACTION_ADD", event)

    async def unreact(self, message: Payload, emoji: str, person: Person = ALICE) -> None:
        self.world.react(message["id"], emoji, person, on=False)
        event = self._reaction(message, emoji, person, None)
        await self.gateway.dispatch("MESSAGE_REACTION_REMOVE", event)

    async def clear_reactions(self, message: Payload, emoji: str | None = None) -> None:
        for name in [emoji] if emoji else list(self.world.reactions.get(message["id"], {})):
            self.world.reactions[message["id"]].pop(name, None)
        event = {
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "guild_id": SERVER,
        }
        if emoji:
            event["emoji"] = {"id": None, "name": emoji}
        name = "MESSAGE_REACTION_REMOVE_EMOJI" if emoji else "MESSAGE_REACTION_REMOVE_ALL"
        await self.gateway.dispatch(name, event)

    async def press(self, message: Payload, button: str, person: Person = ALICE) -> Interaction:
        """Press the button whose label or custom id contains ``button``."""
        name = next(
            b["custom_id"]
            for row in message["components"]
            for b in row["components"]
            if button in b["custom_id"] or button in b["label"]
        )
        data = {"custom_id": name, "component_type": 2}
        channel = message["channel_id"]
        interaction, event = self.rest.interactions.begin(
            MESSAGE_COMPONENT, data, person, channel, message=message
        )
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        await self.rest.interactions.answered(interaction)
        return interaction

    async def fill(self, opened: Interaction, text: str, person: Person = ALICE) -> Interaction:
        """Send the form that ``opened`` has shown, with ``text`` in its field."""
        assert opened.form
        (label,) = opened.form["components"]
        field = {"type": 4, "id": 2, "custom_id": label["component"]["custom_id"], "value": text}
        data = {
            "custom_id": opened.form["custom_id"],
            "components": [{"type": 18, "id": 1, "component": field}],
        }
        interaction, event = self.rest.interactions.begin(FORM, data, person, opened.channel)
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        await self.rest.interactions.answered(interaction)
        return interaction

    async def slash(
        self, name: str, person: Person = ALICE, channel: str = GENERAL, **options: str
    ) -> Interaction:
        """Type a command; one that was never published can be typed from an old cache."""
        known = next((c["id"] for c in self.rest.commands if c["name"] == name), "1")
        filled = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {"id": known, "name": name, "type": 1, "options": filled}
        interaction, event = self.rest.interactions.begin(COMMAND, data, person, channel)
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        await self.rest.interactions.answered(interaction)
        return interaction

    # what people see

    def posts(self, channel: str = GENERAL) -> list[Payload]:
        """The bot's messages, oldest first."""
        return [m for m in self.world.said_in(channel) if m["author"]["id"] == BOT.id]

    def replies(self, message: Payload) -> list[Payload]:
        """The bot's messages that reply to ``message``."""
        return [
            post
            for post in self.posts(message["channel_id"])
            if post.get("message_reference", {}).get("message_id")
            in (message["id"], _number(message))
        ]

    async def answer(self, message: Payload, timeout_s: float = 20.0) -> Payload:
        """The last piece of the answer to ``message``, once it has its feedback buttons."""
        await until(lambda: any(map(has_feedback, self.replies(message))), timeout_s)
        return self.replies(message)[-1]

    async def reply_text(self, message: Payload, timeout_s: float = 20.0) -> str:
        """The first reply to ``message``, whatever it is."""
        await until(lambda: self.replies(message), timeout_s)
        return str(self.replies(message)[0]["content"])

    def _event(self, message: Payload, person: Person) -> Payload:
        if self.world.is_direct(message["channel_id"]):
            return dict(message)
        member = {key: value for key, value in person.member.items() if key != "user"}
        return message | {"guild_id": SERVER, "member": member}

    def _reaction(
        self, message: Payload, emoji: str, person: Person, custom: str | None
    ) -> Payload:
        event: Payload = {
            "user_id": person.id,
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "emoji": {"id": custom, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if not self.world.is_direct(message["channel_id"]):
            event["guild_id"] = SERVER
        return event


def has_feedback(message: Payload) -> bool:
    return "vote" in str(message["components"])


def has_stop(message: Payload) -> bool:
    return "reactune:stop" in str(message["components"])


def _as_referenced(message: Payload) -> Payload:
    """Discord nests one level of what is replied to."""
    return {key: value for key, value in message.items() if key != "referenced_message"}


def _number(message: Payload) -> int:
    return int(message["id"])
