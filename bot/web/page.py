"""The chat page: one object for each open tab."""

import re
import secrets

import structlog
from nicegui import Client, background_tasks

from bot.answer import Answer
from bot.messages import Incoming, RefusedError
from bot.texts import Language, say
from bot.web.conversation import Chat, Conversation
from bot.web.frame import Bar, Drawer
from bot.web.parts import Composer, Tag
from engine.errors import EngineError
from storage.errors import StorageError
from storage.messages import Thread

_LISTED_THREADS = 100
_THREAD = re.compile(r"[A-Za-z0-9_-]{8,40}")
_log = structlog.get_logger("web")


class Page:
    """A tab of one browser. Conversations belong to the browser: its id is channel and user."""

    def __init__(self, chat: Chat, client: Client, browser: str, language: Language) -> None:
        self._chat = chat
        self._client = client
        self._browser = browser
        self._language = language
        self._domain = chat.settings.domain
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
                self._conversation = Conversation(
                    chat,
                    browser,
                    language,
                    on_ask=self._ask,
                    on_busy=self._busy,
                    notice=self._say,
                )
                with Tag("footer", "dock"):
                    self._notice = Tag("p", "notice", role="alert")
                    self._composer = self._build_composer()
                    Tag("p", "fine-print", say("web_note", language))
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

    async def _ask(self, text: str) -> None:
        self._say("")
        thread = self._conversation.thread
        incoming = Incoming("web", self._browser, thread, self._browser, text, self._domain)
        try:
            await self._chat.live.ask(incoming, self._language)
        except RefusedError as refused:
            self._give_back(text, str(refused))
        except (EngineError, StorageError) as error:
            _log.error("question not taken", error=str(error))
            self._give_back(text, say("web_try_again", self._language))
        else:
            self._composer.accepted()
            self._conversation.to_end()

    def _give_back(self, text: str, reason: str) -> None:
        self._say(reason)
        self._composer.give_back(text)

    def _stop(self) -> None:
        for answer in self._chat.live.running(self._conversation.thread).values():
            answer.stop()

    async def _open(self, thread: Thread) -> None:
        await self._show(thread.thread, thread.domain)

    async def _new(self) -> None:
        await self._show(_new_thread(), self._domain)

    async def _show(self, thread: str, domain: str) -> None:
        self._say("")
        if not await self._conversation.show(thread):
            return  # the reader went on to another one
        self._choose_domain(domain)
        self._client.run_javascript(f"history.replaceState(null, '', '/?c={thread}')")
        await self._list_threads()

    def _choose_domain(self, name: str) -> None:
        if name in self._chat.domains:  # a domain can be taken away while talks about it stay
            self._domain = name
        self._bar.set_domain(self._domain)
        if self._conversation.is_empty:
            self._conversation.welcome(self._chat.domains[self._domain])

    def _begun(self, answer: Answer) -> None:
        """An answer has begun in one of this browser's tabs."""
        self._conversation.begun(answer)
        background_tasks.create(self._list_threads())

    def _busy(self, busy: bool) -> None:
        self._composer.set_busy(busy)

    def _say(self, notice: str) -> None:
        self._notice.text = notice

    async def _threads(self) -> list[Thread]:
        return await self._chat.messages.threads("web", self._browser, last=_LISTED_THREADS)

    async def _list_threads(self) -> None:
        self._drawer.show(await self._threads(), self._conversation.thread)

    def _leave(self) -> None:
        self._chat.live.unwatch(self._browser, self._begun)
        self._conversation.close()


def _new_thread() -> str:
    return secrets.token_urlsafe(12)
