"""The vectors that come along are those of the pairs that come along."""

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.shipped_vectors import packs, read_pairs
from bot.knowledge.shipped_vectors import ShippedVectors
from bot.privacy.masker import Masker
from bot.settings import load_settings
from engine.model.prompt import clean
from engine.retrieval.choose import EMBEDDINGGEMMA, NANO_E5, choose_embedder, has_embeddinggemma
from engine.retrieval.embedders.base import Embedder

pytestmark = pytest.mark.slow  # the real embedders
_LOOKED_AT = 5  # pairs that are embedded anew


@pytest.fixture(params=[NANO_E5, EMBEDDINGGEMMA])
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    settings = load_settings()
    if request.param == EMBEDDINGGEMMA and not has_embeddinggemma(settings.cache):
        pytest.skip("EmbeddingGemma is not in the cache")
    embedder = choose_embedder(request.param, settings.cache)
    yield embedder
    embedder.close()


def test_every_pair_of_a_pack_has_its_vector(embedder: Embedder) -> None:
    """As teaching stores it, and as the embedder makes it today. Otherwise run
    ``python -m benchmarks.shipped_vectors``."""
    shipped = ShippedVectors(embedder.name, embedder.dimensions)
    masker = Masker(load_settings().mask)
    pairs = [
        (masker.mask(clean(question)), masker.mask(clean(answer)))
        for pack in packs()
        for question, answer in read_pairs(pack)
    ]
    assert [pair for pair in pairs if shipped.get(*pair) is None] == []
    some = pairs[:: len(pairs) // _LOOKED_AT]
    stored = np.stack([shipped.get(*pair) for pair in some])
    assert (stored * embedder.embed_documents(some)).sum(axis=1) == pytest.approx(1, abs=0.005)
