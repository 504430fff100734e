"""What is known is answered in the words that were approved; the model is not asked."""

import pytest

from bot.feedback.labels import LabelService
from bot.messages import Reaction, Source
from engine.errors import EngineError
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from tests.bot.conftest import incoming
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught
from tests.support.fakes import FakeEngine, failing, saying

APPROVED = "7월 25일까지입니다."
BARE = "그럼 언제까지 내야 하나요?"


async def test_no_model_can_turn_around_what_was_approved(pairs: Pairs, answers_of):
    """Word for word, with its source and the question that it was given for."""
    engine = FakeEngine(failing)
    reply = await (await answers_of(engine).ask(incoming(NEAR))).finished()
    assert (reply.text, reply.status, reply.verified) == (APPROVED, "done", True)
    source = Source("부가가치세법", similar=True, question=VAT, as_of="2025-01-01")
    assert reply.sources == (source,)
    assert engine.prompts == []


async def test_what_is_not_known_stays_the_models(answers_of):
    """Marked, whatever it says."""
    reply = await (await answers_of(saying("13월 99일")).ask(incoming(NEAR))).finished()
    assert (reply.text, reply.verified) == ("13월 99일", False)


async def test_the_same_question_is_known_in_the_middle_of_a_conversation(pairs: Pairs, answers_of):
    """However little it says: somebody has taught these very words."""
    await pairs.teach([taught(BARE, "7월입니다.")])
    answers = answers_of(saying("5월입니다."))
    await (await answers.ask(incoming("종합소득세 신고는 언제인가요?"))).finished()
    reply = await (await answers.ask(incoming(BARE))).finished()
    assert (reply.text, reply.outcome) == ("7월입니다.", "verified")


async def test_a_vote_on_words_approved_for_another_question_is_none_on_the_pair(
    pairs: Pairs,
    answers_of,
    label_service: LabelService,
    corrections: Corrections,
    database: Database,
):
    """Liked, they are no knowledge of their own; opposed, a reviewer sees it. Rejected there, the
    pair still answers its own question: only its being found was wrong."""
    reply = await (await answers_of(saying("13월")).ask(incoming(NEAR))).finished()
    like, oppose = (
        Reaction(Subject("reply", reply.id), f"web:{emoji}", emoji, added=True) for emoji in "👍👎"
    )
    await label_service.react(like)
    assert await database.rows("SELECT 1 FROM pairs WHERE reply_id IS NOT NULL") == []
    await label_service.react(oppose)
    assert [d.reply_id for d in await corrections.disputed(last=5)] == [reply.id]
    assert await corrections.rule(reply.id, "rejected", "web:admin")
    again = await (await answers_of(saying("")).ask(incoming(VAT, thread="again"))).finished()
    assert (again.text, again.verified) == (APPROVED, True)


async def test_a_stop_keeps_what_was_said_even_when_the_engine_then_fails(answers_of):
    """Who has read enough loses nothing of it."""
    engine = saying("7월 어느 날")
    engine.hold(after_words=2)
    answer = await answers_of(engine).ask(incoming(NEAR))
    async for _ in answer.updates(every=0.001):
        answer.stop()
        if answer.response.stream:
            answer.response.stream.fail(EngineError("too late"))
    reply = await answer.finished()
    assert (reply.text, reply.status, reply.verified) == ("7월 어느", "stopped", False)


@pytest.mark.parametrize(
    "asked",
    [
        "법인세 확정신고 언제까지 하나요?",
        "일본의 부가가치세 확정신고는 언제까지 하나요?",
        "부가가치세 확정신고를 안 하면 언제까지 하나요?",
        "2031년 부가가치세 확정신고는 언제까지 하나요?",
    ],
)
async def test_one_other_word_is_never_verified(pairs: Pairs, answers_of, asked: str):
    """Another tax, country or year, and the opposite: the known question is offered, no more."""
    reply = await (await answers_of(saying("모릅니다.")).ask(incoming(asked))).finished()
    assert (reply.outcome, reply.sources) == ("suggested", ())
    assert [s.question for s in reply.suggestions] == [VAT]
    assert reply.suggestions[0].differing
