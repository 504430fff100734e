"""The open conversation in one tab: what was said, what is being said, or a welcome."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import background_tasks

from bot.answer import Answer
from bot.domains import Domain
from bot.label import Labeling
from bot.settings import Settings
from bot.texts import Language, say
from bot.web.icons import MARK
from bot.web.live import Live
from bot.web.parts import ChatLog, Tag, drawing
from bot.web.turn import Turn
from engine.prompt import clean
from storage.messages import Exchange, Messages

_SHOWN_EXCHANGES = 200


@dataclass(frozen=True, slots=True)
class Chat:
    """What all pages share."""

    settings: Settings
    live: Live
    messages: Messages
    labeling: Labeling
    domains: Mapping[str, Domain]


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
    ) -> None:
        self.thread = ""
        self._chat = chat
        self._browser = browser
        self._person = f"web:{browser}"
        self._language = language
        self._on_ask = on_ask
        self._on_busy = on_busy
        self._notice = notice
        self._loading = False
        self._turns: dict[int, Turn] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._hero: Tag | None = None
        self._log = ChatLog(
            label=say("web_conversation", language), to_end=say("web_to_end", language)
        )

    @property
    def is_empty(self) -> bool:
        return not self._turns and not self._loading

    async def show(self, thread: str) -> bool:
        """Show this conversation from now on; False when another was asked for meanwhile."""
        self._clear()
        self.thread, self._loading = thread, True
        # Asked before and after: an answer that ends in between is in one of the two.
        running = self._chat.live.running(thread)
        exchanges = await self._chat.messages.exchanges(
            "web", self._browser, thread, last=_SHOWN_EXCHANGES
        )
        replies = [e.reply_id for e in exchanges if e.reply_id is not None]
        chosen = await self._chat.labeling.chosen(replies, self._person)
        if self.thread != thread:
            return False
        running |= self._chat.live.running(thread)
        self._loading = False
        for exchange in exchanges:
            self._add(exchange, running.pop(exchange.question_id, None), chosen)
        for answer in running.values():
            self.begun(answer)
        self._log.to_end()
        return True

    def begun(self, answer: Answer) -> None:
        """An answer has begun, in this tab or another; while we load, loading will find it."""
        known = answer.question_id in self._turns
        if answer.incoming.thread == self.thread and not known and not self._loading:
            turn = self._add_turn(answer.question_id, clean(answer.incoming.text))
            self._follow(turn, answer)

    def welcome(self, domain: Domain) -> None:
        """The empty conversation: who this is, and what one could ask."""
        self._end_welcome()
        with self._log:
            self._hero = Tag("section", "hero")
        with self._hero:
            drawing(MARK)
            Tag("h1", "", "Reactune")
            Tag("p", "", say("web_tagline", self._language))
            with Tag("div", "examples"):
                for example in domain.examples:
                    button = Tag("button", "example", example, type="button")
                    button.on("click", partial(self._on_ask, example), args=[])

    def to_end(self) -> None:
        self._log.to_end()

    def close(self) -> None:
        """The tab is gone; its answers go on without it."""
        for task in self._following:
            task.cancel()

    def _add(
        self, exchange: Exchange, answer: Answer | None, chosen: Mapping[int, frozenset[str]]
    ) -> None:
        turn = self._add_turn(exchange.question_id, exchange.question)
        reply_id, text, status = exchange.reply_id, exchange.reply, exchange.status
        if reply_id is not None and text is not None and status is not None:
            turn.end(reply_id, text, status, chosen.get(reply_id, ()))
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
        await turn.follow(answer)
        self._on_busy(False)

    def _end_welcome(self) -> None:
        if self._hero:
            self._hero.delete()
            self._hero = None

    def _clear(self) -> None:
        self.close()
        self._log.clear()
        self._turns.clear()
        self._hero = None
        self._on_busy(False)
