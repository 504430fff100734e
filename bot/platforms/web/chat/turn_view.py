"""One question and its answer on the page."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from nicegui import ui

from bot.answering.service import Answer
from bot.domains import Domain
from bot.messages import Reply, Source
from bot.platforms.web.chat.correction_box import CorrectionBox
from bot.platforms.web.chat.sources_line import SourcesLine
from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import CopyButton, Tag, drawing, icon_button
from bot.platforms.web.ui.icons import icon
from bot.platforms.web.ui.markdown import render
from bot.texts import Language, say
from storage.corrections import Correction
from storage.errors import StorageError
from storage.labels import Subject

_UPDATE_S = 0.1
_log = structlog.get_logger("web")


class TurnView:
    """Built inside the current element; shows an answer while it grows and as it ended."""

    def __init__(
        self,
        context: WebContext,
        question: str,
        *,
        question_id: int,
        domain: Domain,
        person: str,
        language: Language,
        notice: Callable[[str], None],
    ) -> None:
        self.reply_id: int | None = None
        self._reference = f"Q{question_id}"
        self._context = context
        self._domain = domain
        self._person = person
        self._label_service = context.label_service
        self._language = language
        self._notice = notice
        self._buttons: dict[str, Tag] = {}
        self._choosing = asyncio.Lock()
        self._corrections: CorrectionBox | None = None
        self._correct: Tag | None = None
        self.is_interrupted = False
        self._article = Tag("article", "turn")
        with self._article:
            with Tag("div", "question"):
                Tag("span", "sr-only", say("web_question", language))
                Tag("div", "question-text", question, dir="auto")
            self._answer = Tag("div", "answer")
            with self._answer:
                self._status = Tag("span", "sr-only", role="status")
                self._prose = ui.html("", sanitize=False).classes("prose")
                self._prose.props["aria-live"] = "polite"
                self._note = Tag("p", "answer-note")
                self._backing = SourcesLine()
                self._actions = Tag("div", "actions")

    def to_front(self) -> None:
        """Go before all other turns."""
        self._article.move(target_index=0)

    async def follow(self, answer: Answer) -> None:
        """Show ``answer`` until it has ended."""
        self.is_interrupted = False
        self._note.text = ""
        self._backing.reserve(self._domain)
        self._prose.classes("writing")
        self._prose.props["aria-busy"] = True  # read aloud once, when it is whole
        self._status.text = say("web_writing", self._language)
        async for text in answer.updates(every=_UPDATE_S):
            self._prose.content = render(text)
        reply = await answer.finished()
        self._prose.classes(remove="writing")
        self._prose.props["aria-busy"] = False
        self._status.text = ""
        if reply:
            self.end(reply)
        else:
            self.fail()

    def end(
        self, reply: Reply, chosen: str | None = None, corrections: Sequence[Correction] = ()
    ) -> None:
        """Show a stored reply, with what this person thinks of it."""
        self.reply_id = reply.id
        with self._answer:
            self._corrections = CorrectionBox(
                self._context, reply.id, self._person, self._language, self._form_turned
            )
        self._corrections.show(corrections)
        if reply.status == "failed":
            self.fail()
            return
        self._answer.classes("ended")
        self._prose.content = render(reply.text)
        if reply.status == "stopped":
            self._note.text = say("stopped", self._language)
        elif not reply.text:
            self._note.text = say("empty_answer", self._language)
        if not reply.text:
            self._backing.clear()
            return
        if reply.status != "abstained":
            self._back(reply.verified, reply.sources)
        self._offer(reply)
        self._mark(chosen)

    def corrected(self, corrections: Sequence[Correction]) -> None:
        """What people say that this answer should have said has changed."""
        if self._corrections:
            self._corrections.show(corrections)

    def interrupted(self) -> None:
        """The question has no reply, and none is on its way."""
        self.is_interrupted = True
        self._note.text = say("not_answered", self._language)

    def fail(self) -> None:
        self._note.text = say("failed", self._language, reference=self._reference)
        self._note.classes("error")
        self._backing.clear()

    def _back(self, verified: bool, sources: Sequence[Source]) -> None:
        self._backing.fill(self._domain, self._language, verified=verified, sources=sources)

    def _offer(self, reply: Reply) -> None:
        """The row below an answer: one button for each reaction, copy and correct."""
        say_ = partial(say, language=self._language)
        with self._actions:
            with Tag("div", "reactions", role="group", aria_label=say_("web_reactions")):
                for emoji, score in self._label_service.scores.items():
                    meaning = "web_good" if score > 0 else "web_bad" if score < 0 else "web_react"
                    self._buttons[emoji] = self._reaction(reply.id, emoji, say_(meaning))
            CopyButton(reply.text, label=say_("web_copy"), done=say_("web_copied"))
            self._correct = icon_button(
                "pencil", say_("correct_button"), "correct", aria_expanded="false"
            )
            self._correct.on("click", self._toggle_form, args=[])
        self._actions.classes("ready")

    def _reaction(self, reply_id: int, emoji: str, meaning: str) -> Tag:
        button = Tag(
            "button", "icon-button reaction", type="button", title=meaning, data_emoji=emoji
        )
        with button:
            drawing(icon(emoji))
            Tag("span", "sr-only", f"{emoji} {meaning}")
        button.on("click", partial(self._choose, reply_id, emoji), args=[])
        return button

    async def _choose(self, reply_id: int, emoji: str) -> None:
        async with self._choosing:  # two quick clicks are one there and one back
            try:
                chosen = await self._label_service.toggle(
                    Subject("reply", reply_id), self._person, emoji
                )
            except Exception as error:  # whatever it is, the person is told
                unknown = not isinstance(error, StorageError)
                _log.error(
                    "reaction not stored", reply=reply_id, error=str(error), exc_info=unknown
                )
                self._notice(say("web_not_saved", self._language))
                return
            self._mark(chosen)
            if self._corrections and chosen and self._label_service.scores[chosen] < 0:
                self._corrections.offer()
            elif self._corrections:
                self._corrections.close()

    def _toggle_form(self) -> None:
        if self._corrections:
            self._corrections.toggle()

    def _form_turned(self, is_open: bool) -> None:
        if self._correct:
            self._correct.set(aria_expanded="true" if is_open else "false")

    def _mark(self, chosen: str | None) -> None:
        for emoji, button in self._buttons.items():
            button.set(aria_pressed="true" if emoji == chosen else "false")
