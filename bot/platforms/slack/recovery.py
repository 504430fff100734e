"""Finds what was missed while no event reached us: questions, and reactions to recent answers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from bot.platforms.chat.service import ChatService
from bot.platforms.slack.blocks import STOP, markdown, notes, words
from bot.platforms.slack.client import Message, SlackClient
from bot.platforms.slack.events import BotIdentity, Event
from bot.platforms.slack.handlers import EventHandlers
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback, unescaped
from bot.platforms.slack.users import Users
from bot.texts import say
from storage.platform_events import ShownAnswer

_THINKING = frozenset(say("thinking", language) for language in ("ko", "en"))
_log = structlog.get_logger("slack")
_RECENTLY = timedelta(days=7)  # the bot took part in a conversation
_LONGEST_S = 24 * 3600.0  # nobody waits longer for an answer
_OVERLAP_S = 60.0  # clocks differ
_MOST, _FEW = 50, 5  # answers and channels that are looked at
_MESSAGES, _THREADS = 200, 100
_AT_ONCE = 4  # conversations that are made up for beside each other; live questions go first
Thread = tuple[str, str]  # its channel and the ts of its root


async def tell_interrupted(
    api: SlackClient,
    me: BotIdentity,
    chat: ChatService,
    people: Users,
    channel: str,
    question: str,
    thread: str | None = None,
) -> None:
    """Say so where the answer would be: in place of "thinking", below half an answer, or alone."""
    thread = thread or await chat.parts.messages.conversation_of(channel, question) or question
    try:
        messages = await api.replies(channel, thread, question)
    except (SlackError, UnknownResultError):
        messages = []
    asker = next((m.get("user") for m in messages if m["ts"] == question), None)
    text = say("not_answered", await people.language(asker))
    left = [m for m in messages if await _is_left_over(m, me, chat, channel, question)]
    if not left:
        await api.post(channel, thread, text, words(text), after=question, kind="words")
    for message in left:
        shown = unescaped(message.get("text") or "")
        note = notes([text]) if message is left[-1] else []
        if shown in _THINKING:
            await api.update(channel, message["ts"], fallback(text), words(text), kind="words")
        else:
            blocks = [markdown(shown), *note]
            await api.update(channel, message["ts"], fallback(shown), blocks)


def stoppable(message: Message) -> str | None:
    """The question whose answer the stop button in ``message`` stops."""
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if element.get("action_id") == STOP:
                return str(element.get("value"))
    return None


async def _is_left_over(
    message: Message, me: BotIdentity, chat: ChatService, channel: str, question: str
) -> bool:
    """It has a stop button for ``question``, or is known as a piece of its answer."""
    if message.get("user") != me.user and message.get("bot_id") != me.bot:
        return False
    if stoppable(message) == question:
        return True
    answered = await chat.parts.messages.question_answered_in(channel, message["ts"])
    return answered is not None and answered == await chat.parts.messages.question_asked_in(
        channel, question
    )


class CatchUp:
    """Reads back channels and threads; what was handled before is never handled again."""

    def __init__(
        self, api: SlackClient, me: BotIdentity, chat: ChatService, handlers: EventHandlers
    ) -> None:
        self._api = api
        self._me = me
        self._chat = chat
        self._handlers = handlers
        self._looking = asyncio.Lock()

    async def look_back(self, since: datetime, *, thorough: bool) -> None:
        """Answer what was asked after ``since``, and see what people think of recent answers.

        ``thorough``: not only where the bot was asked last.
        """
        async with self._looking:
            after = max(self._api.on_slacks_clock(since) - _OVERLAP_S, self._api.now() - _LONGEST_S)
            last = _MOST if thorough else _FEW
            threads = await self._conversations(f"{after:.6f}", last)
            found = await self._make_up_for(threads)
        if found:
            _log.info("caught up", questions=found)

    async def _conversations(self, after: str, last: int) -> dict[Thread, dict[str, Message]]:
        """What was written after ``after``, by thread and ts."""
        recently = datetime.now(UTC) - _RECENTLY
        answers = await self._chat.parts.messages.answers_since(recently, last=last)
        threads: dict[Thread, list[ShownAnswer]] = {}
        for answer in answers:
            threads.setdefault((answer.channel, answer.thread), []).append(answer)
        found: dict[Thread, dict[str, Message]] = {}
        for channel in (await self._channels([answer.channel for answer in answers]))[:last]:
            for message in await self._written_in(channel):
                thread = (channel, message.get("thread_ts") or message["ts"])
                if message["ts"] > after:
                    found.setdefault(thread, {})[message["ts"]] = message
                if (message.get("latest_reply") or "") > after:
                    threads.setdefault(thread, [])
        for thread, shown in list(threads.items())[:_THREADS]:
            at = self._api.now()
            messages = {m["ts"]: m for m in await self._said_in(thread)}
            newer = {ts: message for ts, message in messages.items() if ts > after}
            found.setdefault(thread, {}).update(newer)
            await self._handlers.reactions.sync(shown, messages, at)
            await self._finish(thread, newer)
        return found

    async def _finish(self, thread: Thread, messages: dict[str, Message]) -> None:
        """A run that was killed before it had stored a question may have said "thinking"."""
        channel, root = thread
        for question in filter(None, map(stoppable, messages.values())):
            stored = await self._chat.parts.messages.question_asked_in(channel, question)
            if stored is None and not self._handlers.is_answering(channel, question):
                people = self._handlers.people
                await tell_interrupted(
                    self._api, self._me, self._chat, people, channel, question, root
                )

    async def _channels(self, known: Sequence[str]) -> list[str]:
        """Those where it was asked recently, then all others that it is in."""
        try:
            listed = [
                str(channel["id"])
                async for page in self._api.pages(
                    lambda client, cursor: client.users_conversations(
                        types="public_channel,private_channel,im",
                        exclude_archived=True,
                        limit=200,
                        cursor=cursor,
                    )
                )
                for channel in page.get("channels") or []
            ]
        except (SlackError, UnknownResultError) as error:
            _log.warning("channels not listed", error=str(error))
            listed = []
        return list(dict.fromkeys([*known, *listed]))

    async def _written_in(self, channel: str) -> list[Message]:
        """The newest messages that are in no thread; none where Slack does not tell."""
        await asyncio.sleep(self._api.pace.between_s)
        try:
            page = await self._api.retry(
                lambda client: client.conversations_history(channel=channel, limit=_MESSAGES)
            )
        except (SlackError, UnknownResultError) as error:
            _log.info("channel not caught up", channel=channel, error=str(error))
            return []
        return page.get("messages") or []

    async def _said_in(self, thread: Thread) -> list[Message]:
        await asyncio.sleep(self._api.pace.between_s)
        try:
            return await self._api.replies(*thread)
        except (SlackError, UnknownResultError) as error:
            _log.info("thread not caught up", channel=thread[0], error=str(error))
            return []

    async def _make_up_for(self, threads: dict[Thread, dict[str, Message]]) -> int:
        """Each thread in the order in which it was written; how many questions there were."""
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(channel: str, messages: dict[str, Message]) -> int:
            async with room:
                return sum([await self._hear(channel, messages[ts]) for ts in sorted(messages)])

        return sum(
            await asyncio.gather(*(one(channel, posts) for (channel, _), posts in threads.items()))
        )

    async def _hear(self, channel: str, message: Message) -> bool:
        """As if its event had come; True when it was a question."""
        event = f"{channel}:{message['ts']}"
        if await self._chat.parts.messages.handled(event):
            return False
        try:
            await self._handlers.event(self._event(channel, message))
        except (SlackError, UnknownResultError) as error:
            _log.error("question not made up for", channel=channel, error=str(error))
        return await self._chat.parts.messages.handled(event)

    def _event(self, channel: str, message: Message) -> Event:
        kind = "im" if channel.startswith("D") else "channel"
        event = {**message, "type": "message", "channel": channel, "channel_type": kind}
        return {"event": event, "team_id": self._me.team}
