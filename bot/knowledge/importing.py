"""Files of questions and answers, in and out: ``teach`` and ``export``."""

import json
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import FileError
from bot.privacy.masker import Masker
from engine.model.prompt import clean
from engine.retrieval.questions import question_key
from storage.pairs import Pair, Pairs, TaughtPair

_LONGEST_LINE = 1 << 20
_LONGEST_TEXT = 8000
_AT_ONCE = 1000
_LONGEST_REASON = 100


class Row(BaseModel):
    """One line of a file. Other keys are ignored: the file may come from elsewhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str = Field(min_length=1, max_length=_LONGEST_TEXT)
    answer: str = Field(min_length=1, max_length=_LONGEST_TEXT)
    quality_score: float = Field(default=1.0, ge=-1, le=1, allow_inf_nan=False)
    domain: str | None = None
    source: str = Field(default="", max_length=500)
    as_of: str = Field(default="", max_length=40)


@dataclass(slots=True)
class ImportResult:
    """What became of a file; ``tell`` gets the number of each bad line, and what is wrong with it.

    ``repeated``: rows whose question came again soon after them; the last one counts.
    """

    tell: Callable[[int, str], None]

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    skipped: int = 0

    def skip(self, number: int, reason: str) -> None:
        self.skipped += 1
        self.tell(number, reason[:_LONGEST_REASON])

    @property
    def good(self) -> int:
        return self.new + self.changed + self.unchanged + self.repeated

    def __str__(self) -> str:
        counts = f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged"
        if self.repeated:
            counts += f", {self.repeated} repeated"
        return f"{counts}, {self.skipped} bad lines skipped" if self.skipped else counts


class Importer:
    """Reads files into the knowledge of each row's domain, ``default`` where a row names none."""

    def __init__(self, pairs: Pairs, masker: Masker, domains: Container[str], default: str) -> None:
        self._pairs = pairs
        self._masker = masker
        self._domains = domains
        self._default = default

    async def teach(
        self,
        path: Path,
        person: str,
        show: Callable[[ImportResult], None] = lambda _: None,
        tell: Callable[[int, str], None] = lambda *_: None,
    ) -> ImportResult:
        """Store every good row of ``path``, a thousand at a time; teaching a file twice changes
        nothing. ``show`` gets the state so far now and then, ``tell`` the number and the fault of
        each bad line. Raises FileError when the file cannot be read; what was read before stays."""
        result = ImportResult(tell)
        rows: list[TaughtPair] = []
        for number, line in _lines(path):
            row = self._row(number, line, person, result)
            if row:
                rows.append(row)
            if len(rows) == _AT_ONCE:
                await self._store(rows, result)
                rows = []
                show(result)
        await self._store(rows, result)
        return result

    def _row(
        self, number: int, line: bytes | None, person: str, result: ImportResult
    ) -> TaughtPair | None:
        if line is None:
            result.skip(number, f"longer than {_LONGEST_LINE:,} bytes")
            return None
        if not line.strip():
            return None
        try:
            row = Row.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            result.skip(number, f"{where}: {first['msg']}" if where else first["msg"])
            return None
        domain = row.domain or self._default
        question, answer, source, as_of = (
            self._masker.mask(clean(t)) for t in (row.question, row.answer, row.source, row.as_of)
        )
        key = question_key(question)
        if domain not in self._domains:
            result.skip(number, f"there is no domain {domain!a}")
        elif not key or not answer:
            result.skip(number, f"{'answer' if key else 'question'}: nothing that can be read")
        else:
            return TaughtPair(
                domain, question, key, answer, source, as_of, row.quality_score, person
            )
        return None

    async def _store(self, rows: list[TaughtPair], result: ImportResult) -> None:
        latest = {(row.domain, row.key): row for row in rows}
        outcome = await self._pairs.teach(list(latest.values()))
        result.new += outcome.new
        result.changed += outcome.changed
        result.repeated += len(rows) - len(latest)
        result.unchanged += len(latest) - outcome.new - outcome.changed


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) one after the other in constant memory; None for one that is too long."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if len(line) <= _LONGEST_LINE:
                    yield number, line
                    continue
                while line and not line.endswith(b"\n"):
                    line = file.readline(_LONGEST_LINE)
                yield number, None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from error


def as_line(pair: Pair) -> str:
    """One pair as ``teach`` reads it."""
    row = {"question": pair.question, "answer": pair.answer, "domain": pair.domain}
    row |= {key: value for key in ("source", "as_of") if (value := getattr(pair, key))}
    return json.dumps(row | {"quality_score": pair.score}, ensure_ascii=False)


async def write_lines(path: Path, lines: AsyncIterator[str]) -> int:
    """Write ``lines`` to ``path`` whole or not at all; how many. Raises FileError."""
    count = 0
    try:
        with _written(path) as file:
            async for line in lines:
                file.write(line + "\n")
                count += 1
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from error
    return count


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    """A file that takes the place and the mode of what ``path`` leads to once it is whole.

    Devices, pipes and the like are written to as they are.
    """
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("w", encoding="utf-8") as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if mode is not None:
                os.fchmod(handle, stat.S_IMODE(mode))
            yield file
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
