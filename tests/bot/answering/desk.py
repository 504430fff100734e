"""Where people ask and pick, for the tests of choices.

A pair is offered where the questions differ in a word: then no score makes it known.
"""

from dataclasses import dataclass

from bot.answering.choices import ChoiceService
from bot.answering.service import Answer, AnswerService
from bot.messages import Incoming, Reply
from storage.database import Database
from storage.personal_data import PersonalData
from tests.bot.conftest import JUDGE
from tests.support.fakes import FakeEngine

APPROVED = "7월 25일까지입니다."
ASKED = "일본의 부가가치세 확정신고는 언제까지 하나요?"  # another country: offered, never known
DRAFT = "초안입니다."
A, B, C, TEACHER = "slack:a", "slack:b", "slack:c", "slack:teacher"


@dataclass
class Desk:
    """Where people ask and pick."""

    answers: AnswerService
    choices: ChoiceService
    engine: FakeEngine

    async def ask(
        self, person: str = A, text: str = ASKED, thread: str = "", channel: str = ""
    ) -> Reply:
        user = person.partition(":")[2]
        place = Incoming("slack", channel or user, thread or text, user, text, "tax-ko")
        reply = await (await self.answers.ask(place)).finished()
        assert reply
        return reply

    async def pick(self, reply: Reply, person: str = A, which: int = 0) -> Reply:
        return await self.choices.pick(reply.id, reply.suggestions[which].pair_id, person, "ko")

    async def reject(self, reply: Reply, person: str = A) -> Reply:
        answer: Answer = await self.choices.reject(reply.id, person, "ko")
        again = await answer.finished()
        assert again
        return again


async def forget(database: Database, person: str) -> None:
    await PersonalData(database, JUDGE).forget(person)
