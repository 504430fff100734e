"""A question becomes a streamed, stored answer."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bot.answering import service
from bot.answering.service import MAX_QUESTION_CHARS, AnswerService
from bot.errors import RefusedError
from bot.metrics import Metrics
from storage.conversations import Conversations
from storage.database import Database
from storage.errors import StorageError
from tests.bot.conftest import incoming
from tests.support.fakes import FakeEngine, failing, saying

MakeAnswers = Callable[[FakeEngine], AnswerService]


async def test_an_answer_streams_and_is_stored(answers_of: MakeAnswers, messages: Conversations):
    """What is shown last is what is stored, with model, tokens and latency."""
    answers = answers_of(FakeEngine(lambda _: "하나 둘 셋", pace_s=0.01))
    answer = await answers.ask(incoming())
    shown = [text async for text in answer.updates(every=0.005)]
    reply = await answer.finished()
    assert reply
    assert shown[-1] == reply.text == "하나 둘 셋"
    assert len(shown) > 1
    row = await messages.reply(reply.id)
    assert row
    assert (row["text"], row["status"], row["model"]) == ("하나 둘 셋", "done", "fake")
    assert row["tokens"] == 3
    assert row["latency_ms"] >= row["first_token_ms"]


async def test_updates_come_no_faster_than_asked(answers_of: MakeAnswers):
    """A platform that may edit once in a while is not flooded; the end comes at once."""
    answers = answers_of(FakeEngine(lambda _: " ".join(map(str, range(40))), pace_s=0.005))
    answer = await answers.ask(incoming())
    shown = [text async for text in answer.updates(every=0.1)]
    assert 2 <= len(shown) <= 5
    assert shown[-1].endswith("38 39")


async def test_the_conversation_is_remembered(answers_of: MakeAnswers):
    """Earlier questions and answers of the same thread, oldest first, under the system text."""
    engine = saying("예.")
    answers = answers_of(engine)
    for question in ("첫째?", "둘째?"):
        await (await answers.ask(incoming(question))).finished()
    await (await answers.ask(incoming("다른 데서?", thread="other"))).finished()
    assert engine.prompts[1].text == "짧게 답한다.\n\n질문: 첫째?\n답: 예.\n\n질문: 둘째?\n답:"
    assert "첫째" not in engine.prompts[2].text


async def test_history_gives_way_to_the_context(answers_of: MakeAnswers):
    """The oldest turns are left out before the question is."""
    engine = FakeEngine(lambda _: "".join(map(chr, range(0xAC00, 0xAD2C))), context=1000)
    answers = answers_of(engine)
    for number in range(4):
        await (await answers.ask(incoming(f"{number}번 질문?"))).finished()
    last = engine.prompts[-1].text
    assert "2번" in last
    assert "0번" not in last


async def test_a_question_that_does_not_fit_is_refused(answers_of: MakeAnswers):
    """With the number of tokens that would."""
    answers = answers_of(FakeEngine(saying("").script, context=400))
    with pytest.raises(RefusedError, match="144"):
        await answers.ask(incoming("왜 " * 200))


@pytest.mark.parametrize("text", ["", " \n", "\x00\u202e", "\ud800"])
async def test_an_empty_question_is_refused(answers_of: MakeAnswers, text: str):
    """Whatever it is made of."""
    with pytest.raises(RefusedError, match="비어"):
        await answers_of(saying("예.")).ask(incoming(text))


async def test_a_very_long_question_is_refused(answers_of: MakeAnswers, database: Database):
    """Without being tokenized, and without a trace in the database."""
    with pytest.raises(RefusedError, match="100,000"):
        await answers_of(saying("예.")).ask(incoming("가" * 100_000))
    assert MAX_QUESTION_CHARS < 100_000
    assert await database.rows("SELECT * FROM questions") == []


async def test_a_full_queue_answers_with_the_position(answers_of: MakeAnswers, database: Database):
    """The refused question is not stored; those before it are answered."""
    engine = FakeEngine(lambda _: "예.", slots=1, waiting=2)
    engine.hold()
    answers = answers_of(engine)
    waiting = [await answers.ask(incoming(thread=str(number))) for number in range(3)]
    with pytest.raises(RefusedError, match="3번째"):
        await answers.ask(incoming(thread="late"))
    engine.go_on()
    assert all([await answer.finished() for answer in waiting])
    assert len(await database.rows("SELECT * FROM questions")) == 3


async def test_a_stopped_answer_keeps_what_was_said(
    answers_of: MakeAnswers, messages: Conversations
):
    """And is marked as stopped."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    answers = answers_of(engine)
    answer = await answers.ask(incoming())
    async for text in answer.updates(every=0.01):
        if text:
            answer.stop()
    reply = await answer.finished()
    assert reply
    assert (reply.text, reply.status) == ("하나", "stopped")


async def test_a_failed_answer_is_stored_as_failed(
    answers_of: MakeAnswers, messages: Conversations
):
    """The next question is answered as if it had not been."""
    engine = FakeEngine(failing)
    answers = answers_of(engine)
    reply = await (await answers.ask(incoming("첫째?"))).finished()
    assert reply
    assert reply.status == "failed"
    engine.script = saying("예.").script
    reply = await (await answers.ask(incoming("둘째?"))).finished()
    assert reply
    assert reply.status == "done"
    assert "첫째" not in engine.prompts[-1].text


