"""Below a 👎 on words approved for another question: is the answer wrong, or its place?"""

from collections.abc import Callable
from typing import Any

from bot.platforms.web.ui.elements import Tag, reveal
from bot.texts import Language, say


class WhatIsWrong:
    """A row with two buttons, built inside the current element."""

    def __init__(
        self,
        language: Language,
        *,
        on_wrong_answer: Callable[[], Any],
        on_not_my_question: Callable[[], Any],
    ) -> None:
        self._language = language
        self._buttons = {"wrong_answer": on_wrong_answer, "not_my_question": on_not_my_question}
        label = say("what_is_wrong", language)
        self._row = Tag("div", "what-is-wrong", role="group", aria_label=label, hidden=True)

    def show(self) -> None:
        self.hide()
        self._row.set(hidden=None)
        with self._row:
            ask = say("what_is_wrong", self._language)
            Tag("span", "what-is-wrong-ask", ask, aria_hidden="true")
            for key, on_press in self._buttons.items():
                button = Tag("button", "secondary", say(key, self._language), type="button")
                button.on("click", on_press, args=[])

    def reveal(self) -> None:
        """Scroll there."""
        reveal(self._row)

    def hide(self) -> None:
        self._row.clear()
        self._row.set(hidden=True)
