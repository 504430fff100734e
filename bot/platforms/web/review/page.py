"""The page for reviewers: one object for each open tab."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import partial

import structlog
from nicegui import Client, background_tasks

from bot.platforms.web.context import WebContext
from bot.platforms.web.review.waiting import WaitingReviews, read_waiting
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.frame import switches
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say
from storage.corrections import Correction, Disputed
from storage.errors import StorageError
from storage.judgement import Ruling

_SHOWN_OF_A_NAME = 12
_log = structlog.get_logger("web")
Case = tuple[str, Hashable]  # its kind, and all that its card shows and that can change
Votes = tuple[int, int]  # for and against
Choices = tuple[tuple[Ruling, str, str], ...]  # (ruling, text, look) of each button
_ABOUT_ONE_TEXT: Choices = (
    ("rejected", "review_reject", "secondary"),
    ("approved", "review_approve", "primary"),
)
_ABOUT_TWO_TEXTS: Choices = (
    ("rejected", "web_review_keep", "secondary"),
    ("approved", "web_review_take", "primary"),
)


class ReviewPage:
    """Shows what waits, the oldest first, and lets it be approved or rejected."""

    def __init__(
        self, context: WebContext, client: Client, person: str, language: Language
    ) -> None:
        self._context = context
        self._person = person
        self._language = language
        self._cards: dict[Case, Tag] = {}
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
                    "unapproved": self._section("web_review_unapproved"),
                    "disputed": self._section("web_review_disputed"),
                }
        context.changes.subscribe(self._changed)
        client.on_delete(lambda: context.changes.unsubscribe(self._changed))

    async def load(self) -> None:
        """Bring the cards up to date: what is new goes to the end, what is decided goes away."""
        async with self._loading:
            try:
                found = await read_waiting(self._context)
            except Exception as error:
                self._fail("not loaded", error, "web_not_loaded")
                return
            self._show(self._cases(found))

    def _cases(self, found: WaitingReviews) -> dict[Case, Callable[[], Tag]]:
        """How to build the card of each; a case that changes is another one."""
        cases: dict[Case, Callable[[], Tag]] = {}
        for kind, corrections in (
            ("correction", found.corrections),
            ("unapproved", found.unapproved),
        ):
            for c in corrections:
                votes = found.votes.get(c.id)
                cases[kind, (c.id, votes)] = partial(self._correction, c, votes)
        for d in found.disputed:
            proposed = [(c, found.votes.get(c.id)) for c in found.proposed.get(d.reply_id, [])]
            proposals = tuple((c.id, c.state, votes) for c, votes in proposed)
            cases["disputed", (d.reply_id, d.up, d.down, proposals)] = partial(
                self._disputed, d, proposed
            )
        return cases

    def _show(self, cases: Mapping[Case, Callable[[], Tag]]) -> None:
        for gone in self._cards.keys() - cases.keys():
            self._cards.pop(gone).delete()
        for case, build in cases.items():
            if case not in self._cards:
                with self._sections[case[0]]:
                    self._cards[case] = build()
        kinds = {kind for kind, _ in self._cards}
        for kind, section in self._sections.items():
            section.set(hidden=None if kind in kinds else True)
        self._empty.set(hidden=True if kinds else None)

    def _section(self, title: str) -> Tag:
        section = Tag("section", "cases", hidden=True)
        with section:
            Tag("h2", "", say(title, self._language))
        return section

    def _correction(self, correction: Correction, votes: Votes | None) -> Tag:
        about = [self._context.domain(correction.domain).title, _shown(correction.person)]
        with Tag("article", "case") as card:
            Tag("p", "case-about", " · ".join(about + _counted(votes)))
            with Tag("dl"):
                self._text("web_question", correction.question)
                self._text("web_review_answer", correction.answer)
                self._text("web_review_proposed", correction.text)
            decide = self._context.knowledge.correction_service.decide
            self._buttons(correction.reply_id, partial(decide, correction.id), _ABOUT_TWO_TEXTS)
            Tag("p", "case-follows", say("web_review_follows", self._language))
        return card

    def _disputed(
        self, disputed: Disputed, proposed: Sequence[tuple[Correction, Votes | None]]
    ) -> Tag:
        votes = (disputed.up, disputed.down)
        about = [
            self._context.domain(disputed.domain).title,
            *_counted(votes if any(votes) else None),
        ]
        with Tag("article", "case") as card:
            Tag("p", "case-about", " · ".join(about))
            with Tag("dl"):
                self._text("web_question", disputed.question)
                self._text("web_review_answer", disputed.answer)
                for correction, votes_on_it in proposed:
                    about = [_shown(correction.person), *_counted(votes_on_it)]
                    self._text("web_review_proposed", correction.text, about)
            rule = self._context.knowledge.correction_service.rule
            self._buttons(disputed.reply_id, partial(rule, disputed.reply_id), _ABOUT_ONE_TEXT)
        return card

    def _text(self, key: str, text: str, about: Sequence[str] = ()) -> None:
        Tag("dt", "", " · ".join((say(key, self._language), *about)))
        Tag("dd", f"case-{key}", text or "—", dir="auto")

    def _buttons(
        self, reply_id: int, decide: Callable[[Ruling, str], Awaitable[bool]], choices: Choices
    ) -> None:
        with Tag("div", "form-buttons"):
            for ruling, key, look in choices:
                button = Tag("button", look, say(key, self._language), type="button")
                button.on("click", partial(self._decide, decide, ruling, reply_id), args=[])

    async def _decide(
        self, decide: Callable[[Ruling, str], Awaitable[bool]], ruling: Ruling, reply_id: int
    ) -> None:
        self._notice.text = ""
        try:
            if not await decide(ruling, self._person):
                self._notice.text = say("review_over", self._language)
        except Exception as error:  # whatever it is, the reviewer is told
            self._fail("not decided", error, "web_review_failed")
            return
        self._context.changes.tell(reply_id)

    def _changed(self, _: int) -> None:
        background_tasks.create(self.load())

    def _fail(self, what: str, error: Exception, text: str) -> None:
        unknown = not isinstance(error, StorageError)
        _log.error(what, error=str(error), exc_info=unknown)
        self._notice.text = say(text, self._language)


def _counted(votes: Votes | None) -> list[str]:
    return [f"👍 {votes[0]} · 👎 {votes[1]}"] if votes else []


def _shown(person: str) -> str:
    """Browsers have long names."""
    platform, _, name = person.partition(":")
    return f"{platform}:{name[:_SHOWN_OF_A_NAME]}"
