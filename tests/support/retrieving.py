"""A retriever as the program puts it together, on an embedder of one's choice."""

from collections.abc import Callable, Mapping

from bot.knowledge.golden_guard import NO_GOLDEN, GoldenGuard
from bot.knowledge.indexes import Indexes
from bot.knowledge.retriever import Retriever
from bot.knowledge.thresholds import Thresholds
from engine.retrieval.agreement import Agreement
from engine.retrieval.embedders.base import Embedder
from storage.database import Database
from storage.pairs import Pairs
from storage.picks import Picks
from tests.support.fakes import FakeEmbedder


def retriever_on(
    database: Database,
    embedder: Callable[[], Embedder] = FakeEmbedder,
    agreements: Mapping[str, Agreement] | None = None,
    thresholds: Thresholds | None = None,
    golden: GoldenGuard = NO_GOLDEN,
) -> Retriever:
    """Close its ``indexes`` in the end."""
    pairs, picks = Pairs(database), Picks(database)
    indexes = Indexes(pairs, embedder, thresholds or Thresholds(picks))
    return Retriever(indexes, pairs, picks, agreements, golden)
