"""What exists in the fake Discord: people, one server, channels, threads, messages; as payloads."""

import itertools
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]
DISCORD_EPOCH_MS = 1_420_070_400_000
SERVER, EVERYONE = "100000000000000002", "100000000000000002"  # @everyone has the server's id
GENERAL, RANDOM = "100000000000000010", "100000000000000011"
BOT_ROLE, TAX_TEAM = "100000000000000020", "100000000000000021"
TEXT, DIRECT, THREAD = 0, 1, 11
ALL_PERMISSIONS = str((1 << 53) - 1)
_numbers = itertools.count()


def new_id() -> str:
    """A snowflake: it tells the time, and later ones are larger."""
    milliseconds = int(time.time() * 1000) - DISCORD_EPOCH_MS
    return str((milliseconds << 22) | (next(_numbers) & 0x3FFFFF))


def now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    bot: bool = False
    roles: tuple[str, ...] = ()
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def user(self) -> Payload:
        return {
            "id": self.id, "username": self.name, "discriminator": "0", "global_name": None,
            "avatar": None, "bot": self.bot, "public_flags": 0, "flags": 0,
        }  # fmt: skip

    @property
    def member(self) -> Payload:
        return {
            "user": self.user, "roles": list(self.roles), "joined_at": now(), "deaf": False,
            "mute": False, "flags": 0, "nick": None, "avatar": None,
            "permissions": ALL_PERMISSIONS,
        }  # fmt: skip


BOT = Person("100000000000000001", "reactune", bot=True, roles=(BOT_ROLE,))
ALICE = Person("100000000000000031", "alice")
BORA = Person("100000000000000032", "bora", locale="ko")
ADMIN = Person("100000000000000033", "ada", roles=(TAX_TEAM,))
OTHER_BOT = Person("100000000000000034", "otherbot", bot=True)
PEOPLE = {person.id: person for person in (BOT, ALICE, BORA, ADMIN, OTHER_BOT)}


class World:
    """The server's channels and what was posted in them."""

    def __init__(self) -> None:
        self.channels = {GENERAL: _text(GENERAL, "general"), RANDOM: _text(RANDOM, "random")}
        self.messages: dict[str, Payload] = {}
        self.reactions: dict[str, dict[str, list[Person]]] = {}  # message → emoji → people
        self.role_permissions = ALL_PERMISSIONS

    def direct_channel(self, person: Person) -> str:
        number = str(int(person.id) + 1000)
        self.channels.setdefault(
            number,
            {"id": number, "type": DIRECT, "recipients": [person.user], "last_message_id": None},
        )
        return number

    def add_thread(self, name: str, parent: str, on: str | None) -> Payload:
        thread: Payload = {
            "id": on or new_id(), "type": THREAD, "guild_id": SERVER, "parent_id": parent,
            "owner_id": ALICE.id, "name": name, "last_message_id": None, "message_count": 0,
            "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
            "thread_metadata": {
                "archived": False, "auto_archive_duration": 1440, "locked": False,
                "archive_timestamp": now(),
            },
        }  # fmt: skip
        self.channels[thread["id"]] = thread
        return thread

    def is_direct(self, channel: str) -> bool:
        return bool(self.channels[channel]["type"] == DIRECT)

    def add_message(self, author: Person, channel: str, content: str, **more: Any) -> Payload:
        message: Payload = {
            "id": new_id(), "channel_id": channel, "author": author.user, "content": content,
            "timestamp": now(), "edited_timestamp": None, "tts": False, "mention_everyone": False,
            "mentions": mentioned(content), "mention_roles": mentioned_roles(content),
            "attachments": [], "embeds": [], "pinned": False, "type": 0, "flags": 0,
            "components": [],
        } | more  # fmt: skip
        self.messages[message["id"]] = message
        self.channels[channel]["last_message_id"] = message["id"]
        return message

    def react(self, message: str, emoji: str, person: Person, *, on: bool) -> None:
        """``emoji``: a sign, or ``name:id`` of one of the server's own."""
        people = self.reactions.setdefault(message, {}).setdefault(emoji, [])
        people[:] = [p for p in people if p != person] + ([person] if on else [])

    def as_read(self, message: Payload) -> Payload:
        """With its reactions, which are counted but not by whom."""
        reactions = [
            {
                "emoji": _emoji(emoji), "count": len(people), "me": BOT in people,
                "me_burst": False, "burst_colors": [],
                "count_details": {"normal": len(people), "burst": 0},
            }
            for emoji, people in self.reactions.get(message["id"], {}).items()
            if people
        ]  # fmt: skip
        return message | {"reactions": reactions}

    def said_in(self, channel: str) -> list[Payload]:
        """Oldest first."""
        return [m for m in self.messages.values() if m["channel_id"] == channel]

    def server(self) -> Payload:
        places = [c for c in self.channels.values() if c["type"] == TEXT]
        threads = [c for c in self.channels.values() if c["type"] == THREAD]
        return {
            "id": SERVER, "name": "Tax office", "icon": None, "owner_id": ALICE.id,
            "roles": [
                self._role(EVERYONE, "@everyone"),
                self._role(BOT_ROLE, "reactune", tags={"bot_id": BOT.id}),
                self._role(TAX_TEAM, "tax team"),
            ],
            "emojis": [], "stickers": [], "features": [], "channels": places, "threads": threads,
            "members": [BOT.member], "member_count": len(PEOPLE), "large": False,
            "unavailable": False, "joined_at": now(), "voice_states": [], "presences": [],
            "stage_instances": [], "guild_scheduled_events": [], "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "premium_tier": 0, "nsfw_level": 0, "system_channel_flags": 0,
            "preferred_locale": "en-US", "afk_timeout": 300, "afk_channel_id": None,
            "premium_progress_bar_enabled": False, "system_channel_id": None,
            "application_id": None, "soundboard_sounds": [],
        }  # fmt: skip

    def _role(self, number: str, name: str, **more: Any) -> Payload:
        return {
            "id": number, "name": name, "permissions": self.role_permissions, "position": 0,
            "color": 0, "hoist": False, "managed": bool(more), "mentionable": False, "flags": 0,
        } | more  # fmt: skip


def _emoji(emoji: str) -> Payload:
    name, _, number = emoji.partition(":")
    return {"id": number or None, "name": name}


def mentioned(content: str) -> list[Payload]:
    return [p.user for p in PEOPLE.values() if f"<@{p.id}>" in content or f"<@!{p.id}>" in content]


def mentioned_roles(content: str) -> list[str]:
    return [role for role in (BOT_ROLE, TAX_TEAM) if f"<@&{role}>" in content]


def _text(number: str, name: str) -> Payload:
    return {
        "id": number, "type": TEXT, "name": name, "position": 0, "permission_overwrites": [],
        "guild_id": SERVER, "nsfw": False, "parent_id": None, "topic": None,
        "last_message_id": None, "flags": 0, "rate_limit_per_user": 0,
    }  # fmt: skip
