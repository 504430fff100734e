"""Slack's events as what they mean to the bot: pure functions, no calls."""

from dataclasses import dataclass, replace
from typing import Any

from bot.platforms.slack.text import mentioned

Event = dict[str, Any]
_WRITTEN = (None, "file_share", "thread_broadcast", "me_message")  # subtypes that people write


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """The bot itself, as ``auth.test`` tells."""

    user: str
    bot: str
    name: str
    team: str
    team_name: str


@dataclass(frozen=True, slots=True)
class Post:
    """What a person wrote. ``thread`` is the ts of the root; ``text`` still has Slack's markup.

    ``direct``: to the bot alone. ``edited``: it was changed so that it mentions the bot now.
    """

    channel: str
    ts: str
    thread: str
    user: str
    team: str
    text: str
    files: bool
    direct: bool
    mentioned: bool
    edited: bool
    events: tuple[str, ...]

    @property
    def in_thread(self) -> bool:
        """It continues a thread that was there before."""
        return self.thread != self.ts


@dataclass(frozen=True, slots=True)
class Deletion:
    """A message that is there no more."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody put the emoji called ``name`` on a message, or took it off."""

    channel: str
    ts: str
    user: str
    name: str
    added: bool
    at: float | None


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody pressed the button ``action`` in a message; ``event`` names this very click.

    ``trigger`` opens a form, for three seconds; ``blocks`` are the message's.
    """

    channel: str
    ts: str
    thread: str | None
    user: str
    action: str
    value: str
    event: str
    at: float | None
    trigger: str = ""
    blocks: tuple[Event, ...] = ()


def read_post(body: Event, me: BotIdentity) -> Post | None:
    """A message that a person wrote; None for everything else that Slack calls a message."""
    event = body["event"]
    if event.get("subtype") == "message_changed":
        return _read_edit(body, event, me)
    if event.get("subtype") not in _WRITTEN or event.get("hidden"):
        return None
    return _post(body, event, event, me)


def _read_edit(body: Event, event: Event, me: BotIdentity) -> Post | None:
    """An edit counts when it brings the mention; unfurled links come as edits too."""
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") not in _WRITTEN or me.user in mentioned(before.get("text") or ""):
        return None
    post = _post(body, event, message, me, edited=True)
    return post if post and post.mentioned else None


def read_change(body: Event, me: BotIdentity) -> Post | None:
    """A person's message whose words were changed; its event is that very change."""
    event = body["event"]
    if event.get("subtype") != "message_changed":
        return None
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") not in _WRITTEN or message.get("text") == before.get("text"):
        return None
    post = _post(body, event, message, me, edited=True)
    moment = (message.get("edited") or {}).get("ts") or body.get("event_id")
    return replace(post, events=(f"{post.channel}:{post.ts}:edited:{moment}",)) if post else None


def _post(
    body: Event, event: Event, message: Event, me: BotIdentity, *, edited: bool = False
) -> Post | None:
    user, ts, channel = message.get("user"), message.get("ts"), event.get("channel")
    bot = message.get("bot_id") or user in (None, me.user, "USLACKBOT")
    if bot or not (user and ts and channel):
        return None
    text = message.get("text") or ""
    events = (f"{channel}:{ts}", *([str(body["event_id"])] if body.get("event_id") else []))
    return Post(
        channel=channel,
        ts=ts,
        thread=message.get("thread_ts") or ts,
        user=user,
        team=message.get("user_team") or message.get("team") or body.get("team_id") or me.team,
        text=text,
        files=bool(message.get("files") or message.get("attachments")),
        direct=event.get("channel_type") == "im" or channel.startswith("D"),
        mentioned=event.get("type") == "app_mention" or me.user in mentioned(text),
        edited=edited,
        events=events,
    )


def read_deletion(event: Event) -> Deletion | None:
    """A deleted message; one that has replies is deleted by turning it into a tombstone."""
    message = event.get("message") or {}
    tombstone = event.get("subtype") == "message_changed" and message.get("subtype") == "tombstone"
    if not tombstone and event.get("subtype") != "message_deleted":
        return None
    before = event.get("previous_message") or {}
    ts = event.get("deleted_ts") or before.get("ts") or message.get("ts")
    return Deletion(event["channel"], ts) if ts and event.get("channel") else None


def read_reaction(event: Event) -> Reacted | None:
    """A reaction to a message; files have some as well."""
    item = event.get("item") or {}
    if item.get("type") != "message" or not event.get("user"):
        return None
    return Reacted(
        channel=item["channel"],
        ts=item["ts"],
        user=event["user"],
        name=event["reaction"],
        added=event.get("type") == "reaction_added",
        at=_seconds(event.get("event_ts")),
    )


def read_click(body: Event) -> Click | None:
    """A button in a message."""
    action = (body.get("actions") or [{}])[0]
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    ts = container.get("message_ts") or message.get("ts")
    user = (body.get("user") or {}).get("id")
    if not (channel and ts and user):
        return None
    moment = action.get("action_ts") or body.get("trigger_id")
    return Click(
        channel=channel,
        ts=ts,
        thread=container.get("thread_ts") or message.get("thread_ts"),
        user=user,
        action=action.get("action_id") or "",
        value=str(action.get("value") or ""),
        event=f"click:{channel}:{ts}:{user}:{moment}",
        at=_seconds(action.get("action_ts")),
        trigger=body.get("trigger_id") or "",
        blocks=tuple(message.get("blocks") or ()),
    )


def _seconds(ts: Any) -> float | None:
    """Slack's clock, which may go before or after ours."""
    try:
        return float(ts)
    except (TypeError, ValueError):
        return None
