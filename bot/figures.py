"""Whether an answer keeps to the figures of the knowledge that it draws on."""

import re
from collections.abc import Iterable

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def figures(text: str) -> frozenset[str]:
    """The numbers in ``text``: ``1,000`` is ``1000``, ``07`` is ``7``."""
    found = (number.replace(",", "") for number in _FIGURE.findall(text))
    return frozenset(number.lstrip("0") or "0" for number in found)


def keeps_to(answer: str, known: Iterable[str]) -> bool:
    """No number in ``answer`` is missing from the ``known`` texts.

    A small model may garble the approved answer in front of it; a deadline or a rate that nobody
    approved must not pass for knowledge.
    """
    allowed: set[str] = set()
    for text in known:
        allowed |= figures(text)
    return figures(answer) <= allowed
