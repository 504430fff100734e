"""What an embedder need not compute again, and what it computes together."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot import domains
from bot.knowledge.embedding import _KEPT, Embedding
from bot.knowledge.shipped_vectors import write_vectors
from engine.retrieval.embedders.base import EmbedderError, Vectors
from tests.support.fakes import FakeEmbedder


class Noting(FakeEmbedder):
    """Notes what it is asked, and answers when ``go`` is set. It fails as often as ``failures``."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.read: list[list[tuple[str, str]]] = []
        self.go = threading.Event()
        self.go.set()
        self.failures = 0

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(list(texts))
        self.go.wait(10)
        if self.failures:
            self.failures -= 1
            raise EmbedderError("it has ended")
        return super().embed_queries(texts)

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.read.append(list(pairs))
        return super().embed_documents(pairs)


@pytest.fixture
def noting() -> Noting:
    return Noting()


@pytest.fixture
async def embedding(noting: Noting) -> AsyncIterator[Embedding]:
    embedding = await Embedding.load(lambda: noting)
    yield embedding
    noting.go.set()
    await embedding.close()


async def test_a_question_seen_before_is_not_embedded_again(embedding: Embedding, noting: Noting):
    """Spaces aside."""
    first = await embedding.question("언제 신고하나요?")
    assert (await embedding.question(" 언제  신고하나요?") == first).all()
    assert len(noting.asked) == 1


async def test_what_is_remembered_is_bounded(embedding: Embedding, noting: Noting):
    """The one that was not asked for longest is forgotten."""
    for n in range(_KEPT + 1):
        await embedding.question(f"{n}")
    await embedding.question("1")
    assert len(noting.asked) == _KEPT + 1
    await embedding.question("0")
    assert len(noting.asked) == _KEPT + 2


async def test_questions_that_come_together_are_embedded_together(
    embedding: Embedding, noting: Noting
):
    """While one is computed the others gather; the same question is computed once."""
    noting.go.clear()
    asking = [asyncio.create_task(embedding.question(f"{n % 4}")) for n in range(8)]
    await asyncio.sleep(0.05)
    noting.go.set()
    vectors = await asyncio.gather(*asking)
    assert sorted(text for texts in noting.asked for text in texts) == ["0", "1", "2", "3"]
    assert len(noting.asked) <= 2
    expected = FakeEmbedder().embed_queries([f"{n % 4}" for n in range(8)])
    assert np.stack(vectors) == pytest.approx(expected)


async def test_somebody_who_gives_up_takes_nothing_from_the_others(
    embedding: Embedding, noting: Noting
):
    """Their vector still comes."""
    noting.go.clear()
    gone, stays = (asyncio.create_task(embedding.question("언제?")) for _ in range(2))
    await asyncio.sleep(0.05)
    gone.cancel()
    noting.go.set()
    assert (await stays).shape == (FakeEmbedder.dimensions,)


async def test_a_failure_reaches_who_asked_and_the_next_one_is_tried(
    embedding: Embedding, noting: Noting
):
    """It is not remembered."""
    noting.failures = 1
    with pytest.raises(EmbedderError):
        await embedding.question("언제?")
    assert (await embedding.question("언제?")).shape == (FakeEmbedder.dimensions,)


async def test_vectors_that_come_along_are_not_computed(
    tmp_path: Path, noting: Noting, monkeypatch: pytest.MonkeyPatch
):
    """Those of this embedder, for pairs of these words; others are computed."""
    monkeypatch.setattr(domains, "_SHIPPED", tmp_path)
    pack = [("언제 내나요?", "25일"), ("누가 내나요?", "사업자")]
    vectors = FakeEmbedder().embed_documents(pack)
    write_vectors(tmp_path / "tax-ko.vectors.fake.npz", pack, vectors)
    write_vectors(tmp_path / "tax-ko.vectors.other.npz", [("x", "y")], vectors[:1])
    (tmp_path / "broken.vectors.fake.npz").write_bytes(b"no archive")
    embedding = await Embedding.load(lambda: noting)
    found = await embedding.pairs([*pack, ("언제 내나요?", "26일"), ("x", "y")])
    assert noting.read == [[("언제 내나요?", "26일"), ("x", "y")]]
    assert found[:2] == pytest.approx(vectors, abs=1e-3)
    await embedding.close()


async def test_the_embedder_is_let_go_of(noting: Noting):
    """Also the process that it may have."""
    closed = []
    noting.close = lambda: closed.append(True)
    await (await Embedding.load(lambda: noting)).close()
    assert closed == [True]
