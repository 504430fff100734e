"""Ask a file of questions as a user would, and count the right answers."""

import json
import statistics
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.answering.responder import Responder, Response
from bot.answering.suggestions import as_suggestion, suggestion_object
from bot.domains import Domain
from bot.errors import FileError
from bot.messages import Outcome, Suggestion
from bot.texts import Language
from engine.errors import PromptTooLongError
from engine.gate.golden import occurs
from engine.model.prompt import clean


class Case(BaseModel):
    """One question: right when every string of ``must`` occurs in the answer (not as a part of a
    longer number), or, with ``expect`` "unverified", when the answer is marked as not backed by
    approved knowledge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    must: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    domain: str | None = None
    expect: Literal["unverified"] | None = None

    @model_validator(mode="after")
    def _has_one_measure(self) -> "Case":
        if bool(self.must) == bool(self.expect):
            raise ValueError('a row has either "must" or "expect"')
        return self


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One answered row. ``known``: it says what is right. ``source``, ``as_of``: of a verified
    answer. ``suggested_right``: no answer, but the right pair is among ``suggestions``."""

    question: str
    answer: str
    known: bool
    outcome: Outcome
    matched_question: str
    right: bool
    seconds: float
    tokens: int
    source: str = ""
    as_of: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    suggested_right: bool = False

    @property
    def verified(self) -> bool:
        return self.outcome == "verified"


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What ``evaluate --json`` prints; latencies in milliseconds from question to whole answer.

    Shares, None without such rows: ``known_accuracy`` of the rows with ``must`` that are right,
    ``known_as_unknown`` of those whose answers are not verified, ``unknown_as_known`` of the rows
    with ``expect`` whose answers are. ``suggested_right``: rows with ``must`` whose right pair is
    among the suggestions, ``right_or_suggested`` the share that is this or right.
    ``verified_wrong`` of all verified answers that are wrong.
    """

    n: int
    right: int
    accuracy: float
    known_right: int
    known_accuracy: float | None
    suggested_right: int
    right_or_suggested: float | None
    verified_wrong: float | None
    p50_ms: float
    p95_ms: float
    tokens_per_s: float
    known_as_unknown: float | None
    unknown_as_known: float | None
    answers: tuple[Mapping[str, object], ...]

    def __str__(self) -> str:
        rates = [
            f"{name} {rate:.0%}"
            for name, rate in (
                ("known right", self.known_accuracy),
                ("right or suggested", self.right_or_suggested),
                ("verified but wrong", self.verified_wrong),
                ("known taken as unknown", self.known_as_unknown),
                ("unknown taken as known", self.unknown_as_known),
            )
            if rate is not None
        ]
        speed = (
            f"p50 {self.p50_ms:.0f} ms, p95 {self.p95_ms:.0f} ms, {self.tokens_per_s:.0f} tokens/s"
        )
        return "; ".join([f"{self.right} of {self.n} right ({self.accuracy:.0%})", *rates, speed])

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_rows(path: Path, domains: Mapping[str, Domain]) -> list[Case]:
    """The rows of a JSON lines file. Raises FileError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not UTF-8 text") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = Case.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise FileError(f"{path}:{number}: {where} {first['msg']}".rstrip()) from error
        if row.domain is not None and row.domain not in domains:
            raise FileError(f"{path}:{number}: there is no domain {row.domain}")
        rows.append(row)
    if not rows:
        raise FileError(f"{path} has no rows")
    return rows


async def ask_rows(
    responder: Responder, rows: Iterable[Case], default: str, language: Language
) -> AsyncIterator[CaseResult]:
    """Answer one row after another, so that each latency is a single user's."""
    for row in rows:
        started = time.monotonic()
        found = await _answer(responder, row.domain or default, row.question, language)
        right = found.outcome in ("verified", "unverified") and _has_all(row, found.text)
        pair = found.used_pairs[0].pair if found.known else None
        yield CaseResult(
            question=row.question,
            answer=found.text,
            known=bool(row.must),
            outcome=found.outcome,
            matched_question=pair.question if pair else "",
            right=right if row.must else not found.known,
            seconds=time.monotonic() - started,
            tokens=found.result.tokens if found.result else 0,
            source=pair.source if pair else "",
            as_of=pair.as_of if pair else "",
            suggestions=tuple(map(as_suggestion, found.offered)),
            suggested_right=bool(row.must)
            and any(_has_all(row, hit.pair.answer) for hit in found.offered),
        )


def _has_all(row: Case, answer: str) -> bool:
    return all(occurs(must, answer) for must in row.must)


async def _answer(responder: Responder, domain: str, question: str, language: Language) -> Response:
    """The whole answer; an empty one where a user would be refused."""
    try:
        response = await responder.respond(domain, clean(question), (), language)
    except PromptTooLongError:
        return Response()
    await response.read()
    return response


def summarize(asked: list[CaseResult]) -> EvaluationReport:
    """Counts and percentiles (nearest rank) over all rows."""
    seconds = sorted(a.seconds for a in asked)
    right = sum(a.right for a in asked)
    known = [a.right for a in asked if a.known]
    p95 = seconds[max(0, -(-95 * len(seconds) // 100) - 1)]
    return EvaluationReport(
        n=len(asked),
        right=right,
        accuracy=right / len(asked),
        known_right=sum(known),
        known_accuracy=_share(known),
        suggested_right=sum(a.suggested_right for a in asked),
        right_or_suggested=_share([a.right or a.suggested_right for a in asked if a.known]),
        verified_wrong=_share([not a.right for a in asked if a.verified]),
        p50_ms=round(1000 * statistics.median(seconds), 1),
        p95_ms=round(1000 * p95, 1),
        tokens_per_s=round(sum(a.tokens for a in asked) / sum(seconds), 1),
        known_as_unknown=_share([not a.verified for a in asked if a.known]),
        unknown_as_known=_share([a.verified for a in asked if not a.known]),
        answers=tuple(map(_as_json, asked)),
    )


def _as_json(asked: CaseResult) -> dict[str, object]:
    return {
        "question": asked.question,
        "answer": asked.answer,
        "outcome": asked.outcome,
        "verified": asked.verified,
        "right": asked.right,
        "source": asked.source,
        "as_of": asked.as_of,
        "matched_question": asked.matched_question,
        "suggestions": list(map(suggestion_object, asked.suggestions)),
        "suggested_right": asked.suggested_right,
    }


def _share(found: list[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None
