"""Golden questions: what a domain must never unlearn.

A file ``NAME.golden.jsonl`` beside the domain's own, one question a line, with the figures or
words that a right answer contains: ``{"question": "…", "must": ["10%"]}``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError


class GoldenError(EngineError):
    """A file of golden questions cannot be used; names the file and the line."""


def occurs(must: str, text: str) -> bool:
    """``must`` is in ``text``; "1%" is not in "41%" or "0.1%", nor "10" in "105" or "10,000"."""
    before = r"(?<!\d)(?<!\d[.,])" if re.match(r"\d", must) else ""
    after = r"(?!,?\d)" if re.search(r"\d\Z", must) else ""
    return bool(re.search(before + re.escape(must) + after, text))


@dataclass(frozen=True, slots=True)
class Golden:
    """One question and every string that its answer must contain."""

    question: str
    must: tuple[str, ...]

    def right(self, answer: str) -> bool:
        """Whether every string of ``must`` occurs in ``answer``, as in ``reactune evaluate``."""
        return all(occurs(text, answer) for text in self.must)


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """Whether the live version and the candidate answered one golden question rightly."""

    question: str
    live: bool
    candidate: bool

    @property
    def turned_wrong(self) -> bool:
        """Right before, wrong after."""
        return self.live and not self.candidate


def read_golden(path: Path) -> tuple[Golden, ...]:
    """The questions of a JSON lines file in its order; none when there is no file.

    Raises GoldenError on a file that cannot be read, and on a line that is not an object with
    exactly a question and a list of one or more non-empty strings, or that asks a question again.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise GoldenError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise GoldenError(f"{path} is not UTF-8 text") from error
    found: dict[str, Golden] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            golden = _parse(line)
            if golden.question in found:
                raise ValueError("this question stands in the file twice")
        except (ValueError, RecursionError) as error:
            raise GoldenError(f"{path}:{number}: {error}") from error
        found[golden.question] = golden
    return tuple(found.values())


def compare(
    golden: Sequence[Golden], live: Mapping[str, str], candidate: Mapping[str, str]
) -> tuple[GoldenResult, ...]:
    """How each question came out, given the answers by question before and after.

    Raises KeyError when an answer is missing.
    """
    return tuple(
        GoldenResult(g.question, g.right(live[g.question]), g.right(candidate[g.question]))
        for g in golden
    )


def _parse(line: str) -> Golden:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(row, dict) or set(row) != {"question", "must"}:
        raise ValueError('a line is an object with "question" and "must" and nothing else')
    question, must = row["question"], row["must"]
    if not isinstance(question, str) or not question.strip():
        raise ValueError('"question" is not a text')
    if not isinstance(must, list) or not must:
        raise ValueError('"must" is not a list of texts')
    if not all(isinstance(text, str) and text.strip() for text in must):
        raise ValueError('"must" holds something that is not a text, or an empty one')
    return Golden(question.strip(), tuple(must))
