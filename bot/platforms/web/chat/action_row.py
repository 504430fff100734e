"""The row below an answer: one button for each reaction, copy and correct."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.platforms.web.ui.elements import CopyButton, Tag, drawing, icon_button
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say


class ActionRow:
    """Built inside the current element, empty; ``scores`` has the emoji with what they mean."""

    def __init__(
        self,
        scores: Mapping[str, float],
        language: Language,
        *,
        on_react: Callable[[str], Any],
        on_correct: Callable[[], Any],
    ) -> None:
        self._scores = scores
        self._say = partial(say, language=language)
        self._on_react = on_react
        self._on_correct = on_correct
        self._reactions: dict[str, Tag] = {}
        self._correct: Tag | None = None
        self._row = Tag("div", "actions")

    def show(self, copied: str, *, votes: bool, is_asking: bool) -> None:
        """``votes``: there is something to vote on; ``is_asking``: the button to correct says so in
        words."""
        self.clear()
        with self._row:
            if votes:
                with Tag("div", "reactions", role="group", aria_label=self._say("web_reactions")):
                    for emoji, score in self._scores.items():
                        self._reactions[emoji] = self._reaction(emoji, score)
            CopyButton(copied, label=self._say("web_copy"), done=self._say("web_copied"))
            self._correct = self._correct_button(is_asking=is_asking)
        self._row.classes("ready")

    def clear(self) -> None:
        self._row.clear()
        self._row.classes(remove="ready")
        self._reactions.clear()
        self._correct = None

    def mark(self, chosen: str | None) -> None:
        for emoji, button in self._reactions.items():
            button.set(aria_pressed="true" if emoji == chosen else "false")

    def form_turned(self, is_open: bool) -> None:
        """The form to correct was opened or closed."""
        if self._correct:
            self._correct.set(aria_expanded="true" if is_open else "false")

    def _reaction(self, emoji: str, score: float) -> Tag:
        meaning = self._say("web_good" if score > 0 else "web_bad" if score < 0 else "web_react")
        button = Tag(
            "button", "icon-button reaction", type="button", title=meaning, data_emoji=emoji
        )
        with button:
            drawing(icon(emoji))
            Tag("span", "sr-only", f"{emoji} {meaning}")
        button.on("click", partial(self._on_react, emoji), args=[])
        return button

    def _correct_button(self, *, is_asking: bool) -> Tag:
        label = self._say("web_correct")
        button = icon_button("pencil", label, "correct", aria_expanded="false")
        if is_asking:
            button.classes("in-words")
            with button:
                Tag("span", "", label)
        button.on("click", self._on_correct, args=[])
        return button
