"""A Slack workspace in memory: its people, channels and messages, and the Web API on them."""

import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tests.bot.platforms.slack.fake.limits import stream_violations
from tests.bot.platforms.slack.fake.uploads import UploadRefusedError, Uploads
from tests.bot.platforms.slack.fake.views import ViewRefusedError, Views

TEAM, BOT_USER, BOT = "T1", "U0BOT", "B0BOT"
GENERAL = "C1"
Args = dict[str, Any]


class RefusedError(Exception):
    """The method answers ``ok: false`` with this error."""


class Workspace:
    """Methods are named like Slack's, with underscores; ``spoiled`` collects broken rules."""

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], Args] = {}
        self.statuses: list[Args] = []
        self.whispers: list[Args] = []
        self.views = Views()
        self.uploads = Uploads()
        self.users: dict[str, Args] = {}
        self.channels: dict[str, Args] = {GENERAL: {"name": "general", "is_member": True}}
        self.spoiled: list[str] = []
        self.streams_for_s = 300.0
        self.edit_every_s = 1.0
        self.reactions: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._numbers = itertools.count(1)
        self._edits: dict[tuple[str, str], float] = defaultdict(float)

    def method(self, name: str) -> Callable[[Args], Args] | None:
        return getattr(self, name.replace(".", "_"), None)

    def new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def written(self, channel: str, message: Args) -> str:
        """Keep a message under a new ts."""
        ts = self.new_ts()
        self.messages[channel, ts] = {"type": "message", "ts": ts, **message}
        return ts

    def posted(self, channel: str) -> list[Args]:
        """What the bot has said in a channel outside threads, oldest first."""
        return [
            m
            for (where, _), m in sorted(self.messages.items())
            if where == channel and not m.get("thread_ts") and m.get("bot_id") == BOT
        ]

    def thread(self, channel: str, root: str) -> list[Args]:
        """What the bot has said in a thread, oldest first."""
        return [
            m
            for (where, _), m in sorted(self.messages.items())
            if where == channel and m.get("thread_ts") == root and m.get("bot_id") == BOT
        ]

    # -- the Web API -----------------------------------------------------------------------------

    def auth_test(self, _: Args) -> Args:
        return {
            "url": "https://acme.slack.com/", "team": "Acme", "team_id": TEAM, "user": "reactune",
            "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False,
        }  # fmt: skip

    def users_info(self, args: Args) -> Args:
        user = {"id": args["user"], "is_bot": False, "locale": "ko-KR", "real_name": args["user"]}
        return {"user": user | self.users.get(args["user"], {})}

    def conversations_info(self, args: Args) -> Args:
        if args["channel"] not in self.channels:
            raise RefusedError("channel_not_found")
        return {"channel": {"id": args["channel"]} | self.channels[args["channel"]]}

    def users_conversations(self, args: Args) -> Args:
        direct = {where for where, _ in self.messages if where.startswith("D")}
        rooms = [c for c, room in self.channels.items() if room["is_member"]]
        listed = [*rooms, *sorted(direct if "im" in args["types"] else ())]
        return {"channels": [{"id": channel} for channel in listed]}

    def conversations_history(self, args: Args) -> Args:
        """Newest first; what is said in a thread is not there, but its root knows of it."""
        found = []
        for (where, ts), message in sorted(self.messages.items(), reverse=True):
            if where == args["channel"] and message.get("thread_ts") in (None, ts):
                replies = [t for (w, t), m in self.messages.items()
                           if w == where and m.get("thread_ts") == ts and t != ts]  # fmt: skip
                latest = {"latest_reply": max(replies)} if replies else {}
                found.append(self._as_read(message) | latest)
        return {"messages": found[: int(args.get("limit", 100))]}

    def conversations_replies(self, args: Args) -> Args:
        oldest = args.get("oldest") or "0"
        found = [
            self._as_read(m)
            for (where, ts), m in sorted(self.messages.items())
            if where == args["channel"]
            and (ts == args["ts"] or (m.get("thread_ts") == args["ts"] and ts >= oldest))
        ]
        return {"messages": found, "has_more": False}

    def reactions_get(self, args: Args) -> Args:
        reactions = self.reactions[args["channel"], args["timestamp"]]
        return {"message": {"reactions": _told(reactions, most=1000)}}

    def _as_read(self, message: Args) -> Args:
        """With its reactions, which name only the first few people."""
        for (_, ts), reactions in self.reactions.items():
            if ts == message["ts"] and any(reactions.values()):
                return message | {"reactions": _told(reactions, most=2)}
        return message

    def assistant_threads_setStatus(self, args: Args) -> Args:  # noqa: N802
        self.statuses.append(args)
        return {}

    def chat_postMessage(self, args: Args) -> Args:  # noqa: N802
        if args["channel"] not in self.channels and not args["channel"].startswith("D"):
            raise RefusedError("channel_not_found")
        if args.get("thread_ts") and (args["channel"], args["thread_ts"]) not in self.messages:
            raise RefusedError("thread_not_found")
        ts = self.written(args["channel"], {**args, "user": BOT_USER, "bot_id": BOT})
        return {"channel": args["channel"], "ts": ts, "message": self.messages[args["channel"], ts]}

    def chat_postEphemeral(self, args: Args) -> Args:  # noqa: N802
        self.whispers.append(args)
        return {"message_ts": self.new_ts()}

    def views_open(self, args: Args) -> Args:
        try:
            return self.views.open(args)
        except ViewRefusedError as error:
            raise RefusedError(str(error)) from error

    def files_completeUploadExternal(self, args: Args) -> Args:  # noqa: N802
        """The file appears in the channel, as a message of the bot."""
        if args["channel_id"] not in self.channels:
            raise RefusedError("channel_not_found")
        try:
            files = self.uploads.share(args["files"])
        except UploadRefusedError as error:
            raise RefusedError(str(error)) from error
        message = {"subtype": "file_share", "text": args.get("initial_comment", "")}
        self.written(
            args["channel_id"], message | {"files": files, "user": BOT_USER, "bot_id": BOT}
        )
        return {"files": files}

    def chat_update(self, args: Args) -> Args:
        message = self._own(args)
        if message.get("streaming"):
            raise RefusedError("streaming_state_conflict")
        now = time.monotonic()
        since = now - self._edits[args["channel"], args["ts"]]
        if since < 0.95 * self.edit_every_s:
            self.spoiled.append(f"two edits of a message within {since:.2f} s")
        self._edits[args["channel"], args["ts"]] = now
        message.update(text=args.get("text"), blocks=args.get("blocks") or [])
        message["metadata"] = args.get("metadata") or message.get("metadata")
        return {"channel": args["channel"], "ts": args["ts"], "text": args.get("text")}

    def chat_delete(self, args: Args) -> Args:
        self._own(args)
        del self.messages[args["channel"], args["ts"]]
        return {}

    def chat_startStream(self, args: Args) -> Args:  # noqa: N802
        message = {k: args[k] for k in ("channel", "thread_ts")}
        message |= {"user": BOT_USER, "bot_id": BOT, "text": "", "streaming": time.monotonic()}
        ts = self.written(args["channel"], message)
        return self.chat_appendStream({**args, "ts": ts})

    def chat_appendStream(self, args: Args) -> Args:  # noqa: N802
        message = self._own(args)
        started = message.get("streaming")
        if not started or time.monotonic() > started + self.streams_for_s:
            message["streaming"] = None
            raise RefusedError("message_not_in_streaming_state")
        for chunk in args.get("chunks") or []:
            message["text"] += chunk.get("text", "")
            message["streamed"] = message["text"]
            message["blocks"] = [*message.get("blocks", []), *chunk.get("blocks", [])]
        self.spoiled.extend(stream_violations(message["text"]))
        return {"channel": args["channel"], "ts": args["ts"]}

    def chat_stopStream(self, args: Args) -> Args:  # noqa: N802
        answer = self.chat_appendStream(args)
        self._own(args)["streaming"] = None
        return answer

    def _own(self, args: Args) -> Args:
        message = self.messages.get((args["channel"], args["ts"]))
        if message is None:
            raise RefusedError("message_not_found")
        if message.get("bot_id") != BOT:
            raise RefusedError("cant_update_message")
        return message


def _told(reactions: dict[str, list[str]], most: int) -> list[Args]:
    return [
        {"name": name, "users": users[:most], "count": len(users)}
        for name, users in reactions.items()
        if users
    ]


def shown(message: Args) -> str:
    """The Markdown that a message shows."""
    blocks = message.get("blocks") or []
    texts = [b["text"] for b in blocks if b["type"] == "markdown"]
    texts += [b["text"]["text"] for b in blocks if b["type"] == "section"]
    return "\n".join(texts) if texts else message["text"]


def small_print(message: Args) -> str:
    """The notes under it."""
    contexts = [b for b in message.get("blocks") or [] if b["type"] == "context"]
    return "\n".join(e["text"] for b in contexts for e in b["elements"])


def buttons(message: Args) -> list[str]:
    """The action_ids of what can be clicked in it."""
    return [e["action_id"] for b in message.get("blocks") or [] for e in b.get("elements", [])
            if "action_id" in e]  # fmt: skip
