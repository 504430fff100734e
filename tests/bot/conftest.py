"""The application around a fake engine, on a real database file."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.access import Access
from bot.answering.choices import ChoiceService
from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.domains import Domain
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.feedback.rules import ApprovalRules
from bot.knowledge.retriever import Retriever
from bot.knowledge.thresholds import Thresholds
from bot.messages import Incoming
from bot.metrics import Metrics
from bot.operations.statistics import StatisticsReader
from bot.platforms.chat.choices import ChoiceHandler
from bot.platforms.chat.corrections import CorrectionHandler
from bot.platforms.chat.message_store import MessageStore
from bot.platforms.chat.review_queue import ReviewQueue
from bot.platforms.chat.service import ChatParts, ChatService
from bot.platforms.chat.tasks import BackgroundTasks
from bot.platforms.chat.training_reports import TrainingAnnouncer
from bot.platforms.chat.votes import VoteHandler
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from engine.retrieval.questions import question_key
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels
from storage.pairs import Pairs
from storage.picks import Picks
from storage.platform_events import HandledEvents, MessageLinks
from storage.rounds import Rounds
from storage.statistics import Stats
from storage.versions import VersionRegistry
from tests.bot.platforms.fakes.rounds import PLAIN
from tests.support.fakes import FakeEngine, FakeTraining
from tests.support.retrieving import retriever_on

DOMAINS = {
    "tax-ko": Domain(
        name="tax-ko", title="세무", language="ko", system="짧게 답한다.", unknown="mark"
    )
}

# One person's word is enough in most stories; test_ranks.py has the default, two.
JUDGE = ApprovalRules(question_key, disagreement=1.0, approvals=1)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


@pytest.fixture
def messages(database: Database) -> Conversations:
    return Conversations(database)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def retriever(database: Database) -> AsyncIterator[Retriever]:
    retriever = retriever_on(database)
    yield retriever
    await retriever.indexes.close()


@pytest.fixture
def answers_of(
    database: Database, messages: Conversations, metrics: Metrics, retriever: Retriever
) -> Callable[[FakeEngine], AnswerService]:
    """The application around the given engine."""
    return lambda engine: AnswerService(
        Responder(engine, retriever, DOMAINS),
        messages,
        metrics,
        Masker(frozenset(Kind)),
        model="fake",
        language="ko",
    )


@pytest.fixture
def label_service(
    database: Database, metrics: Metrics, correction_service: CorrectionService
) -> LabelService:
    scores = {"👍": 1.0, "👎": -1.0, "🎉": 1.0}
    return LabelService(
        Labels(database, JUDGE), scores, metrics, correction_service.contested,
        is_teacher=lambda *_: False,
    )  # fmt: skip


@pytest.fixture
def corrections(database: Database) -> Corrections:
    return Corrections(database, JUDGE)


@pytest.fixture
def correction_service(corrections: Corrections) -> CorrectionService:
    """Everybody's word counts at once."""
    return CorrectionService(
        corrections, Masker(frozenset(Kind)), "everyone", is_teacher=lambda *_: False
    )


@pytest.fixture
def statistics_reader(database: Database, tmp_path: Path) -> StatisticsReader:
    return StatisticsReader(
        stats=Stats(database),
        rounds=Rounds(database),
        versions=VersionRegistry(database),
        pairs=Pairs(database),
        thresholds=Thresholds(Picks(database)),
        home=tmp_path,
        train_every=50,
        most=1.0,
    )


def incoming(text: str = "언제 신고하나요?", thread: str = "t", user: str = "u") -> Incoming:
    return Incoming("web", "c", thread, user, text, "tax-ko")


@pytest.fixture
def service_with(
    database: Database,
    messages: Conversations,
    answers_of,
    retriever: Retriever,
    label_service: LabelService,
    correction_service: CorrectionService,
):
    """A platform's conversation around the given engine."""

    def make(engine: FakeEngine, access: Access | None = None) -> ChatService:
        access = access or Access(admins=["chat:BOSS"])
        links, handled = MessageLinks(database), HandledEvents(database)
        answers = answers_of(engine)
        store = MessageStore("chat", conversations=messages, handled=handled, pieces=links)
        parts = ChatParts(
            messages=store,
            votes=VoteHandler(
                "chat",
                answers=answers,
                label_service=label_service,
                messages=store,
                conversations=messages,
            ),
            choices=ChoiceHandler(
                "chat",
                choices=ChoiceService(
                    answers,
                    conversations=messages,
                    pairs=Pairs(database),
                    picks=Picks(database),
                    retriever=retriever,
                    model="fake",
                    is_teacher=access.is_teacher,
                ),
                messages=store,
                conversations=messages,
                domains=DOMAINS,
            ),
            corrections=CorrectionHandler(
                platform="chat",
                correction_service=correction_service,
                access=access,
                conversations=messages,
                pieces=links,
                language="ko",
            ),
            reviews=ReviewQueue(
                platform="chat",
                correction_service=correction_service,
                access=access,
                handled=handled,
                admin_channels=["chat:ADMINS"],
                language="ko",
            ),
            training=TrainingAnnouncer(
                platform="chat",
                training=FakeTraining(),
                access=access,
                admin_channels=["chat:ADMINS"],
                language="ko",
                rendering=PLAIN,
            ),
            tasks=BackgroundTasks("chat"),
        )
        return ChatService(
            "chat", parts, answers=answers, access=access, domains=DOMAINS, language="ko"
        )

    return make
