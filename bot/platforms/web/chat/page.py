"""The chat page: one object for each open tab."""

import re
import secrets
from collections.abc import Iterable

import structlog
from nicegui import Client, background_tasks

from bot.answering.service import Answer
from bot.errors import RefusedError
from bot.feedback.corrections import correction_in
from bot.messages import Incoming
from bot.platforms.web.chat.conversation import Conversation
from bot.platforms.web.chat.my_data import MyData
from bot.platforms.web.context import WebContext
from bot.platforms.web.review.waiting import ReviewLink
from bot.platforms.web.ui.elements import Composer, Tag
from bot.platforms.web.ui.frame import Bar, Drawer, log_out, training_link
from bot.texts import Language, say
from engine.errors import EngineError
from storage.errors import StorageError

_LISTED_THREADS = 100
_THREAD = re.compile(r"[A-Za-z0-9_-]{8,40}")
_log = structlog.get_logger("web")


class ChatPage:
    """A tab of one browser. Conversations belong to the browser: its id is channel and user."""

    def __init__(
        self,
        context: WebContext,
        client: Client,
        browser: str,
        language: Language,
        *,
        may_review: bool,
    ) -> None:
        self._context = context
        self._client = client
        self._browser = browser
        self._language = language
        self._domain = context.settings.domain
        self._review: ReviewLink | None = None
        with Tag("div", "app"):
            self._drawer = Drawer(
                language,
                on_open=self._choose,
                on_new=self._new,
            )
            with self._drawer.foot:
                if may_review:
                    self._review = ReviewLink(context, language, self._not_loaded)
                    training_link(language)
                MyData(context, client, browser, language, self._say)
                if context.settings.web_password is not None:
                    log_out(language)
            with Tag("main", "main"):
                self._bar = Bar(
                    language, context.domains, on_domain=self._choose_domain, on_new=self._new
                )
                self._conversation = Conversation(
                    context,
                    browser,
                    language,
                    on_ask=self._ask,
                    on_busy=self._busy,
                    notice=self._say,
                    on_failed=self._not_loaded,
                )
                with Tag("footer", "dock"):
                    self._notice = Tag("p", "notice", role="alert")
                    self._composer = self._build_composer()
                    Tag("p", "fine-print", say("web_note", language))
        context.running.subscribe(browser, self._begun)
        context.changes.subscribe(self._changed)
        context.knowledge.starters.subscribers.subscribe(self._conversation.loading)
        client.on_delete(self._leave)

    async def open(self, asked_for: str) -> None:
        """Show the conversation ``asked_for``; without one, the latest; without any, a new one."""
        threads = await self._list_threads()
        if _THREAD.fullmatch(asked_for):
            thread = asked_for
        else:
            thread = next(iter(threads), None) or _new_thread()
        await self._open(thread)
        if self._review:
            await self._review.count()

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

    async def _ask(self, text: str) -> None:
        self._say("")
        correction = correction_in(text)
        try:
            if correction is None:
                await self._context.running.ask(self._incoming(text), self._language)
            else:
                await self._conversation.correct(correction)
        except RefusedError as refused:
            self._give_back(text, str(refused))
        except Exception as error:  # whatever it is, the text must not be lost
            unknown = not isinstance(error, (EngineError, StorageError))
            _log.error("question not taken", error=str(error), exc_info=unknown)
            self._give_back(text, say("web_try_again", self._language))
        else:
            self._composer.accepted()
            self._conversation.to_end()

    def _incoming(self, text: str) -> Incoming:
        thread = self._conversation.thread
        return Incoming("web", self._browser, thread, self._browser, text, self._domain)

    def _give_back(self, text: str, reason: str) -> None:
        self._say(reason)
        self._composer.give_back(text)

    def _stop(self) -> None:
        for answer in self._context.running.running(self._conversation.thread).values():
            answer.stop()

    async def _choose(self, thread: str) -> None:
        self._say("")
        await self._open(thread)

    async def _new(self) -> None:
        await self._choose(_new_thread())

    async def _open(self, thread: str) -> None:
        try:
            if not await self._conversation.show(thread):
                return  # the reader went on to another one
        except Exception as error:
            self._not_loaded(error)
        self._drawer.mark(thread)
        known = self._drawer.threads.get(thread)
        await self._choose_domain(known.domain if known else self._domain)
        self._client.run_javascript(f"history.replaceState(null, '', '/?c={thread}')")

    async def _choose_domain(self, name: str) -> None:
        if name in self._context.domains:  # a domain can be taken away while talks about it stay
            self._domain = name
        self._bar.set_domain(self._domain)
        if not self._conversation.is_empty:
            return
        domain = self._context.domains[self._domain]
        pack = await self._context.knowledge.starters.of(domain)
        if self._conversation.is_empty and domain.name == self._domain:
            self._conversation.welcome(domain, pack, may_change=self._review is not None)

    def _begun(self, answer: Answer) -> None:
        """An answer has begun in one of this browser's tabs."""
        self._conversation.begun(answer)
        background_tasks.create(self._list_threads())

    def _changed(self, reply_id: int) -> None:
        """A reply has changed, or its corrections have, in this browser or elsewhere."""
        background_tasks.create(self._conversation.changed(reply_id))
        if self._review:
            background_tasks.create(self._review.count())

    def _busy(self, busy: bool) -> None:
        self._composer.set_busy(busy)

    def _say(self, notice: str) -> None:
        self._notice.text = notice

    async def _list_threads(self) -> Iterable[str]:
        """Bring the list up to date; the names of those in it, the newest first."""
        try:
            threads = await self._context.conversations.threads(
                "web", self._browser, last=_LISTED_THREADS
            )
            self._drawer.show(threads)
        except Exception as error:
            self._not_loaded(error)
        return self._drawer.threads

    def _not_loaded(self, error: Exception) -> None:
        """A damaged database, most likely: the page stands, and says so."""
        unknown = not isinstance(error, StorageError)
        _log.error("conversations not loaded", error=str(error), exc_info=unknown)
        self._say(say("web_not_loaded", self._language))

    def _leave(self) -> None:
        self._context.running.unsubscribe(self._browser, self._begun)
        self._context.changes.unsubscribe(self._changed)
        self._context.knowledge.starters.subscribers.unsubscribe(self._conversation.loading)
        self._conversation.close()


def _new_thread() -> str:
    return secrets.token_urlsafe(12)
