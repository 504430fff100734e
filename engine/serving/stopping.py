"""Where an answer ends: stop strings, and the loops that small models fall into."""

from collections.abc import Sequence
from typing import Literal

Ending = Literal["stop", "loop"]

# A unit is a loop when it stands twice and is a sentence long, or when its copies fill half a line;
# a whole one if it has neither letters nor digits. Short runs (table rules) are how people write.
_SENTENCE = 20
_LINE, _HALF_LINE = 64, 30
_LONGEST_UNIT = 400
_TAIL = 12
_SENTENCE_ENDS = ".!?。！？\n"


class AnswerText:
    """Collects one answer's pieces and tells when it is over.

    ``push`` returns what may be shown now; text that could be the start of a stop string is held
    back until the next piece tells. ``text`` is the answer as it stands in the end: without the
    stop string, with only the first copy of a loop.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._stop = tuple(stop)
        self._all = ""
        self._shown = 0
        self.ending: Ending | None = None

    @property
    def text(self) -> str:
        return self._all.strip()

    def push(self, piece: str) -> str:
        """Add ``piece``; return the text that became safe to show."""
        if self.ending or not piece:
            return ""
        searched_from = max(0, len(self._all) - max(map(len, self._stop), default=0))
        self._all += piece
        found = [at for s in self._stop if (at := self._all.find(s, searched_from)) >= 0]
        if found:
            self.ending = "stop"
            self._all = self._all[: min(found)]
            return self._show(len(self._all))
        if (kept := without_loop(self._all)) is not None:
            self.ending = "loop"
            shown = self._show(len(self._all))
            self._all = kept
            return shown
        return self._show(len(self._all) - self._held())

    def flush(self) -> str:
        """What is still held back, once the model has said its last."""
        return self._show(len(self._all))

    def _show(self, end: int) -> str:
        piece = self._all[self._shown : end]
        if self._shown == 0:
            piece = piece.lstrip()  # base models open with a space after "answer:"
            if not piece:
                return ""
        self._shown = max(self._shown, end)
        return piece

    def _held(self) -> int:
        """Length of the longest tail that a stop string begins with."""
        longest = 0
        for stop in self._stop:
            for size in range(min(len(stop) - 1, len(self._all)), longest, -1):
                if self._all.endswith(stop[:size]):
                    longest = size
                    break
        return longest


def without_loop(text: str) -> str | None:
    """``text`` with one copy of the unit it keeps repeating at its end; None if it does not."""
    tail = text[-_TAIL:]  # a loop's tail stands one unit earlier too: try only such distances
    at = text.rfind(tail, 0, len(text) - 1)
    while at >= 0 and (unit := len(text) - len(tail) - at) <= _LONGEST_UNIT:
        fills = _HALF_LINE if any(map(str.isalnum, text[-unit:])) else _LINE
        copies = 2 if unit >= _SENTENCE else max(3, -(-fills // unit))
        span = unit * copies
        repeats = span <= len(text) and text[-span:-unit] == text[-span + unit :]
        if repeats and _is_one_copy(text[-unit:]):
            return _first_copy(text, unit)
        at = text.rfind(tail, 0, at + len(tail) - 1)
    return None


def _is_one_copy(unit: str) -> bool:
    """It is not itself made of copies, which would be judged by their own length."""
    return (unit + unit).find(unit, 1) == len(unit)


def _first_copy(text: str, unit: int) -> str:
    """``text``, which ends in a loop of ``unit`` characters, up to the loop's first copy."""
    start = len(text) - unit
    while start > 0 and text[start - 1] == text[start - 1 + unit]:
        start -= 1
    return _through_sentence(text, start + unit)


def _through_sentence(text: str, end: int) -> str:
    """``text`` up to ``end``, and on to where the sentence closes if it was cut inside one."""
    kept = text[:end].rstrip()
    if kept.endswith(tuple(_SENTENCE_ENDS)):
        return kept
    closes = [at for mark in _SENTENCE_ENDS if (at := text.find(mark, end)) >= 0]
    return text[: min(closes) + 1].rstrip() if closes else kept
