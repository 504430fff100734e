"""What every chat platform does when somebody says which known question was meant."""

from dataclasses import replace

import pytest

from bot.errors import RefusedError
from bot.messages import Incoming
from bot.platforms.base import Choice
from bot.platforms.chat.choices import ShownReply
from bot.platforms.chat.service import ChatService
from bot.texts import say
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.bot.platforms.chat.fakes import QUESTION, Screen
from tests.support.fakes import saying

KNOWN, UNSURE = "부가가치세는 언제 내나요?", "일본의 부가가치세는 언제 내나요?"
NONE = Choice("none_of_these")
ASKED = replace(QUESTION, text=UNSURE)


@pytest.fixture
async def service(service_with, database: Database) -> ChatService:
    """KNOWN is taught, without a source; the model says one thing."""
    row = TaughtPair(
        question=KNOWN, answer="25일", domain="tax-ko", source="", as_of="", score=1.0,
        person="cli:me", key=question_key(KNOWN),
    )  # fmt: skip
    await Pairs(database).teach([row])
    service: ChatService = service_with(saying("모릅니다."))
    return service


async def chosen(
    service: ChatService, choice: Choice, user: str = "U1", message: str = "P1"
) -> tuple[Screen, ShownReply]:
    """Where the answer appeared, and what it replaced."""
    screen, places = Screen(), []

    def view(place: ShownReply, on_piece) -> Screen:
        places.append(place)
        return screen(on_piece)

    await service.parts.choices.choose("C1", message, user, choice, view, "ko")
    return screen, places[0]


async def offered(service: ChatService, asked: Incoming = ASKED) -> Choice:
    """Ask; the pick of the first question that is offered."""
    screen = Screen()
    await service.question(asked, screen)
    assert screen.ending
    return Choice("pick", screen.ending.offered[0].pair_id)


async def test_a_choice_is_whole_at_once_and_not_marked(service: ChatService):
    """It is no draft, and rests on nothing yet."""
    screen = Screen()
    await service.question(ASKED, screen)
    assert screen.ending
    assert screen.shown == [say("did_you_mean", "ko")]
    assert [s.question for s in screen.ending.offered] == [KNOWN]
    assert (screen.marks, list(screen.notes), screen.ending.correctable) == ({""}, [], False)


async def test_a_pick_ends_in_the_answer(service: ChatService):
    """In the messages that had the choice, of the question that asked."""
    screen, place = await chosen(service, await offered(service))
    assert (screen.answer, screen.signs) == ("25일", [])
    assert list(screen.notes) == [f"✅ 확인됨 · 근거: ‘{KNOWN}’에 대한 승인된 답"]
    assert (place.messages, place.question, place.thread) == (("P1",), "M1", "T1")


async def test_none_of_these_ends_in_a_draft(service: ChatService):
    """Marked from its first word on, with the form for corrections."""
    await offered(service)
    screen, _ = await chosen(service, NONE)
    assert (screen.answer, screen.signs) == ("모릅니다.", ["working"])
    assert screen.marks == {say("draft", "ko")}
    assert screen.ending
    assert screen.ending.correctable
    assert list(screen.notes) == [say("unverified", "ko")]


@pytest.mark.parametrize("message", ["P9", "S1"])
async def test_a_message_that_shows_no_answer_has_no_choice(service: ChatService, message: str):
    """One that is not known, and our thanks for a correction."""
    pick = await offered(service)
    correction = replace(QUESTION, text="정정: 25일", message="M2", events=("E2",))
    await service.question(correction, Screen())
    with pytest.raises(RefusedError, match=say("pick_gone", "ko")[:10]):
        await chosen(service, pick, message=message)


async def test_a_question_that_was_not_offered_cannot_be_picked(service: ChatService):
    """Whatever a button says."""
    await offered(service)
    with pytest.raises(RefusedError):
        await chosen(service, Choice("pick", 99))


async def test_not_my_question_is_about_the_pair_that_was_answered(service: ChatService):
    """One that is shown no more cannot be denied, nor can an answer to the very question."""
    picked = await offered(service)
    await chosen(service, picked)
    choices = service.parts.choices
    other = await choices.other_question("C1", "P1", "U1")
    assert other == Choice("not_my_question", picked.pair_id)
    assert await choices.other_question("C1", "P1", "U2") is None
    with pytest.raises(RefusedError):
        await chosen(service, Choice("not_my_question", 99))
    screen, _ = await chosen(service, other)
    assert screen.answer == "모릅니다."
    assert await choices.other_question("C1", "P1", "U1") is None


async def test_after_a_refusal_it_can_be_chosen_again(service: ChatService):
    """Somebody else's press holds nothing up."""
    pick = await offered(service)
    with pytest.raises(RefusedError, match="질문한 사람만"):
        await chosen(service, pick, user="U2")
    screen, _ = await chosen(service, pick)
    assert screen.answer == "25일"
