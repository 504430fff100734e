"""Golden questions keep what people say from turning their answers wrong."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.domains import golden_file
from engine.gate.golden import Golden, read_golden
from engine.retrieval.questions import question_key


class GoldenGuard:
    """What must be in the answer to a question, by domain and normal form."""

    def __init__(self, golden: Mapping[str, Iterable[Golden]]) -> None:
        self._golden = {
            domain: {question_key(one.question): one for one in questions}
            for domain, questions in golden.items()
        }

    @classmethod
    def read(cls, home: Path, domains: Iterable[str]) -> "GoldenGuard":
        """Of the files that hold now. Raises GoldenError that names the file and the line."""
        return cls({name: read_golden(golden_file(home, name)) for name in domains})

    def contradicts(self, domain: str, question: str, answer: str) -> bool:
        """The question is golden, and ``answer`` is not its right one."""
        golden = self._golden.get(domain, {}).get(question_key(question))
        return golden is not None and not golden.right(answer)


NO_GOLDEN = GoldenGuard({})
