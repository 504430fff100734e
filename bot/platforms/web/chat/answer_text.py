"""The words of an answer, with a mark above and around them where nobody has approved them."""

from nicegui import ui

from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.platforms.web.ui.markdown import render
from bot.texts import Language


class AnswerText:
    """Built inside the current element. Read aloud once, mark and words, when it is whole."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._mark: Tag | None = None
        self._place = Tag("div", "words", aria_live="polite", aria_atomic="true")
        with self._place:
            self._prose = ui.html("", sanitize=False).classes("prose")

    def begin(self, *, mark: str) -> None:
        """An answer is on its way; ``mark`` says what it is before its first word, if anything."""
        self._mark_as(mark)
        self.write("")
        self._prose.classes("writing")
        self._set_busy(True)

    def write(self, text: str) -> None:
        self._prose.content = render(text)

    def end(self, text: str, *, mark: str) -> None:
        self._mark_as(mark)
        self.write(text)
        self._stop_writing()

    def cut_off(self) -> None:
        """The answer came to nothing; what was said so far can be read as what it was."""
        if not self._prose.content:
            self._mark_as("")
        self._stop_writing()

    def _stop_writing(self) -> None:
        self._prose.classes(remove="writing")
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for element in (self._place, self._prose):
            element.props["aria-busy"] = busy

    def _mark_as(self, words: str) -> None:
        self._place.classes(add="draft" if words else "", remove="" if words else "draft")
        if self._mark:
            self._mark.delete()
        self._mark = self._build_mark(words) if words else None

    def _build_mark(self, words: str) -> Tag:
        with self._place, Tag("p", "unverified") as mark:
            drawing(icon("warning"))
            Tag("span", "", words)
        mark.move(target_index=0)
        return mark
