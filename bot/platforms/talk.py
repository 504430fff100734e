"""What every chat platform does with a question, a reaction, a vote and a wish to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.access import Access
from bot.answer import Answer, Answers, Earlier
from bot.correct import correction_in
from bot.domains import Domain
from bot.label import Labeling
from bot.messages import Incoming, Reaction, RefusedError
from bot.notes import notes
from bot.platforms.display import EDIT_EVERY_S
from bot.platforms.teaching import Teaching
from bot.texts import Language, say
from storage.errors import StorageError
from storage.events import Handled, Pieces
from storage.labels import Subject
from storage.messages import Messages

_log = structlog.get_logger("talk")


class Surface(Protocol):
    """Where one answer appears. A platform makes one for each question.

    A surface calls the ``on_piece`` that it was made with for each message it posts as part of the
    answer, so that reactions find their way back.
    """

    async def working(self) -> None:
        """A sign of life, before the first word."""
        ...

    async def show(self, text: str) -> None:
        """The answer so far; called at most once a second."""
        ...

    async def end(self, text: str, notes: Sequence[str]) -> None:
        """The whole answer with its feedback buttons; ``notes`` are lines of our own below it."""
        ...

    async def say(self, text: str) -> None:
        """Our own words instead of an answer: a refusal or an apology."""
        ...


MakeSurface = Callable[[Callable[[str], Awaitable[None]]], Surface]


class Talk:
    """Connects one platform's events with answers and labels."""

    def __init__(
        self,
        *,
        platform: str,
        answers: Answers,
        labeling: Labeling,
        access: Access,
        messages: Messages,
        handled: Handled,
        pieces: Pieces,
        teaching: Teaching,
        domains: Mapping[str, Domain],
        language: Language,
    ) -> None:
        self._platform = platform
        self._answers = answers
        self._labeling = labeling
        self._access = access
        self._messages = messages
        self._handled = handled
        self._pieces = pieces
        self.teaching = teaching
        self._domains = domains
        self._language = language
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the platform's own event handling; errors are logged, not raised."""

        async def guarded() -> None:
            try:
                await work
            except Exception:
                _log.exception("event failed", platform=self._platform)

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, timeout_s: float = 5.0) -> None:
        """Let what was begun show its end, then drop it; answers themselves have ended before."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def first(self, events: Iterable[str]) -> bool:
        """This event has not been handled before, under any of its names."""
        return await self._handled.claim(self._platform, tuple(events))

    async def handled(self, event: str) -> bool:
        """This event has been handled before; unlike ``first``, asking changes nothing."""
        return await self._handled.knows(self._platform, event)

    async def last_heard(self) -> datetime | None:
        """When this platform brought an event last, in an earlier run too."""
        return await self._handled.latest(self._platform)

    async def interrupted(self, since: datetime) -> list[tuple[str, str]]:
        """(channel, message) of questions that a killed run left unanswered; told only once.

        To be asked before people are let in: afterwards it would name those on their way.
        """
        return await self._messages.give_up(self._platform, since)

    async def channels_since(self, since: datetime, *, last: int) -> list[str]:
        """Where people asked after ``since``, the newest first."""
        return await self._messages.channels_since(self._platform, since, last=last)

    async def conversation_of(self, channel: str, message: str) -> str | None:
        """The thread that ``message``, a question or a piece of an answer, is part of."""
        return await self._pieces.thread_of(self._platform, channel, message)

    async def takes_part(self, channel: str, thread: str) -> bool:
        """The bot has answered in this thread before."""
        return bool(await self._messages.exchanges(self._platform, channel, thread, last=1))

    async def shows_answer(self, channel: str, message: str) -> bool:
        """``message`` is a piece of an answer."""
        return await self._pieces.question_of(self._platform, channel, message) is not None

    async def question(
        self,
        incoming: Incoming,
        make_surface: MakeSurface,
        *,
        earlier: Earlier | None = None,
        language: Language | None = None,
    ) -> None:
        """Answer once, whatever happens: with an answer, a refusal or an apology."""
        if not await self.first(incoming.events):
            return
        language = language or self._language
        asked: list[int] = []

        async def on_piece(message: str) -> None:
            await self._pieces.add(self._platform, incoming.channel, message, asked[0])

        surface = make_surface(on_piece)
        told = correction_in(incoming.text)
        try:
            self._access.check(incoming, language)
            if told is not None:
                await surface.say(await self.teaching.reply(incoming, told, language))
                return
            await surface.working()
            answer = await self._answers.ask(incoming, earlier, language)
        except RefusedError as refusal:
            await surface.say(str(refusal))
            return
        except Exception as error:  # nobody is left without an answer
            reference = f"M{incoming.message}"
            told = str(error) if isinstance(error, StorageError) else repr(error)
            _log.error("question not taken", reference=reference, error=told)
            await surface.say(say("failed", language, reference=reference))
            return
        asked.append(answer.question_id)
        await self._show(answer, surface, language)

    async def _show(self, answer: Answer, surface: Surface, language: Language) -> None:
        async for text in answer.updates(every=EDIT_EVERY_S):
            if answer.reply is None:
                await surface.show(text)
        reply = await answer.finished()
        if reply is None or reply.status == "failed":
            await surface.say(say("failed", language, reference=f"Q{answer.question_id}"))
        elif not reply.text:
            key = "stopped" if reply.status == "stopped" else "empty_answer"
            await surface.say(say(key, language))
        else:
            domain = self._domains[answer.incoming.domain]
            await surface.end(reply.text, notes(reply, domain, language))

    async def stop(self, channel: str, message: str, user: str, roles: Iterable[str] = ()) -> bool:
        """Stop the answer that ``message`` (a piece of it, or the question) belongs to.

        Only its asker and admins may; True when it was stopped.
        """
        answer = await self._running(channel, message)
        if not answer:
            return False
        asker = answer.incoming.user == user
        if not asker and not self._access.is_admin(self._platform, user, roles):
            return False
        answer.stop()
        return True

    async def withdrawn(self, channel: str, message: str) -> None:
        """``message``, a question or a piece of its answer, was deleted: no more is written."""
        if answer := await self._running(channel, message):
            answer.stop()
        await self.teaching.deleted(channel, message)

    async def _running(self, channel: str, message: str) -> Answer | None:
        """The answer on its way that ``message`` is a piece of, or the question."""
        question = await self._pieces.question_of(self._platform, channel, message)
        if question is None:
            question = await self._pieces.question_asked_in(self._platform, channel, message)
        return self._answers.running(question) if question is not None else None

    async def reaction(
        self, channel: str, message: str, user: str, emoji: str, *, added: bool, at: float | None
    ) -> None:
        """An emoji on any piece of an answer or on a correction, put on or taken off."""
        subject = await self._shown_in(channel, message)
        if subject is not None:
            person = f"{self._platform}:{user}"
            await self._labeling.react(Reaction(subject, person, emoji, added, at))

    async def cleared(self, channel: str, message: str, emoji: str | None) -> None:
        """A moderator took off all reactions, or all of one emoji."""
        subject = await self._shown_in(channel, message)
        if subject is not None:
            await self._labeling.clear(subject, emoji)

    async def vote(
        self, channel: str, message: str, user: str, emoji: str, *, at: float | None = None
    ) -> str | None:
        """A feedback button: what the user's vote is now; the same button twice takes it back."""
        subject = await self._shown_in(channel, message)
        if subject is None:
            return None
        return await self._labeling.choose(subject, f"{self._platform}:{user}", emoji, at)

    async def _shown_in(self, channel: str, message: str) -> Subject | None:
        """What ``message`` shows, waiting for an answer on its way."""
        correction = await self._pieces.correction_in(self._platform, channel, message)
        if correction is not None:
            return Subject("correction", correction)
        question = await self._pieces.question_of(self._platform, channel, message)
        if question is None:
            return None
        if running := self._answers.running(question):
            await running.finished()
        reply = await self._messages.reply_to(question)
        return Subject("reply", reply) if reply is not None else None
