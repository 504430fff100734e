"""People say what an answer should have been."""

import asyncio

import pytest

from bot.errors import RefusedError
from bot.feedback.corrections import MAX_CORRECTION_CHARS, CorrectionService, correction_in
from bot.feedback.daily_limit import DailyLimit
from bot.feedback.labels import LabelService
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from storage.corrections import Corrections
from storage.database import Database
from storage.errors import StorageError
from storage.labels import Subject
from tests.bot.conftest import JUDGE, incoming
from tests.support.fakes import saying

MASKER = Masker(frozenset(Kind))


@pytest.fixture
async def reply(answers_of) -> int:
    return (await (await answers_of(saying("모릅니다.")).ask(incoming())).finished()).id


@pytest.mark.parametrize(
    ("text", "correction"),
    [
        ("정정: 25일입니다.", "25일입니다."),
        ("  정정 :25일", "25일"),
        ("정정:25일", "25일"),
        ("Correction: the 25th", "the 25th"),
        ("CORRECTION:", ""),
        ("정정해 주세요: 25일", None),
        ("이건 정정: 아님", None),
        ("정정신고는 언제 하나요?", None),
        ("corrections: none", None),
    ],
)
def test_what_is_a_correction(text: str, correction: str | None):
    """Only what begins with the word and a colon."""
    assert correction_in(text) == correction


async def test_it_counts_at_once_from_everyone(correction_service: CorrectionService, reply: int):
    """Which is the default."""
    assert (await correction_service.correct(reply, "slack:a", "25일", "ko")).state == "live"


async def test_what_is_far_too_long_is_not_even_masked(corrections: Corrections, reply: int):
    """Masking hundreds of thousands of characters takes seconds."""

    class Unused(Masker):
        def mask(self, text: str) -> str:
            raise AssertionError

    correction_service = CorrectionService(
        corrections, Unused(frozenset()), "everyone", is_teacher=lambda *_: True
    )
    with pytest.raises(RefusedError, match=r"800,?000"):
        await correction_service.correct(reply, "slack:a", "x" * 800_000, "ko")


async def test_only_teachers_count_at_once(corrections: Corrections, reply: int):
    """With CORRECTIONS=teachers; what others say waits."""
    correction_service = CorrectionService(
        corrections, MASKER, "teachers", is_teacher=lambda person, roles: "R" in roles
    )
    waiting = await correction_service.correct(reply, "slack:a", "25일", "ko")
    counting = await correction_service.correct(reply, "slack:b", "25일", "ko", frozenset({"R"}))
    assert (waiting.state, counting.state) == ("pending", "live")


async def test_whoever_reviews_is_told(corrections: Corrections, reply: int):
    """A watcher that fails keeps neither the others nor the correction."""
    correction_service = CorrectionService(
        corrections, MASKER, "review", is_teacher=lambda *_: True
    )
    texts: list[str] = []

    async def broken(_) -> None:
        raise RuntimeError("no channel")

    async def watcher(correction) -> None:
        texts.append(correction.text)

    correction_service.pending.subscribe(broken)
    correction_service.pending.subscribe(watcher)
    await correction_service.correct(reply, "slack:a", "25일", "ko")
    assert texts == ["25일"]
    assert [c.text for c in await corrections.pending(last=10)] == ["25일"]


async def test_whoever_reviews_is_told_of_one_that_is_contested(
    correction_service: CorrectionService, label_service: LabelService, reply: int
):
    """It counted until somebody was against it; a second one against it is no news."""
    announced: list[tuple[str, str]] = []

    async def watcher(correction) -> None:
        announced.append((correction.text, correction.state))

    correction_service.pending.subscribe(watcher)
    correction = await correction_service.correct(reply, "slack:a", "13월", "ko")
    for person in ("slack:b", "slack:c"):
        await label_service.toggle(Subject("correction", correction.id), person, "👎")
    assert announced == [("13월", "pending")]


async def test_a_decision_is_made_once(corrections: Corrections, reply: int):
    """Of two admins who press at the same time, one is quicker."""
    correction_service = CorrectionService(
        corrections, MASKER, "review", is_teacher=lambda *_: False
    )
    waiting = await correction_service.correct(reply, "slack:a", "25일", "ko")
    decided = await asyncio.gather(
        correction_service.decide(waiting.id, "approved", "slack:x"),
        correction_service.decide(waiting.id, "rejected", "slack:y"),
    )
    assert sorted(decided) == [False, True]


async def test_a_second_correction_replaces_the_first(
    correction_service: CorrectionService, corrections: Corrections, reply: int
):
    """One right answer a person."""
    await correction_service.correct(reply, "slack:a", "24일", "ko")
    await correction_service.correct(reply, "slack:a", "25일", "ko")
    assert [c.text for c in await corrections.of_reply(reply)] == ["25일"]


async def test_only_the_author_and_admins_withdraw(
    correction_service: CorrectionService, reply: int
):
    """Not just anybody; and nothing twice."""
    correction = await correction_service.correct(reply, "slack:a", "25일", "ko")
    assert not await correction_service.withdraw(correction.id, "slack:b")
    assert await correction_service.withdraw(correction.id, "slack:b", may_all=True)
    assert not await correction_service.withdraw(correction.id, "slack:a")


async def test_identifiers_are_masked(correction_service: CorrectionService, reply: int):
    """Before anything is stored."""
    correction = await correction_service.correct(reply, "slack:a", "010-1234-5678로 전화", "ko")
    assert correction.text == "[전화번호]로 전화"


async def test_empty_and_endless_corrections_are_refused(
    correction_service: CorrectionService, reply: int
):
    """With the way out."""
    for text in ("", " \u202e ", "x" * (MAX_CORRECTION_CHARS + 1)):
        with pytest.raises(RefusedError, match="정정"):
            await correction_service.correct(reply, "slack:a", text, "ko")


async def test_a_reply_that_is_gone_cannot_be_corrected(correction_service: CorrectionService):
    """It may have been forgotten meanwhile."""
    with pytest.raises(StorageError, match="no such reply"):
        await correction_service.correct(999, "slack:a", "25일", "ko")


async def test_said_twice_it_is_one(correction_service: CorrectionService, reply: int):
    """At the same time as well; votes on it stay."""
    attempts = [correction_service.correct(reply, "slack:a", "25일", "ko") for _ in range(3)]
    assert len({correction.id for correction in await asyncio.gather(*attempts)}) == 1


async def test_one_person_says_only_so_much_in_a_day(database: Database, answers_of):
    """Teachers as much as they like; the next one is refused in words."""
    service = CorrectionService(
        Corrections(database, JUDGE), MASKER, "everyone",
        is_teacher=lambda person, _: person == "slack:teacher", daily=DailyLimit(2),
    )  # fmt: skip
    answers = answers_of(saying("답"))
    replies = []
    for n in range(3):
        asked = incoming(thread=str(n))
        reply = await (await answers.ask(asked)).finished()
        replies.append(reply.id)
    for number in replies[:2]:
        await service.correct(number, "slack:busy", "3월", "ko")
    with pytest.raises(RefusedError, match="하루 2건"):
        await service.correct(replies[2], "slack:busy", "3월", "ko")
    await service.correct(replies[0], "slack:busy", "3월", "ko")  # said before: no new one
    for number in replies:
        await service.correct(number, "slack:teacher", "4월", "ko")
