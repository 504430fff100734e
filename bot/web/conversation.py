"""The open conversation in one tab: what was said, what is being said, or a welcome."""

import asyncio
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

import structlog
from nicegui import background_tasks

from bot.answer import Answer
from bot.domains import Domain
from bot.texts import Language, say
from bot.web.chat import Chat
from bot.web.parts import ChatLog, Tag
from bot.web.turn import Turn
from bot.web.welcome import welcome
from engine.prompt import clean
from storage.messages import Exchange

_AT_ONCE = 30
_logger = structlog.get_logger("web")


class Conversation:
    """Built inside the current element. ``browser`` is channel and user of what is said here."""

    def __init__(
        self,
        chat: Chat,
        browser: str,
        language: Language,
        *,
        on_ask: Callable[[str], Any],
        on_busy: Callable[[bool], None],
        notice: Callable[[str], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        self.thread = ""
        self._chat = chat
        self._browser = browser
        self._person = f"web:{browser}"
        self._language = language
        self._on_ask = on_ask
        self._on_busy = on_busy
        self._notice = notice
        self._on_failed = on_failed
        self._loading: object | None = None
        self._meanwhile: dict[int, Answer] = {}
        self._turns: dict[int, Turn] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._hero: Tag | None = None
        self._log = ChatLog(
            label=say("web_conversation", language),
            to_end=say("web_to_end", language),
            earlier=say("web_earlier", language),
        )
        self._log.on("earlier", self._earlier, args=[])

    @property
    def is_empty(self) -> bool:
        return not self._turns and not self._loading

    async def show(self, thread: str) -> bool:
        """Show this conversation from now on; False when another was asked for meanwhile."""
        self._clear()
        self.thread = thread
        if not await self._load():
            return False
        self._log.to_end()
        return True

    def begun(self, answer: Answer) -> None:
        """An answer has begun, in this tab or another."""
        if answer.incoming.thread != self.thread:
            return
        if self._loading:
            self._meanwhile[answer.question_id] = answer
            return
        turn = self._turns.get(answer.question_id)
        if turn is None:
            turn = self._add_turn(answer.question_id, clean(answer.incoming.text))
        elif not turn.is_interrupted:
            return
        self._follow(turn, answer)

    def welcome(self, domain: Domain) -> None:
        """The empty conversation: who this is, and what one could ask."""
        self._end_welcome()
        with self._log:
            self._hero = welcome(domain, self._language, self._on_ask)

    def to_end(self) -> None:
        self._log.to_end()

    def close(self) -> None:
        """The tab is gone; its answers go on without it."""
        self._loading = None
        for task in self._following:
            task.cancel()

    async def _earlier(self) -> None:
        if self._loading:
            return
        try:
            await self._load()
        except Exception as error:
            self._on_failed(error)

    async def _load(self) -> bool:
        """Put what was said before the turns that are shown in front of them, some at a time.

        False when another conversation was asked for meanwhile.
        """
        loading = self._loading = object()
        # Answers that begin from now on are noted by ``begun``.
        self._meanwhile = self._chat.live.running(self.thread)
        try:
            last = len(self._turns) + _AT_ONCE + 1
            exchanges = await self._chat.messages.exchanges(
                "web", self._browser, self.thread, last=last
            )
            first = min(self._turns, default=inf)
            earlier = [e for e in exchanges if e.question_id < first]
            added = earlier[-_AT_ONCE:]
            replies = [e.reply_id for e in added if e.reply_id is not None]
            chosen = await self._chat.labeling.chosen(replies, self._person)
            for exchange in reversed(added):
                if self._loading is not loading:
                    return False
                self._add(exchange, self._meanwhile.get(exchange.question_id), chosen)
                await asyncio.sleep(0)  # other people's tabs need not wait for all of it
            if self._loading is not loading:
                return False
            self._log.set_more(len(earlier) > len(added))
        finally:
            if self._loading is loading:
                self._loading = None
        for answer in self._meanwhile.values():
            self.begun(answer)
        return True

    def _add(self, exchange: Exchange, answer: Answer | None, chosen: Mapping[int, str]) -> None:
        turn = self._add_turn(exchange.question_id, exchange.question)
        turn.to_front()
        reply_id, text, status = exchange.reply_id, exchange.reply, exchange.status
        if reply_id is not None and text is not None and status is not None:
            turn.end(reply_id, text, status, chosen.get(reply_id))
        elif answer:
            self._follow(turn, answer)
        else:
            turn.interrupted()

    def _add_turn(self, question_id: int, question: str) -> Turn:
        self._end_welcome()
        with self._log:
            self._turns[question_id] = Turn(
                question,
                question_id=question_id,
                person=self._person,
                labeling=self._chat.labeling,
                language=self._language,
                notice=self._notice,
            )
        return self._turns[question_id]

    def _follow(self, turn: Turn, answer: Answer) -> None:
        self._on_busy(True)
        task = background_tasks.create(self._followed(turn, answer))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _followed(self, turn: Turn, answer: Answer) -> None:
        try:
            await turn.follow(answer)
        except Exception:
            _logger.exception("answer not shown", reference=answer.question_id)
            turn.fail()
        self._on_busy(False)

    def _end_welcome(self) -> None:
        if self._hero:
            self._hero.delete()
            self._hero = None

    def _clear(self) -> None:
        self.close()
        self._log.clear()
        self._log.set_more(False)
        self._turns.clear()
        self._hero = None
        self._on_busy(False)
