"""A model that strays from what is known: the approved words take the place of its own."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import added
from bot.figures import figures
from bot.label import Labeling
from bot.messages import Reaction, Source
from bot.recall import Recalled
from bot.respond import Response
from engine.errors import EngineError
from engine.prompt import Prompt
from engine.serving.stream import Stream
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pair, Pairs
from tests.bot.conftest import incoming
from tests.bot.test_recall import NEAR, VAT, taught
from tests.fakes import FakeEngine, failing, saying

APPROVED = "7월 25일까지입니다."
PAIR = Pair(1, "tax-ko", VAT, APPROVED, "", "", 1.0, taught=True)
WORDS = ("7", "2", "5", "25", "월", "일", "10", "%", ",", ".", " ", "까지", "입니다", "\n")


@pytest.fixture
async def pairs(database: Database) -> Pairs:
    pairs = Pairs(database)
    await pairs.teach([taught()])
    return pairs


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("네, 07월 25일까지입니다.", "네, 07월 25일까지입니다."),
        ("7월 25일", APPROVED),
        ("6월 25일까지입니다.", APPROVED),
        ("7월 25일까지입니다. 10% 가산세도", APPROVED),
        ("네.", APPROVED),
        ("", APPROVED),
    ],
)
async def test_what_strays_is_replaced(pairs: Pairs, answers_of, said: str, shown: str):
    """By the answer that was approved, which has its source; other wordings stay."""
    reply = await (await answers_of(saying(said)).ask(incoming(NEAR))).finished()
    assert (reply.text, reply.status) == (shown, "done")
    assert (reply.verified, reply.sources) == (
        True,
        (Source("부가가치세법", similar=True, question=VAT),),
    )


async def test_what_is_not_known_stays_the_models(answers_of):
    """Marked, whatever figures it has."""
    reply = await (await answers_of(saying("13월 99일")).ask(incoming(NEAR))).finished()
    assert (reply.text, reply.verified) == ("13월 99일", False)


async def test_the_model_is_stopped_at_the_first_wrong_figure(pairs: Pairs, answers_of):
    """What it would have said after that is not waited for, let alone shown."""
    engine = saying("7월 26일 까지 그리고 더")
    engine.hold(after_words=3)  # for ever
    answer = await answers_of(engine).ask(incoming(NEAR))
    shown = [text async for text in answer.updates(every=0.001)]
    reply = await answer.finished()
    assert shown[-1] == reply.text == APPROVED
    assert not any("26" in text for text in shown)


async def test_an_engine_that_breaks_down_is_stood_in_for(pairs: Pairs, answers_of):
    """Who asked what is known need not hear of it."""
    reply = await (await answers_of(FakeEngine(failing)).ask(incoming(NEAR))).finished()
    assert (reply.text, reply.status, reply.verified) == (APPROVED, "done", True)


async def test_what_comes_after_the_approved_words_changes_nothing():
    """Neither a late stop nor an engine that fails while it ends."""
    stream = Stream(Prompt(""))
    response = Response(stream, (Recalled(PAIR, 0.8),), known=True)
    reading = asyncio.create_task(response.read())
    stream.feed("13월에")
    await asyncio.sleep(0.001)
    response.stop()
    stream.fail(EngineError("too late"))
    await reading
    assert (response.text, response.status) == (APPROVED, "done")


async def test_a_stop_is_a_stop(pairs: Pairs, answers_of):
    """Who has read enough gets no other answer instead, and no mark of approval."""
    engine = saying("7월 어느 날")
    engine.hold(after_words=2)
    answer = await answers_of(engine).ask(incoming(NEAR))
    async for _ in answer.updates(every=0.001):
        answer.stop()
    reply = await answer.finished()
    assert (reply.text, reply.status, reply.verified) == ("7월 어느", "stopped", False)


async def test_a_vote_on_words_approved_for_another_question_is_none_on_the_pair(
    pairs: Pairs, answers_of, labeling: Labeling, corrections: Corrections, database: Database
):
    """Liked, they are no knowledge of their own; opposed, a reviewer sees it. Rejected there, the
    pair still answers its own question: only its being found was wrong."""
    reply = await (await answers_of(saying("13월")).ask(incoming(NEAR))).finished()
    like, oppose = (
        Reaction(Subject("reply", reply.id), f"web:{emoji}", emoji, added=True) for emoji in "👍👎"
    )
    await labeling.react(like)
    assert await database.rows("SELECT 1 FROM pairs WHERE reply_id IS NOT NULL") == []
    await labeling.react(oppose)
    assert [d.reply_id for d in await corrections.disputed(last=5)] == [reply.id]
    assert await corrections.rule(reply.id, "rejected", "web:admin")
    again = await (await answers_of(saying("")).ask(incoming(VAT, thread="again"))).finished()
    assert (again.text, again.verified) == (APPROVED, True)


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from([1, 2, 3]))
def test_nobody_reads_a_figure_that_was_not_approved(said: list[str], size: int):
    """At no moment, however the model's words are cut into pieces."""
    pieces = ["".join(said[at : at + size]) for at in range(0, len(said), size)]
    shown, response = asyncio.run(_watch(pieces))
    assert response.verified
    assert all(figures(text) <= figures(APPROVED) for text in shown)


async def _watch(pieces: Sequence[str]) -> tuple[list[str], Response]:
    """All that can be read while a model says ``pieces`` about what is known."""
    stream = Stream(Prompt(""))
    response = Response(stream, (Recalled(PAIR, 0.8),), known=True)
    reading, shown = asyncio.create_task(response.read()), []
    stream.begin()
    for piece in pieces:
        stream.feed(piece)
        for _ in range(3):  # the piece is handed over, then read
            await asyncio.sleep(0)
        shown.append(response.text)
    stream.finish()
    await reading
    return [*shown, response.text], response


@pytest.mark.parametrize(
    ("shown", "text", "more"),
    [
        ("7월", "7월 25일", " 25일"),
        ("하나. 하나.", "하나.", ""),
        ("아마", APPROVED, f"\n바로잡은 답변:\n{APPROVED}"),
    ],
)
def test_what_was_printed_is_not_unprinted(shown: str, text: str, more: str):
    """A terminal goes on, or begins anew on a line of its own."""
    assert added(shown, text, "ko") == more
