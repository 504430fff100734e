"""Below an answer: what people say it should have said, and the form to say so."""

from collections.abc import Callable, Sequence
from functools import partial

import structlog

from bot.errors import RefusedError
from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import Tag, drawing, reveal, send_typed
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say
from storage.corrections import Correction
from storage.errors import StorageError

_log = structlog.get_logger("web")


class CorrectionBox:
    """Built inside the current element, for one reply. The form's text stays the browser's until
    it is accepted, also while the form is closed."""

    def __init__(
        self,
        context: WebContext,
        reply_id: int,
        person: str,
        language: Language,
        on_open: Callable[[bool], object],
    ) -> None:
        self._context = context
        self._reply_id = reply_id
        self._person = person
        self._language = language
        self._on_open = on_open
        self._form: Tag | None = None
        self._problem: Tag | None = None
        self._sending = False
        self._has_sent = False
        self._is_open = False
        self._mine = ""  # what this person has said already
        with Tag("div", "corrections"):
            self._list = Tag("div", "correction-list")
            self._place = Tag("div", "correction-place")

    def show(self, corrections: Sequence[Correction]) -> None:
        """What counts or waits for a decision, and what of this person's was rejected."""
        standing = [c for c in corrections if c.state != "rejected"]
        self._mine = next((c.text for c in standing if c.person == self._person), "")
        self._list.clear()
        with self._list:
            for correction in corrections:
                self._row(correction)
        if self._has_sent:
            self._has_sent = False
            reveal(self._list)

    def open(self, *, focus: bool = False) -> None:
        form = self._form = self._form or self._build()
        self._turn(True)
        reveal(form, focus="textarea" if focus else "")

    def offer(self) -> None:
        """Open the form for whoever has not said it already."""
        if not self._mine:
            self.open()

    def close(self) -> None:
        self._turn(False)

    def toggle(self) -> None:
        if self._is_open:
            self.close()
        else:
            self.open(focus=True)

    def _turn(self, is_open: bool) -> None:
        self._is_open = is_open
        if self._form:
            self._form.set(hidden=None if is_open else True)
        self._on_open(is_open)

    def _row(self, correction: Correction) -> None:
        say_ = partial(say, language=self._language)
        with Tag("div", "correction", data_state=correction.state):
            with Tag("p", "correction-state"):
                drawing(icon("pencil"))
                Tag("span", "", say_(f"web_correction_{correction.standing}"))
                if correction.person == self._person and correction.state != "rejected":
                    take_back = Tag("button", "link", say_("web_withdraw"), type="button")
                    take_back.on("click", partial(self._withdraw, correction.id), args=[])
            Tag("div", "correction-text", correction.text, dir="auto")

    def _build(self) -> Tag:
        say_ = partial(say, language=self._language)
        with self._place, Tag("form", "correction-form") as form:
            with Tag("label"):
                Tag("span", "", say_("correct_ask"))
                Tag("textarea", "", self._mine, rows="3", dir="auto")
            self._problem = Tag("p", "problem", role="alert")
            with Tag("div", "form-buttons"):
                close = Tag("button", "quiet", say_("correct_cancel"), type="button")
                close.on("click", self.close, args=[])
                Tag("button", "primary", say_("correct_send"), type="submit")
        send_typed(form, self._send)
        return form

    async def _send(self, text: str) -> None:
        if self._sending:
            return
        self._sending = True
        self._complain("")
        try:
            await self._context.correct(self._reply_id, self._person, text, self._language)
        except RefusedError as refused:
            self._complain(str(refused))
        except Exception as error:  # whatever it is, the text must not be lost
            self._fail(error)
        else:
            self._has_sent = True  # and will be shown in a moment
            self._place.clear()
            self._form = self._problem = None
            self.close()
        finally:
            self._sending = False

    async def _withdraw(self, correction_id: int) -> None:
        try:
            await self._context.knowledge.correction_service.withdraw(correction_id, self._person)
        except Exception as error:
            self.open()
            self._fail(error)
        self._context.changes.tell(self._reply_id)

    def _fail(self, error: Exception) -> None:
        unknown = not isinstance(error, StorageError)
        _log.error("correction", reply=self._reply_id, error=str(error), exc_info=unknown)
        self._complain(say("web_correction_not_saved", self._language))

    def _complain(self, problem: str) -> None:
        if self._problem:
            self._problem.text = problem
