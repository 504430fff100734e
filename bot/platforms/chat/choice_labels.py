"""Known questions as the labels of buttons: one line, cut to what a platform takes."""

import unicodedata
from collections.abc import Sequence

from bot.messages import Suggestion


def needs_list(offered: Sequence[Suggestion], limit: int) -> bool:
    """Labels of ``limit`` characters do not say it all: the text has the questions, numbered."""
    return any(s.differing or len(_line(s.question)) > limit for s in offered)


def button_label(offered: Sequence[Suggestion], number: int, limit: int) -> str:
    """The label of the choice at ``number`` (from 0), with its number where there is a list."""
    question = _line(offered[number].question)
    label = f"{number + 1}. {question}" if needs_list(offered, limit) or not question else question
    return label if len(label) <= limit else f"{label[: limit - 1].rstrip()}…"


def _line(text: str) -> str:
    """One line of visible characters: no platform takes a label that looks empty."""
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(visible.split())
