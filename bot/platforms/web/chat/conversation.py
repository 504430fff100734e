"""The open conversation in one tab: what was said, what is being said, or a welcome."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from nicegui import background_tasks

from bot.answering.service import Answer
from bot.domains import Domain
from bot.errors import RefusedError
from bot.knowledge.packs import Pack
from bot.platforms.web.chat.history import PastTurn, read_history
from bot.platforms.web.chat.turn_list import TurnList
from bot.platforms.web.chat.turn_view import TurnView
from bot.platforms.web.chat.welcome import Welcome
from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import ChatLog
from bot.texts import Language, say
from engine.model.prompt import clean

_AT_ONCE = 30
_logger = structlog.get_logger("web")


class Conversation:
    """Built inside the current element. ``browser`` is channel and user of what is said here."""

    def __init__(
        self,
        context: WebContext,
        browser: str,
        language: Language,
        *,
        on_ask: Callable[[str], Any],
        on_busy: Callable[[bool], None],
        notice: Callable[[str], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        self.thread = ""
        self._context = context
        self._browser = browser
        self._person = f"web:{browser}"
        self._language = language
        self._on_ask = on_ask
        self._on_busy = on_busy
        self._on_failed = on_failed
        self._loading: object | None = None
        self._meanwhile: dict[int, Answer] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._reading = asyncio.Lock()
        self._welcome: Welcome | None = None
        self._log = ChatLog(
            label=say("web_conversation", language),
            to_end=say("web_to_end", language),
            earlier=say("web_earlier", language),
        )
        self._log.on("earlier", self._earlier, args=[])
        self._turns = TurnList(context, self._log, self._person, language, notice)

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
            question = clean(answer.incoming.text)
            turn = self._add_turn(answer.question_id, question, answer.incoming.domain)
        elif not turn.expects(answer):
            return
        self._follow(turn, answer)

    async def correct(self, text: str) -> None:
        """Say what the last answer should have said. Raises RefusedError and StorageError."""
        reply_id = self._turns.last_reply
        if reply_id is None:
            raise RefusedError(say("web_correction_of_nothing", self._language))
        await self._context.correct(reply_id, self._person, text, self._language)

    async def changed(self, reply_id: int) -> None:
        """A reply has changed, or what people say of it, by whomever."""
        turn = self._turns.of_reply(reply_id)
        if turn is None:
            return
        async with self._reading:  # what is read last is shown last
            exchanges = await self._context.conversations.exchanges(
                "web", self._browser, self.thread, last=1, before=turn.question_id + 1
            )
            for past in await read_history(self._context, exchanges, self._person):
                if self._turns.get(past.question_id) is turn:
                    turn.update(past)

    def welcome(self, domain: Domain, pack: Pack | None, *, may_change: bool) -> None:
        """The empty conversation: who this is, what one could ask, and what the field came with,
        which those who ``may_change`` it load and remove."""
        self._end_welcome()
        with self._log:
            self._welcome = Welcome(
                domain,
                self._language,
                self._on_ask,
                pack,
                self._context.knowledge.starters,
                may_change=may_change,
            )

    def loading(self, domain: str) -> None:
        """The starter pack of a domain is being loaded or was removed, by whomever."""
        if self._welcome:
            self._welcome.loading(domain)

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
        self._meanwhile = self._context.running.running(self.thread)
        try:
            last = len(self._turns) + _AT_ONCE + 1
            exchanges = await self._context.conversations.exchanges(
                "web", self._browser, self.thread, last=last
            )
            earlier = [e for e in exchanges if e.question_id < self._turns.first]
            added = earlier[-_AT_ONCE:]
            for past in reversed(await read_history(self._context, added, self._person)):
                if self._loading is not loading:
                    return False
                self._add(past, self._meanwhile.get(past.question_id))
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

    def _add(self, past: PastTurn, answer: Answer | None) -> None:
        turn = self._add_turn(past.question_id, past.question, past.domain)
        turn.to_front()
        if past.reply:
            turn.end(past.reply, past.chosen, past.corrections)
        elif answer:
            self._follow(turn, answer)
        else:
            turn.interrupted()

    def _add_turn(self, question_id: int, question: str, domain: str) -> TurnView:
        self._end_welcome()
        return self._turns.add(question_id, question, domain)

    def _follow(self, turn: TurnView, answer: Answer) -> None:
        self._on_busy(True)
        turn.begin(answer)
        task = background_tasks.create(self._followed(turn, answer))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _followed(self, turn: TurnView, answer: Answer) -> None:
        try:
            await turn.follow(answer)
        except Exception:
            _logger.exception("answer not shown", reference=answer.question_id)
            turn.fail()
        self._on_busy(False)

    def _end_welcome(self) -> None:
        if self._welcome:
            self._welcome.delete()
            self._welcome = None

    def _clear(self) -> None:
        self.close()
        self._turns.clear()
        self._log.set_more(False)
        self._welcome = None
        self._on_busy(False)
