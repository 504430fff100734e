"""An evaluation of your own: does an answer keep the numbers of what the model was given?

A question file (docs/command-line.md) says what is asked. The model itself answers, with the known
pairs before the question; approved words that stand in for it would always score 1.

    python -m examples.evaluation domains/tax-ko.unseen.jsonl
"""

import asyncio
import re
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import App, open_app
from bot.evaluation.question_file import read_rows
from bot.settings import load_settings
from engine.gate.golden import occurs
from engine.model.prompt import clean

Score = Callable[[str, str, Sequence[str]], float]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers_kept(question: str, answer: str, sources: Sequence[str]) -> float:
    """The share of the sources' numbers that the answer has too; 1 where they have none.

    Numbers of the question are left out: to repeat them proves nothing.
    """
    numbers = {number for source in sources for number in _NUMBER.findall(source)}
    asked = {number for number in numbers if not occurs(number, question)}
    if not asked:
        return 1.0
    return sum(occurs(number, answer) for number in asked) / len(asked)


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with its answer and what that is worth, from 0 to 1."""

    question: str
    answer: str
    score: float


async def score_file(app: App, file: Path, score: Score) -> AsyncIterator[Scored]:
    """Ask every row of ``file``, one after another. Raises FileError and EngineError."""
    for row in read_rows(file, app.domains):
        question, domain = clean(row.question), row.domain or app.settings.domain
        version = app.deployment.of(domain)
        response = await app.responder.respond_with_model(domain, question, version)
        await response.read()
        sources = [hit.pair.answer for hit in response.used_pairs]
        yield Scored(question, response.text, score(question, response.text, sources))


async def main(file: Path) -> None:
    async with open_app(load_settings()) as app:
        scored = [one async for one in score_file(app, file, numbers_kept)]
    for one in scored:
        print(f"{one.score:.2f}  {one.question} → {one.answer}")
    print(f"mean {statistics.mean(one.score for one in scored):.2f} of {len(scored)}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
