"""A team that uses the bot with the settings that come along."""

from dataclasses import replace

from bot.answering.choices import ChoiceService
from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.feedback.rules import ApprovalRules
from bot.knowledge.golden_guard import NO_GOLDEN, GoldenGuard
from bot.knowledge.retriever import Retriever
from bot.messages import Reaction, Reply
from bot.metrics import Metrics
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from engine.retrieval.questions import question_key
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels, Subject
from storage.pairs import Pairs
from storage.picks import Picks
from tests.bot.conftest import DOMAINS, incoming
from tests.bot.knowledge.test_retriever import VAT
from tests.support.fakes import saying

LAW, RIGHT, WRONG = "7월 25일까지입니다.", "25일입니다.", "내지 않아도 됩니다."
TEACHER = "slack:T"


class Team:
    """What people say to each other's answers; ``teachers`` may decide."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        retriever: Retriever,
        golden: GoldenGuard = NO_GOLDEN,
    ) -> None:
        self.rules = rules = ApprovalRules(question_key, 1.0, 2, golden.contradicts)
        masker, conversations = Masker(frozenset(Kind)), Conversations(database)
        self._database = database
        self.answers = AnswerService(
            Responder(saying("모르는 답"), retriever, DOMAINS), conversations, metrics, masker,
            model="fake", language="ko",
        )  # fmt: skip
        self.corrections = CorrectionService(
            Corrections(database, rules), masker, "everyone",
            is_teacher=lambda person, _: person == TEACHER,
        )  # fmt: skip
        self.labels = LabelService(
            Labels(database, rules), {"👍": 1.0, "👎": -1.0}, metrics, self.corrections.contested,
            is_teacher=lambda person, _: person == TEACHER,
        )  # fmt: skip
        self.choices = ChoiceService(
            self.answers, conversations=conversations, pairs=Pairs(database),
            picks=Picks(database), retriever=retriever, model="fake",
            is_teacher=lambda person, _: person == TEACHER,
        )  # fmt: skip
        self._threads = 0

    async def ask(self, text: str = VAT, user: str = "asker", platform: str = "slack") -> Reply:
        self._threads += 1
        asked = incoming(text, thread=f"t{self._threads}", user=user)
        answer = await self.answers.ask(replace(asked, platform=platform))
        reply = await answer.finished()
        assert reply
        return reply

    async def correct(self, text: str, person: str, question: str = VAT) -> int:
        reply = await self.ask(question)
        return (await self.corrections.correct(reply.id, person, text, "ko")).id

    async def mark(self, subject: Subject, person: str, emoji: str = "👍") -> None:
        await self.labels.react(Reaction(subject, person, emoji, added=True))

    async def unmark(self, subject: Subject, person: str, emoji: str = "👍") -> None:
        await self.labels.react(Reaction(subject, person, emoji, added=False))

    async def reject(self, reply: Reply, person: str) -> Reply:
        """``person`` meant none of these, or not what was answered; what they get then."""
        answer = await self.choices.reject(reply.id, person, "ko")
        again = await answer.finished()
        assert again
        return again

    async def known(self, question: str = VAT) -> str | None:
        """What is answered as verified."""
        reply = await self.ask(question, user="reader")
        return reply.text if reply.verified else None
