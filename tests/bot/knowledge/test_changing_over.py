"""Another embedder takes over while the bot answers."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.knowledge.retriever import Retriever
from engine.retrieval.embedders.base import EmbedderError, Vectors
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.support.fakes import FakeEmbedder
from tests.support.retrieving import retriever_on

VAT = "부가가치세 확정신고는 언제까지 하나요?"
NEAR = "부가가치세 확정신고 언제까지 해야 하나요"


def taught(question: str = VAT, answer: str = "7월 25일까지입니다.") -> TaughtPair:
    return TaughtPair("tax-ko", question, question_key(question), answer, "", "", 1.0, "cli:me")


class Better(FakeEmbedder):
    """Another one, with longer vectors; it reads when ``go`` is set, and counts what it read."""

    name = "better"
    dimensions = 600

    def __init__(self) -> None:
        self.read = 0
        self.broken = False
        self.go = threading.Event()
        self.go.set()

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.go.wait(10)
        if self.broken:
            raise EmbedderError("it has ended")
        self.read += len(pairs)
        return super().embed_documents(pairs)


@pytest.fixture
def pairs(database: Database) -> Pairs:
    return Pairs(database)


@pytest.fixture
async def retriever(pairs: Pairs, database: Database) -> AsyncIterator[Retriever]:
    """It knows 41 pairs."""
    await pairs.teach([taught(), *(taught(f"{n}번 서식은?", f"{n}") for n in range(40))])
    retriever = retriever_on(database)
    await retriever.indexes.embed_all()
    yield retriever
    await retriever.indexes.close()


async def known(retriever: Retriever, question: str = NEAR) -> bool:
    return (await retriever.find("tax-ko", question, most=1)).known


async def test_all_pairs_are_read_before_it_takes_over(retriever: Retriever, pairs: Pairs):
    """Then it is what the vectors are of, and a question is found with it."""
    better, told = Better(), []
    assert await retriever.indexes.change_to(lambda: better, told.append) == "better"
    assert (better.read, told[-1]) == (41, 41)
    assert (await retriever.indexes.embedder(), await pairs.embedder()) == ("better", "better")
    assert await pairs.without_vector(last=1) == []
    assert await known(retriever)
    assert better.read == 41


async def test_nothing_is_unanswerable_meanwhile(retriever: Retriever):
    """What is near is known while the other one reads."""
    better = Better()
    better.go.clear()
    changing = asyncio.create_task(retriever.indexes.change_to(lambda: better))
    await asyncio.sleep(0.05)
    assert await known(retriever)
    assert await retriever.indexes.embedder() == "fake"
    better.go.set()
    await changing
    assert await known(retriever)


async def test_what_is_taught_and_changed_meanwhile_is_not_lost(retriever: Retriever, pairs: Pairs):
    """A changed answer is read again, a new pair on the next question."""
    better = Better()
    better.go.clear()
    changing = asyncio.create_task(retriever.indexes.change_to(lambda: better))
    await asyncio.sleep(0.05)
    await pairs.teach([taught(answer="10월 25일입니다."), taught("원천세는 언제 내나요?", "10일")])
    better.go.set()
    await changing
    found = await retriever.find("tax-ko", NEAR, most=1)
    assert (found.known, found.near[0].pair.answer) == (True, "10월 25일입니다.")
    assert await known(retriever, "원천세 언제 내나요")
    assert await pairs.without_vector(last=1) == []


async def test_a_change_that_was_broken_off_goes_on_where_it_was(
    retriever: Retriever, pairs: Pairs
):
    """As after a restart; until then the first one finds as before."""
    first = Better()
    calls = 0

    def show(done: int) -> None:
        nonlocal calls
        calls += 1
        first.broken = True

    with pytest.raises(EmbedderError):
        await retriever.indexes.change_to(lambda: first, show)
    assert (calls, first.read) == (1, 32)
    assert (await retriever.indexes.embedder(), await pairs.embedder()) == ("fake", "fake")
    assert await known(retriever)
    second = Better()
    await retriever.indexes.change_to(lambda: second)
    assert second.read == 41 - 32


async def test_one_that_cannot_be_loaded_changes_nothing(retriever: Retriever):
    """The error says why."""

    def load() -> FakeEmbedder:
        raise EmbedderError("there is no such file")

    with pytest.raises(EmbedderError, match="no such file"):
        await retriever.indexes.change_to(load)
    assert await known(retriever)


async def test_questions_go_on_while_it_takes_over(retriever: Retriever):
    """However they fall together with the change."""

    async def ask() -> list[bool]:
        return [await known(retriever) for _ in range(30)]

    asking = asyncio.create_task(ask())
    await retriever.indexes.change_to(Better)
    assert all(await asking)
