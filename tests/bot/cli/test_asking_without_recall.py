"""What `reactune ask` says where the embedder cannot be used: nothing that is not true."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import UnansweredError
from bot.knowledge.retriever import Retriever
from engine.retrieval.choose import choose_embedder
from storage.database import Database
from tests.bot.cli.test_asking import APPROVED, DRAFT, Terminal, asks
from tests.bot.conftest import DOMAINS
from tests.bot.knowledge.test_retriever import VAT
from tests.support.retrieving import retriever_on

WHY = "EMBEDDER=/no/such.gguf cannot be used: "


@pytest.fixture
async def retriever(database: Database) -> AsyncIterator[Retriever]:
    retriever = retriever_on(database, lambda: choose_embedder("/no/such.gguf"))
    yield retriever
    await retriever.indexes.close()


@pytest.fixture
def abstaining(monkeypatch: pytest.MonkeyPatch) -> None:
    never = DOMAINS["tax-ko"].model_copy(update={"unknown": "abstain"})
    monkeypatch.setitem(DOMAINS, "tax-ko", never)


async def test_it_is_not_said_that_nothing_is_approved(
    database: Database, messages, retriever, answers_of, monkeypatch, abstaining
):
    """Nobody has looked. The error says why, what to do, and what still works."""
    ask = await asks(database, messages, retriever, answers_of, monkeypatch)
    terminal = Terminal()
    with pytest.raises(UnansweredError) as error:
        await ask(terminal, "부가세 신고 날짜 알려줘")
    assert terminal.text == ""
    for said in (WHY, "set EMBEDDER to another .gguf file, or to auto", "똑같은 말로"):
        assert said in str(error.value)


async def test_the_same_words_are_answered_as_ever(
    database: Database, messages, retriever, answers_of, monkeypatch, abstaining
):
    """Nothing need be embedded for them, and nothing is said of it."""
    ask = await asks(database, messages, retriever, answers_of, monkeypatch)
    terminal = Terminal()
    assert (await ask(terminal, VAT)).outcome == "verified"
    assert terminal.text.startswith(APPROVED)


async def test_a_greeting_is_greeted(
    database: Database, messages, retriever, answers_of, monkeypatch, abstaining
):
    """It asks for nothing that could be found."""
    ask = await asks(database, messages, retriever, answers_of, monkeypatch)
    terminal = Terminal()
    await ask(terminal, "안녕하세요")
    assert WHY not in terminal.text


async def test_a_draft_stands_below_the_reason(
    database: Database, messages, retriever, answers_of, monkeypatch
):
    """It is a draft because nothing could be found."""
    ask = await asks(database, messages, retriever, answers_of, monkeypatch)
    terminal = Terminal()
    await ask(terminal, "부가세 신고 날짜 알려줘")
    assert WHY in terminal.shown[0]
    assert terminal.shown[1] == f"{DRAFT}\n\n"