async def test_closing_lets_answers_finish(answers_of: MakeAnswers):
    """Within the grace; new questions are refused politely."""
    engine = FakeEngine(lambda _: "하나 둘 셋", pace_s=0.05)
    answers = answers_of(engine)
    answer = await answers.ask(incoming())
    closing = asyncio.create_task(answers.close(grace_s=5))
    await asyncio.sleep(0.01)
    with pytest.raises(RefusedError, match="종료"):
        await answers.ask(incoming())
    await closing
    reply = await answer.finished()
    assert reply
    assert (reply.text, reply.status) == ("하나 둘 셋", "done")


async def test_closing_stops_what_takes_too_long(answers_of: MakeAnswers):
    """What was said until then is stored."""
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    answers = answers_of(engine)
    answer = await answers.ask(incoming())
    await asyncio.sleep(0.02)
    await answers.close(grace_s=0.05)
    reply = await answer.finished()
    assert reply
    assert (reply.text, reply.status) == ("하나", "stopped")


async def test_a_database_that_fails_stops_the_engine(
    answers_of: MakeAnswers, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """No answer is computed for a question that could not be stored."""
    engine = saying("하나 둘")
    engine.hold(after_words=1)
    answers = answers_of(engine)

    async def full() -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(database, "_begin", full)
    with pytest.raises(StorageError):
        await answers.ask(incoming())
    await asyncio.sleep(0.02)
    assert engine.stats.running == 0


async def test_a_reply_that_cannot_be_stored_is_no_reply(
    answers_of: MakeAnswers, messages: Conversations, monkeypatch: pytest.MonkeyPatch
):
    """The answer ends all the same."""
    answers = answers_of(saying("하나"))

    async def full(*_: object) -> int:
        raise StorageError("the disk is full")

    monkeypatch.setattr(messages, "add_reply", full)
    assert await (await answers.ask(incoming())).finished() is None


async def test_answers_are_counted(answers_of: MakeAnswers, metrics: Metrics):
    """By platform and by how they ended."""
    answers = answers_of(saying("예."))
    await (await answers.ask(incoming())).finished()
    labels = {"platform": "web", "status": "done"}
    assert metrics.registry.get_sample_value("reactune_answers_total", labels) == 1
    assert metrics.registry.get_sample_value("reactune_answer_seconds_count") == 1


async def test_hostile_text_is_only_text(answers_of: MakeAnswers, database: Database):
    """SQL in a question is stored as it was typed."""
    question = "'; DROP TABLE questions; --"
    await (await answers_of(saying("예.")).ask(incoming(question))).finished()
    rows: list[sqlite3.Row] = await database.rows("SELECT text FROM questions")
    assert [row["text"] for row in rows] == [question]


async def test_identifiers_are_masked_before_storing(answers_of: MakeAnswers, database: Database):
    """In the question, in what the model is asked, and in the answer."""
    engine = saying("010-1234-5678로 전화하세요.")
    answer = await answers_of(engine).ask(incoming("제 번호 010-9876-5432로 알려 주세요"))
    reply = await answer.finished()
    rows = await database.rows("SELECT q.text, r.text FROM questions q, replies r")
    assert reply
    assert tuple(rows[0]) == ("제 번호 [전화번호]로 알려 주세요", "[전화번호]로 전화하세요.")
    assert "9876" not in engine.prompts[0].text


async def test_an_engine_that_does_not_stop_is_not_waited_for(
    answers_of: MakeAnswers, monkeypatch: pytest.MonkeyPatch
):
    """What was said so far is stored all the same."""
    monkeypatch.setattr(service, "_STOP_S", 0.05)
    engine = saying("하나 둘 셋")
    engine.hold(after_words=1)
    answers = answers_of(engine)
    answer = await answers.ask(incoming())
    await asyncio.sleep(0.02)
    monkeypatch.setattr(answer, "stop", lambda: None)
    await answers.close(grace_s=0.01)
    reply = await answer.finished()
    assert reply
    assert (reply.text, reply.status) == ("하나", "stopped")
    engine.go_on()


async def test_closing_waits_for_a_question_being_taken(
    answers_of: MakeAnswers, messages: Conversations, monkeypatch: pytest.MonkeyPatch
):
    """Its answer is stopped like the others, not lost behind a closed database."""
    taken, store = asyncio.Event(), messages.add_question

    async def slowly(**given: Any) -> tuple[int, int]:
        await taken.wait()
        return await store(**given)

    monkeypatch.setattr(messages, "add_question", slowly)
    answers = answers_of(saying("예."))
    asking = asyncio.create_task(answers.ask(incoming()))
    await asyncio.sleep(0.01)
    closing = asyncio.create_task(answers.close(grace_s=1))
    await asyncio.sleep(0.01)
    assert not closing.done()
    taken.set()
    await closing
    assert (await asking).reply
