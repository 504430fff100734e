"""The page for reviewers: one object for each open tab."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from nicegui import Client, background_tasks

from bot.texts import Language, say
from bot.web.chat import Chat
from bot.web.frame import switches
from bot.web.icons import icon
from bot.web.parts import Tag, drawing
from bot.web.review import read_waiting
from storage.corrections import Correction, Disputed
from storage.errors import StorageError
from storage.opinions import Ruling

_SHOWN_OF_A_NAME = 12
_log = structlog.get_logger("web")
Decide = Callable[[Ruling], Awaitable[bool]]
_CHOICES: tuple[tuple[Ruling, str, str], ...] = (
    ("rejected", "review_reject", "secondary"),
    ("approved", "review_approve", "primary"),
)


class ReviewPage:
    """Shows what waits, the oldest first, and lets it be approved or rejected."""

    def __init__(self, chat: Chat, client: Client, person: str, language: Language) -> None:
        self._chat = chat
        self._person = person
        self._language = language
        self._cards: dict[tuple[str, int], Tag] = {}
        self._loading = asyncio.Lock()
        with Tag("div", "review"):
            with Tag("header", "bar"):
                back = say("web_back", language)
                with Tag("a", "icon-button", href="/", title=back, aria_label=back):
                    drawing(icon("back"))
                Tag("h1", "domain", say("web_review", language))
                Tag("span", "spacer")
                switches(language)
            with Tag("main", "review-main"), Tag("div", "review-column"):
                self._notice = Tag("p", "notice", role="alert")
                self._empty = Tag("p", "review-empty", say("web_review_empty", language))
                self._sections = {
                    "correction": self._section("web_review_corrections"),
                    "disputed": self._section("web_review_disputed"),
                }
        chat.changes.watch(self._changed)
        client.on_delete(lambda: chat.changes.unwatch(self._changed))

    async def load(self) -> None:
        """Bring the cards up to date: what is new goes to the end, what is decided goes away."""
        async with self._loading:
            try:
                found = await read_waiting(self._chat)
            except Exception as error:
                self._fail("not loaded", error, "web_not_loaded")
                return
            cards = {
                ("correction", c.id): partial(self._correction, c, found.votes.get(c.id))
                for c in found.corrections
            } | {("disputed", d.reply_id): partial(self._disputed, d) for d in found.disputed}
            self._show(cards)

    def _show(self, cards: Mapping[tuple[str, int], Callable[[], Tag]]) -> None:
        for gone in self._cards.keys() - cards.keys():
            self._cards.pop(gone).delete()
        for key, build in cards.items():
            if key not in self._cards:
                with self._sections[key[0]]:
                    self._cards[key] = build()
        kinds = {kind for kind, _ in self._cards}
        for kind, section in self._sections.items():
            section.set(hidden=None if kind in kinds else True)
        self._empty.set(hidden=True if kinds else None)

    def _section(self, title: str) -> Tag:
        section = Tag("section", "cases", hidden=True)
        with section:
            Tag("h2", "", say(title, self._language))
        return section

    def _correction(self, correction: Correction, votes: tuple[int, int] | None) -> Tag:
        about = [self._chat.domain(correction.domain).title, _shown(correction.person)]
        texts = {
            "web_question": correction.question,
            "web_review_answer": correction.answer,
            "web_review_proposed": correction.text,
        }
        return self._card(
            about + ([_counted(*votes)] if votes else []),
            texts,
            correction.reply_id,
            lambda ruling: self._chat.knowledge.correcting.decide(
                correction.id, ruling, self._person
            ),
        )

    def _disputed(self, disputed: Disputed) -> Tag:
        return self._card(
            [self._chat.domain(disputed.domain).title, _counted(disputed.up, disputed.down)],
            {"web_question": disputed.question, "web_review_answer": disputed.answer},
            disputed.reply_id,
            lambda ruling: self._chat.knowledge.correcting.rule(
                disputed.reply_id, ruling, self._person
            ),
        )

    def _card(
        self, about: list[str], texts: Mapping[str, str], reply_id: int, decide: Decide
    ) -> Tag:
        say_ = partial(say, language=self._language)
        card = Tag("article", "case")
        with card:
            Tag("p", "case-about", " · ".join(about))
            with Tag("dl"):
                for key, text in texts.items():
                    Tag("dt", "", say_(key))
                    Tag("dd", f"case-{key}", text or "—", dir="auto")
            with Tag("div", "form-buttons"):
                for ruling, key, look in _CHOICES:
                    button = Tag("button", look, say_(key), type="button")
                    button.on("click", partial(self._decide, decide, ruling, reply_id), args=[])
        return card

    async def _decide(self, decide: Decide, ruling: Ruling, reply_id: int) -> None:
        self._notice.text = ""
        try:
            if not await decide(ruling):
                self._notice.text = say("review_over", self._language)
        except Exception as error:  # whatever it is, the reviewer is told
            self._fail("not decided", error, "web_review_failed")
            return
        self._chat.changes.tell(reply_id)

    def _changed(self, _: int) -> None:
        background_tasks.create(self.load())

    def _fail(self, what: str, error: Exception, text: str) -> None:
        unknown = not isinstance(error, StorageError)
        _log.error(what, error=str(error), exc_info=unknown)
        self._notice.text = say(text, self._language)


def _counted(up: int, down: int) -> str:
    return f"👍 {up} · 👎 {down}"


def _shown(person: str) -> str:
    """Browsers have long names."""
    platform, _, name = person.partition(":")
    return f"{platform}:{name[:_SHOWN_OF_A_NAME]}"
