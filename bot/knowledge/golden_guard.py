"""Golden questions keep what people say from turning their answers wrong."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.domains import golden_file
from engine.gate.golden import Golden, read_golden
from engine.retrieval.agreement import PLAIN_WORDS, Agreement


class GoldenGuard:
    """What must be in the answer to a question, by domain; politeness and short forms aside."""

    def __init__(
        self,
        golden: Mapping[str, Iterable[Golden]],
        agreements: Mapping[str, Agreement] | None = None,
    ) -> None:
        self._agreements = agreements or {}
        self._golden = {
            domain: {self._plain(domain, one.question): one for one in questions}
            for domain, questions in golden.items()
        }

    @classmethod
    def read(cls, home: Path, agreements: Mapping[str, Agreement]) -> "GoldenGuard":
        """Of the files that hold now, for each of the domains with ``agreements``.

        Raises GoldenError that names the file and the line.
        """
        golden = {name: read_golden(golden_file(home, name)) for name in agreements}
        return cls(golden, agreements)

    def contradicts(self, domain: str, question: str, answer: str) -> bool:
        """The question is golden, and ``answer`` is not its right one."""
        golden = self._golden.get(domain, {}).get(self._plain(domain, question))
        return golden is not None and not golden.right(answer)

    def _plain(self, domain: str, question: str) -> str:
        return self._agreements.get(domain, PLAIN_WORDS).plain(question)


NO_GOLDEN = GoldenGuard({})
