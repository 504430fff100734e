"""One question and its answer on the page."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from bot.answering.footer import Marked, is_marked, one_persons_mark
from bot.answering.service import Answer
from bot.domains import Domain
from bot.errors import RefusedError
from bot.messages import Reply
from bot.platforms.web.chat.action_row import ActionRow
from bot.platforms.web.chat.answer_text import AnswerText
from bot.platforms.web.chat.choice_chips import ChoiceChips
from bot.platforms.web.chat.copied_text import copied_text
from bot.platforms.web.chat.correction_box import CorrectionBox
from bot.platforms.web.chat.history import PastTurn
from bot.platforms.web.chat.sources_line import SourcesLine
from bot.platforms.web.chat.what_is_wrong import WhatIsWrong
from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import Tag, focus
from bot.texts import LANGUAGES, Language, say
from storage.corrections import Correction
from storage.errors import StorageError
from storage.labels import Subject

_UPDATE_S = 0.1
_OFFERS = frozenset(say("did_you_mean", language) for language in LANGUAGES)
_log = structlog.get_logger("web")


class TurnView:
    """Built inside the current element; shows an answer while it grows and as it ended, and the
    one that takes its place."""

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
        self.question_id = question_id
        self.is_interrupted = False
        self._context = context
        self._domain = domain
        self._person = person
        self._language = language
        self._notice = notice
        self._reply: Reply | None = None
        self._coming: Answer | None = None
        self._voting = asyncio.Lock()
        self._deciding = asyncio.Lock()
        self._corrections: CorrectionBox | None = None
        self._article = Tag("article", "turn")
        with self._article:
            with Tag("div", "question"):
                Tag("span", "sr-only", say("web_question", language))
                Tag("div", "question-text", question, dir="auto")
            self._answer = Tag("div", "answer", tabindex="-1")
            with self._answer:
                self._build_answer()

    def _build_answer(self) -> None:
        self._status = Tag("span", "sr-only", role="status")
        self._text = AnswerText(self._language)
        self._chips = ChoiceChips(self._language, on_pick=self._pick, on_none=self._reject)
        self._note = Tag("p", "answer-note")
        self._backing = SourcesLine()
        self._actions = ActionRow(
            self._context.label_service.scores,
            self._language,
            on_react=self._react,
            on_correct=self._toggle_form,
        )
        self._wrong = WhatIsWrong(
            self._language, on_wrong_answer=self._open_form, on_not_my_question=self._reject
        )

    @property
    def reply_id(self) -> int | None:
        return self._reply.id if self._reply else None

    def to_front(self) -> None:
        """Go before all other turns."""
        self._article.move(target_index=0)

    def expects(self, answer: Answer) -> bool:
        """It is not shown yet, and the turn waits for one or shows what ``answer`` replaces."""
        if answer is self._coming:
            return False
        return self.is_interrupted or answer.replaces is not None

    def begin(self, answer: Answer) -> None:
        """``answer`` takes the place of all that is shown below the question."""
        self._coming = answer
        self.is_interrupted = False
        self._clear()
        self._text.begin(mark=self._mark(answer.response))
        self._status.text = say("web_writing", self._language)

    async def follow(self, answer: Answer) -> None:
        """Show ``answer``, which has begun here, until it has ended."""
        async for text in answer.updates(every=_UPDATE_S):
            self._text.write(text)
        reply = await answer.finished()
        self._status.text = ""
        if reply:
            self.end(reply)
        else:
            self.fail()

    def end(
        self, reply: Reply, chosen: str | None = None, corrections: Sequence[Correction] = ()
    ) -> None:
        """Show a stored reply, with what this person thinks of it."""
        self._clear()
        self._reply = reply
        self._correction_box(reply.id).show(corrections)
        if reply.status == "failed":
            self._text.write(reply.text)
            self.fail()
            return
        self._answer.classes("ended")
        mark = self._mark(reply) if reply.text else ""
        self._text.end(reply.text, mark=mark)
        self._chips.show(reply.suggestions)
        self._note.text = self._note_on(reply)
        if not reply.text:
            return
        self._backing.fill(reply, self._domain, self._language)
        is_choice = reply.outcome == "suggested"
        self._actions.show(
            copied_text(reply, self._domain, self._language),
            votes=not is_choice,
            is_asking=bool(mark) or is_choice,
        )
        self._actions.mark(chosen)
        if self._may_be_misplaced(chosen) and not self._has_corrected(corrections):
            self._wrong.show()

    def update(self, past: PastTurn) -> None:
        """The reply, or what people say of it, has changed, by whomever."""
        if self._coming and not self._coming.ended:
            return
        if past.reply and _seen(past.reply) != _seen(self._reply):
            self.end(past.reply, past.chosen, past.corrections)
        elif self._corrections:
            self._corrections.show(past.corrections)

    def interrupted(self) -> None:
        """The question has no reply, and none is on its way."""
        self.is_interrupted = True
        self._note.text = say("not_answered", self._language)

    def fail(self) -> None:
        self._clear()
        self._text.cut_off()
        self._note.text = say("failed", self._language, reference=f"Q{self.question_id}")
        self._note.classes("error")

    def _clear(self) -> None:
        self._answer.classes(remove="ended")
        self._note.text = ""
        self._note.classes(remove="error")
        self._chips.show(())
        self._backing.clear()
        self._actions.clear()
        self._wrong.hide()
        if self._corrections:
            self._corrections.close()

    def _mark(self, answer: Marked) -> str:
        """What is said above one person's words, and above the model's own where readers are
        told."""
        if answer.said_by:
            return one_persons_mark(answer.said_by, self._language)
        is_draft = answer.outcome == "unverified" and is_marked(False, self._domain)
        return say("web_unverified", self._language) if is_draft else ""

    def _note_on(self, reply: Reply) -> str:
        if reply.status == "stopped":
            return say("stopped", self._language)
        if not reply.text:
            return say("empty_answer", self._language)
        if reply.said_by:
            return say("web_one_person_below", self._language)
        if (
            reply.text in _OFFERS and not reply.suggestions
        ):  # what was offered is not known any more
            return say("pick_gone", self._language)
        return ""

    def _correction_box(self, reply_id: int) -> CorrectionBox:
        """The same for every answer to the question: what was typed there stays."""
        if self._corrections is None:
            with self._answer:
                self._corrections = CorrectionBox(
                    self._context, reply_id, self._person, self._language, self._actions.form_turned
                )
        return self._corrections

    async def _react(self, emoji: str) -> None:
        if self._reply is None:
            return
        async with self._voting:  # two quick clicks are one there and one back
            try:
                chosen = await self._context.label_service.toggle(
                    Subject("reply", self._reply.id),
                    self._person,
                    emoji,
                    roles=self._context.roles(self._person),
                )
            except Exception as error:  # whatever it is, the person is told
                self._not_saved("reaction not stored", error)
                return
            self._actions.mark(chosen)
            self._ask_why(chosen)

    def _ask_why(self, chosen: str | None) -> None:
        """Who does not like an answer can say what is wrong with it."""
        if self._corrections is None:
            return
        if not self._is_against(chosen):
            self._wrong.hide()
            self._corrections.close()
        elif self._may_be_misplaced(chosen):
            self._wrong.show()
            self._wrong.reveal()
        else:
            self._corrections.offer()

    def _may_be_misplaced(self, chosen: str | None) -> bool:
        """This person is against words that were approved for another question than theirs."""
        return (
            self._is_against(chosen)
            and self._reply is not None
            and any(source.similar for source in self._reply.sources)
        )

    def _is_against(self, chosen: str | None) -> bool:
        return chosen is not None and self._context.label_service.scores[chosen] < 0

    def _has_corrected(self, corrections: Sequence[Correction]) -> bool:
        return any(c.person == self._person and c.state != "rejected" for c in corrections)

    async def _pick(self, pair_id: int) -> None:
        if reply := self._reply:
            await self._decide(partial(self._context.picking.pick, reply.id, pair_id, *self._who()))

    async def _reject(self) -> None:
        if reply := self._reply:
            await self._decide(partial(self._context.picking.reject, reply.id, *self._who()))

    def _who(self) -> tuple[str, Language, frozenset[str]]:
        """Who decides, in which language, and what they may."""
        return self._person, self._language, self._context.roles(self._person)

    async def _decide(self, decision: Callable[[], Awaitable[None]]) -> None:
        """Say what was meant, once, however often it is pressed; all tabs hear what follows."""
        if self._deciding.locked():
            return
        async with self._deciding:
            self._notice("")
            self._chips.wait(True)
            try:
                await decision()
            except RefusedError as refused:
                self._notice(str(refused))
            except Exception as error:  # whatever it is, the person is told
                self._not_saved("pick not stored", error)
            else:
                focus(self._answer)  # what was pressed is gone
            self._chips.wait(False)

    def _not_saved(self, what: str, error: Exception) -> None:
        unknown = not isinstance(error, StorageError)
        _log.error(what, reply=self.reply_id, error=str(error), exc_info=unknown)
        self._notice(say("web_not_saved", self._language))

    def _toggle_form(self) -> None:
        if self._corrections:
            self._corrections.toggle()

    def _open_form(self) -> None:
        self._wrong.hide()
        if self._corrections:
            self._corrections.open(focus=True)


def _seen(reply: Reply | None) -> object:
    """What a reader sees of it."""
    return reply and (reply.text, reply.outcome, reply.suggestions, reply.said_by)
