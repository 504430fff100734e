"""A pair that is known, and a desk where people are asked which question they meant."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.answering.choices import ChoiceService
from bot.answering.service import AnswerService
from bot.knowledge.retriever import Retriever
from storage.conversations import Conversations
from storage.database import Database
from storage.pairs import Pairs
from storage.picks import Picks
from tests.bot.answering.desk import DRAFT, TEACHER, Desk
from tests.bot.knowledge.test_retriever import taught
from tests.support.fakes import FakeEngine, saying


@pytest.fixture
async def pairs(database: Database) -> Pairs:
    pairs = Pairs(database)
    await pairs.teach([taught()])
    return pairs


@pytest.fixture
def picks(database: Database) -> Picks:
    return Picks(database)


@pytest.fixture
async def desk(
    database: Database,
    messages: Conversations,
    pairs: Pairs,
    picks: Picks,
    retriever: Retriever,
    answers_of: Callable[[FakeEngine], AnswerService],
) -> AsyncIterator[Desk]:
    engine = saying(DRAFT)
    answers = answers_of(engine)
    choices = ChoiceService(
        answers, conversations=messages, pairs=pairs, picks=picks, retriever=retriever,
        model="fake", is_teacher=lambda person, roles: person == TEACHER or "teachers" in roles,
    )  # fmt: skip
    yield Desk(answers, choices, engine)
    await answers.close(grace_s=1)
