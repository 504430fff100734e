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
        label = say("what_is_wrong", language)
        self._row = Tag("div", "what-is-wrong", role="group", aria_label=label, hidden=True)
        with self._row:
            Tag("span", "what-is-wrong-ask", label, aria_hidden="true")
            for key, on_press in (
                ("wrong_answer", on_wrong_answer),
                ("not_my_question", on_not_my_question),
            ):
                button = Tag("button", "secondary", say(key, language), type="button")
                button.on("click", on_press, args=[])

    def show(self) -> None:
        self._row.set(hidden=None)

    def reveal(self) -> None:
        """Scroll there."""
        reveal(self._row)

    def hide(self) -> None:
        self._row.set(hidden=True)
