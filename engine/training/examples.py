"""What a round reads: ``examples.jsonl`` in its directory, one example a line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.model.prompt import LABELS, Turn, clean
from engine.retrieval.questions import question_key

FILE = "examples.jsonl"
# From weak to strong: of several answers to one question the strongest is learned.
ACCEPTED = ("approved", "taught", "correction")
KINDS = (*ACCEPTED, "rejected")
SPLITS = ("train", "heldout")


class ExamplesError(EngineError):
    """A file of examples cannot be used; says the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Example:
    """An answer to learn, or with kind "rejected" to unlearn.

    ``recalled``: the pairs that stood before the question, nearest last, its own left out.
    ``group``: rows about one fact share it, so that no paraphrase is on both sides of the split.
    """

    question: str
    answer: str
    kind: str = "taught"
    weight: float = 1.0
    recalled: tuple[Turn, ...] = ()
    system: str = ""
    language: str = "ko"
    split: str = "train"
    group: str = ""

    @property
    def accepted(self) -> bool:
        return self.kind != "rejected"

    @property
    def key(self) -> str:
        return question_key(self.question)

    @property
    def together(self) -> str:
        """The name of the group; a row without one is its own, by its question."""
        return self.group or self.key

    def as_row(self) -> dict[str, Any]:
        """The example as a line of the file holds it."""
        row = {name: getattr(self, name) for name in self.__slots__}
        row["recalled"] = [{"question": t.question, "answer": t.answer} for t in self.recalled]
        return row


def read_examples(path: Path) -> list[Example]:
    """The rows of the JSON lines file ``path``. Raises ExamplesError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ExamplesError(f"the examples {path} cannot be read: {error}") from error
    examples = [_example(line, n) for n, line in enumerate(lines, start=1) if line.strip()]
    if not any(example.split == "train" and example.accepted for example in examples):
        raise ExamplesError(f"{path} has no accepted answer to train on")
    leaked = {e.together for e in examples if e.split == "train"} & {
        e.together for e in examples if e.split == "heldout"
    }
    if leaked:
        raise ExamplesError(f"the group {min(leaked)!r} is on both sides of the split in {path}")
    return examples


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Write the file that read_examples reads."""
    rows = [json.dumps(example.as_row(), ensure_ascii=False) + "\n" for example in examples]
    path.write_text("".join(rows), encoding="utf-8")


def _example(line: str, number: int) -> Example:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise TypeError("is no object")
        if strange := sorted(row.keys() - set(Example.__slots__)):
            raise ValueError(f"has the unknown key {strange[0]!r}")
        row["recalled"] = tuple(_turn(pair) for pair in row.get("recalled", ()))
        example = Example(**row)
        _check(example)
    except (ValueError, TypeError, AttributeError) as error:
        reason = str(error).replace("Example.__init__()", "is")
        raise ExamplesError(f"line {number} of the examples {reason}") from error
    return example


def _turn(pair: Any) -> Turn:
    if not isinstance(pair, dict) or pair.keys() != {"question", "answer"}:
        raise ValueError("has a recalled pair that is not {question, answer}")
    return Turn(_text(pair, "question"), _text(pair, "answer"))


def _text(row: dict[str, Any], name: str) -> str:
    if not isinstance(row[name], str):
        raise TypeError(f"has a {name} that is no text")
    return str(row[name])


def _check(example: Example) -> None:
    for name in ("question", "answer", "system", "group"):
        if not isinstance(getattr(example, name), str):
            raise TypeError(f"has a {name} that is no text")
    if not clean(example.question) or not clean(example.answer):
        raise ValueError("has an empty question or answer")
    for name, known in (("kind", KINDS), ("split", SPLITS), ("language", tuple(LABELS))):
        if getattr(example, name) not in known:
            raise ValueError(
                f"has the {name} {getattr(example, name)!r}; known are {', '.join(known)}"
            )
    number = isinstance(example.weight, (int, float)) and not isinstance(example.weight, bool)
    if not number or not 0 < example.weight <= 100:
        raise ValueError(f"has the weight {example.weight!r}; it must be above 0, at most 100")
