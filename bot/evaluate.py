"""Ask a file of questions as a user would, and count the right answers."""

import json
import statistics
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.answer import respond
from bot.domains import Domain
from bot.settings import SettingsError
from engine.errors import PromptTooLongError
from engine.prompt import clean
from engine.serving.base import Engine


class Row(BaseModel):
    """One question: right when every string of ``must`` occurs in the answer, or, with
    ``expect`` "unverified", when the answer is marked as not backed by approved knowledge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    must: tuple[str, ...] = ()
    domain: str | None = None
    expect: Literal["unverified"] | None = None

    @model_validator(mode="after")
    def _has_one_measure(self) -> "Row":
        if bool(self.must) == bool(self.expect):
            raise ValueError('a row has either "must" or "expect"')
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """One answered row."""

    question: str
    answer: str
    verified: bool
    right: bool
    seconds: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Report:
    """What ``evaluate --json`` prints; latencies in milliseconds from question to whole answer."""

    n: int
    right: int
    accuracy: float
    p50_ms: float
    p95_ms: float
    tokens_per_s: float
    answers: tuple[Mapping[str, object], ...]

    def __str__(self) -> str:
        return (
            f"{self.right} of {self.n} right ({self.accuracy:.0%}); p50 {self.p50_ms:.0f} ms, "
            f"p95 {self.p95_ms:.0f} ms, {self.tokens_per_s:.0f} tokens/s"
        )

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_rows(path: Path, domains: Mapping[str, Domain]) -> list[Row]:
    """The rows of a JSON lines file. Raises SettingsError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = Row.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise SettingsError(f"{path}:{number}: {where} {first['msg']}".rstrip()) from error
        if row.domain is not None and row.domain not in domains:
            raise SettingsError(f"{path}:{number}: there is no domain {row.domain}")
        rows.append(row)
    if not rows:
        raise SettingsError(f"{path} has no rows")
    return rows


async def ask_rows(
    engine: Engine, domains: Mapping[str, Domain], rows: Iterable[Row], default: str
) -> AsyncIterator[Asked]:
    """Answer one row after another, so that each latency is a single user's."""
    for row in rows:
        started = time.monotonic()
        text, tokens = await _answer(engine, domains[row.domain or default], row.question)
        verified = False  # only approved knowledge can stand behind an answer
        right = all(must in text for must in row.must) if row.must else not verified
        yield Asked(
            question=row.question,
            answer=text,
            verified=verified,
            right=right,
            seconds=time.monotonic() - started,
            tokens=tokens,
        )


async def _answer(engine: Engine, domain: Domain, question: str) -> tuple[str, int]:
    """The answer and its tokens; nothing where a user would have been refused."""
    try:
        stream = await respond(engine, domain, clean(question))
    except PromptTooLongError:
        return "", 0
    result = await stream.collect()
    return result.text, result.tokens


def summarize(asked: list[Asked]) -> Report:
    """Counts and percentiles (nearest rank) over all rows."""
    seconds = sorted(a.seconds for a in asked)
    right = sum(a.right for a in asked)
    p95 = seconds[max(0, -(-95 * len(seconds) // 100) - 1)]
    return Report(
        n=len(asked),
        right=right,
        accuracy=right / len(asked),
        p50_ms=round(1000 * statistics.median(seconds), 1),
        p95_ms=round(1000 * p95, 1),
        tokens_per_s=round(sum(a.tokens for a in asked) / sum(seconds), 1),
        answers=tuple(
            {"question": a.question, "answer": a.answer, "verified": a.verified, "right": a.right}
            for a in asked
        ),
    )
