"""What people do on Slack, as the events that Slack makes of it."""

import itertools
from typing import Any

from tests.bot.platforms.slack.fake.server import FakeSlack
from tests.bot.platforms.slack.fake.views import filled
from tests.bot.platforms.slack.fake.workspace import BOT_USER, GENERAL, TEAM

Args = dict[str, Any]
_numbers = itertools.count(1)
BOT_MENTION = f"<@{BOT_USER}>"


def direct(user: str) -> str:
    """The channel of a person's direct messages with the bot."""
    return f"D{user}"


class People:
    """Everybody in the workspace."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack

    async def asks(
        self, text: str, *, user: str = "U1", channel: str = GENERAL, **more: Any
    ) -> str:
        """Mention the bot; the message's ts. Slack tells of it twice."""
        return await self.says(f"{BOT_MENTION} {text}".strip(), user=user, channel=channel, **more)

    async def says(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = GENERAL,
        thread: str | None = None,
        **more: Any,
    ) -> str:
        """Write a message; its ts."""
        message = {"user": user, "text": text, "team": TEAM, **more}
        if thread:
            message["thread_ts"] = thread
        ts = self.slack.written(channel, message)
        kind = "im" if channel.startswith("D") else "channel"
        event = {**self.slack.messages[channel, ts], "channel": channel, "event_ts": ts}
        for twin in twins(event | {"channel_type": kind}):
            await self.tell(twin)
        return ts

    async def edits(self, ts: str, text: str, *, channel: str = GENERAL) -> None:
        before = dict(self.slack.messages[channel, ts])
        edited = {"edited": {"user": before["user"], "ts": self.slack.new_ts()}}
        self.slack.messages[channel, ts] = before | {"text": text} | edited
        after = self.slack.messages[channel, ts]
        await self.tell(_hidden("message_changed", channel, message=after, previous_message=before))

    async def deletes(self, ts: str, *, channel: str = GENERAL) -> None:
        before = self.slack.messages.pop((channel, ts))
        await self.tell(_hidden("message_deleted", channel, deleted_ts=ts, previous_message=before))

    async def reacts(
        self,
        name: str,
        ts: str,
        *,
        user: str = "U1",
        channel: str = GENERAL,
        removed: bool = False,
        at: float | None = None,
    ) -> None:
        users = self.slack.reactions[channel, ts][name]
        users[:] = [u for u in users if u != user] + ([] if removed else [user])
        event = {
            "type": "reaction_removed" if removed else "reaction_added",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel, "ts": ts},
            "event_ts": f"{at:.6f}" if at else self.slack.new_ts(),
        }
        await self.tell(event)

    async def clicks(
        self, action_id: str, value: str, ts: str, *, user: str = "U1", channel: str = GENERAL
    ) -> None:
        message = self.slack.messages.get((channel, ts), {})
        await self.slack.deliver(
            "interactive",
            {
                "type": "block_actions",
                "user": {"id": user, "team_id": TEAM},
                "team": {"id": TEAM},
                "api_app_id": "A1",
                "trigger_id": self.slack.views.trigger(f"trigger-{next(_numbers)}"),
                "channel": {"id": channel},
                "container": {
                    "type": "message",
                    "message_ts": ts,
                    "channel_id": channel,
                    "thread_ts": message.get("thread_ts"),
                },
                "message": message,
                "actions": [
                    {
                        "type": "button",
                        "action_id": action_id,
                        "block_id": "b",
                        "value": value,
                        "action_ts": self.slack.new_ts(),
                    }
                ],
            },
        )

    async def submits(self, view: Args, text: str, *, user: str = "U1") -> Args | None:
        """Send a form; what is wrong with it, if anything."""
        answer: Args | None = await self.slack.deliver(
            "interactive",
            {
                "type": "view_submission",
                "user": {"id": user, "team_id": TEAM},
                "team": {"id": TEAM},
                "api_app_id": "A1",
                "view": filled(view, text),
            },
        )
        return answer

    async def types(self, command: str, text: str = "", *, user: str = "U1") -> Args | None:
        """A slash command with ``text`` behind it; what Slack shows to its user at once."""
        answer: Args | None = await self.slack.deliver(
            "slash_commands",
            {
                "team_id": TEAM,
                "api_app_id": "A1",
                "channel_id": GENERAL,
                "user_id": user,
                "command": command,
                "text": text,
                "trigger_id": f"trigger-{next(_numbers)}",
                "response_url": f"http://{self.slack.address}/response",
            },
        )
        return answer

    async def tell(self, event: Args, *, event_id: str | None = None) -> None:
        """Deliver an event as Slack does, until it is acknowledged."""
        await self.slack.deliver(
            "events_api",
            {
                "type": "event_callback",
                "team_id": TEAM,
                "api_app_id": "A1",
                "event_id": event_id or f"Ev{next(_numbers)}",
                "event": event,
            },
        )


def twins(event: Args) -> list[Args]:
    """The events that one message causes: in a channel a mention comes once more."""
    if BOT_MENTION not in event["text"] or event["channel_type"] == "im":
        return [event]
    mention = {k: v for k, v in event.items() if k != "channel_type"}
    return [mention | {"type": "app_mention"}, event]


def _hidden(subtype: str, channel: str, **more: Any) -> Args:
    return {"type": "message", "subtype": subtype, "hidden": True, "channel": channel,
            "channel_type": "channel", "event_ts": "1.0", **more}  # fmt: skip
