"""The words of an answer, with a mark above and around them where nobody has approved them."""

from nicegui import ui

from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.platforms.web.ui.markdown import render
from bot.texts import Language, say


class AnswerText:
    """Built inside the current element. Read aloud once, mark and words, when it is whole."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._mark: Tag | None = None
        self._place = Tag("div", "words", aria_live="polite", aria_atomic="true")
        with self._place:
            self._prose = ui.html("", sanitize=False).classes("prose")

    def begin(self, *, is_draft: bool) -> None:
        """An answer is on its way, and shows what it is before its first word."""
        self._mark_as(is_draft=is_draft)
        self.write("")
        self._prose.classes("writing")
        self._set_busy(True)

    def write(self, text: str) -> None:
        self._prose.content = render(text)

    def end(self, text: str, *, is_draft: bool) -> None:
        self._mark_as(is_draft=is_draft)
        self.write(text)
        self._stop_writing()

    def cut_off(self) -> None:
        """The answer came to nothing; what was said so far can be read as what it was."""
        if not self._prose.content:
            self._mark_as(is_draft=False)
        self._stop_writing()

    def _stop_writing(self) -> None:
        self._prose.classes(remove="writing")
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for element in (self._place, self._prose):
            element.props["aria-busy"] = busy

    def _mark_as(self, *, is_draft: bool) -> None:
        self._place.classes(add="draft" if is_draft else "", remove="" if is_draft else "draft")
        if is_draft and self._mark is None:
            self._mark = self._build_mark()
        elif self._mark and not is_draft:
            self._mark.delete()
            self._mark = None

    def _build_mark(self) -> Tag:
        with self._place, Tag("p", "unverified") as mark:
            drawing(icon("warning"))
            Tag("span", "", say("web_unverified", self._language))
        mark.move(target_index=0)
        return mark
