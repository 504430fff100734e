"""The chat page: one object for each open tab."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from nicegui import Client, background_tasks

from bot.answer import Answer
from bot.domains import Domain
from bot.label import Labeling
from bot.messages import Incoming, RefusedError
from bot.settings import Settings
from bot.texts import Language, say
from bot.web.frame import Bar, Drawer
from bot.web.live import Live
from bot.web.parts import MARK, ChatLog, Composer, Tag, drawing
from bot.web.turn import Turn
from engine.errors import EngineError
from engine.prompt import clean
from storage.errors import StorageError
from storage.messages import Exchange, Messages, Thread

_SHOWN_EXCHANGES = 200
_LISTED_THREADS = 100
_THREAD = re.compile(r"[A-Za-z0-9_-]{8,40}")
_log = structlog.get_logger("web")


@dataclass(frozen=True, slots=True)
class Chat:
    """What all pages share."""

    settings: Settings
    live: Live
    messages: Messages
    labeling: Labeling
    domains: Mapping[str, Domain]


class Page:
    """A tab of one browser. Conversations belong to the browser: its id is channel and user."""

    def __init__(self, chat: Chat, client: Client, browser: str, language: Language) -> None:
        self._chat = chat
        self._client = client
        self._browser = browser
        self._language = language
        self._domain = chat.settings.domain
        self._thread = ""
        self._loading = False
        self._turns: dict[int, Turn] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._hero: Tag | None = None
        with Tag("div", "app"):
            self._drawer = Drawer(
                language,
                on_open=self._open,
                on_new=self._new,
                password=chat.settings.web_password is not None,
            )
            with Tag("main", "main"):
                self._bar = Bar(
                    language, chat.domains, on_domain=self._choose_domain, on_new=self._new
                )
                self._log = ChatLog(
                    label=say("web_conversation", language), to_end=say("web_to_end", language)
                )
                with Tag("footer", "dock"):
                    self._notice = Tag("p", "notice", role="alert")
                    self._composer = self._build_composer()
                    Tag("p", "fine-print", say("web_note", language))
        self._bar.set_domain(self._domain)
        chat.live.watch(browser, self._begun)
        client.on_delete(self._leave)

    async def open(self, asked_for: str) -> None:
        """Show the conversation ``asked_for``; without one, the latest; without any, a new one."""
        threads = await self._threads()
        if _THREAD.fullmatch(asked_for):
            thread = asked_for
        else:
            thread = threads[0].thread if threads else _new_thread()
        known = next((t for t in threads if t.thread == thread), None)
        await self._show(thread, known.domain if known else self._domain)

    def _build_composer(self) -> Composer:
        composer = Composer(
            placeholder=say("web_placeholder", self._language),
            label=say("web_question", self._language),
            send=say("web_send", self._language),
            stop=say("web_stop", self._language),
        )
        composer.on("ask", lambda event: self._ask(str(event.args)))
        composer.on("stop", self._stop, args=[])
        return composer

    # -- what the reader does ---------------------------------------------------------------

    async def _ask(self, text: str) -> None:
        self._say("")
        incoming = Incoming("web", self._browser, self._thread, self._browser, text, self._domain)
        try:
            await self._chat.live.ask(incoming, self._language)
        except RefusedError as refused:
            self._give_back(text, str(refused))
        except (EngineError, StorageError) as error:
            _log.error("question not taken", error=str(error))
            self._give_back(text, say("web_try_again", self._language))
        else:
            self._composer.accepted()
            self._log.to_end()

    def _give_back(self, text: str, reason: str) -> None:
        self._say(reason)
        self._composer.give_back(text)

    def _stop(self) -> None:
        for answer in self._chat.live.running(self._thread).values():
            answer.stop()

    async def _open(self, thread: Thread) -> None:
        await self._show(thread.thread, thread.domain)

    async def _new(self) -> None:
        await self._show(_new_thread(), self._domain)

    def _choose_domain(self, name: str) -> None:
        if name not in self._chat.domains:
            return
        self._domain = name
        self._bar.set_domain(name)
        if self._hero:
            self._welcome()

    # -- what the page shows ----------------------------------------------------------------

    async def _show(self, thread: str, domain: str) -> None:
        self._clear()
        self._thread, self._loading = thread, True
        # Asked before and after: an answer that ends in between is in one of the two.
        running = self._chat.live.running(thread)
        exchanges = await self._chat.messages.exchanges(
            "web", self._browser, thread, last=_SHOWN_EXCHANGES
        )
        ids = [e.reply_id for e in exchanges if e.reply_id is not None]
        chosen = await self._chat.labeling.chosen(ids, f"web:{self._browser}") if ids else {}
        if self._thread != thread:
            return  # the reader was quicker
        running |= self._chat.live.running(thread)
        self._loading = False
        self._choose_domain(domain)
        for exchange in exchanges:
            self._add(exchange, running.pop(exchange.question_id, None), chosen)
        for answer in running.values():
            self._begun(answer)
        if not self._turns:
            self._welcome()
        self._client.run_javascript(f"history.replaceState(null, '', '/?c={thread}')")
        self._log.to_end()
        self._drawer.show(await self._threads(), thread)

    def _add(
        self, exchange: Exchange, answer: Answer | None, chosen: Mapping[int, frozenset[str]]
    ) -> None:
        turn = self._add_turn(exchange.question_id, exchange.question)
        if exchange.reply_id is not None:
            turn.end(
                exchange.reply_id,
                exchange.reply or "",
                exchange.status,
                chosen.get(exchange.reply_id, ()),
            )
        elif answer:
            self._follow(turn, answer)
        else:
            turn.interrupted()

    def _begun(self, answer: Answer) -> None:
        """An answer has begun in one of this browser's tabs."""
        if self._loading:
            return  # whatever loads will see it
        background_tasks.create(self._list_threads())
        if answer.incoming.thread == self._thread and answer.question_id not in self._turns:
            turn = self._add_turn(answer.question_id, clean(answer.incoming.text))
            self._follow(turn, answer)

    def _add_turn(self, question_id: int, question: str) -> Turn:
        if self._hero:
            self._hero.delete()
            self._hero = None
        with self._log:
            self._turns[question_id] = Turn(
                question,
                question_id=question_id,
                person=f"web:{self._browser}",
                labeling=self._chat.labeling,
                language=self._language,
                notice=self._say,
            )
        return self._turns[question_id]

    def _follow(self, turn: Turn, answer: Answer) -> None:
        self._composer.set_busy(True)
        task = background_tasks.create(self._followed(turn, answer))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def _followed(self, turn: Turn, answer: Answer) -> None:
        await turn.follow(answer)
        self._composer.set_busy(False)

    def _welcome(self) -> None:
        if self._hero:
            self._hero.delete()
        with self._log:
            self._hero = Tag("section", "hero")
        with self._hero:
            drawing(MARK)
            Tag("h1", "", "Reactune")
            Tag("p", "", say("web_tagline", self._language))
            with Tag("div", "examples"):
                for example in self._chat.domains[self._domain].examples:
                    button = Tag("button", "example", example, type="button")
                    button.on("click", lambda _, text=example: self._ask(text))

    def _say(self, notice: str) -> None:
        self._notice.text = notice

    async def _threads(self) -> list[Thread]:
        return await self._chat.messages.threads("web", self._browser, last=_LISTED_THREADS)

    async def _list_threads(self) -> None:
        self._drawer.show(await self._threads(), self._thread)

    def _clear(self) -> None:
        for task in self._following:
            task.cancel()
        self._log.clear()
        self._turns.clear()
        self._hero = None
        self._say("")
        self._composer.set_busy(False)

    def _leave(self) -> None:
        """The tab is gone; its answers go on without it."""
        self._chat.live.unwatch(self._browser, self._begun)
        for task in self._following:
            task.cancel()


def _new_thread() -> str:
    return secrets.token_urlsafe(12)
