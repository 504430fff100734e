"""Did you mean …? Known questions to pick from, where it is not sure which one was meant."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.answering.suggestions import marked_parts, words_only_asked
from bot.messages import Suggestion
from bot.platforms.web.ui.elements import Tag
from bot.texts import Language, say


class ChoiceChips:
    """Built inside the current element; ``on_pick`` gets the pair that was meant."""

    def __init__(
        self, language: Language, *, on_pick: Callable[[int], Any], on_none: Callable[[], Any]
    ) -> None:
        self._language = language
        self._on_pick = on_pick
        self._on_none = on_none
        label = say("did_you_mean", language)
        self._place = Tag("div", "choices", role="group", aria_label=label, hidden=True)

    def show(self, suggestions: Sequence[Suggestion]) -> None:
        """Without any, nothing is seen."""
        self._place.clear()
        self._place.set(hidden=None if suggestions else True)
        with self._place:
            for suggestion in suggestions:
                self._chip(suggestion)
            if suggestions:
                none = say("none_of_these", self._language)
                Tag("button", "choice none", none, type="button").on(
                    "click", self._on_none, args=[]
                )

    def wait(self, waiting: bool) -> None:
        """Something was pressed, and what follows is on its way."""
        self._place.set(aria_busy="true" if waiting else None)

    def _chip(self, suggestion: Suggestion) -> None:
        with Tag("button", "choice", type="button") as chip:
            with Tag("span", "choice-question", dir="auto"):
                for part, differs in marked_parts(suggestion):
                    Tag("mark" if differs else "span", "", part)
            if only_asked := words_only_asked(suggestion):
                Tag("span", "choice-differs", self._differs(only_asked), aria_hidden="true")
            if suggestion.differing:  # a mark is not heard
                Tag("span", "sr-only", f" ({self._differs(suggestion.differing)})")
        chip.on("click", partial(self._on_pick, suggestion.pair_id), args=[])

    def _differs(self, words: Sequence[str]) -> str:
        return say("suggestion_differs", self._language, words=", ".join(words))
