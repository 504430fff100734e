"""The composition root: every concrete part around one database and one engine is built here."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.answering.choices import ChoiceService
from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.domains import Domain, check_domain, load_domains
from bot.errors import SettingsError
from bot.evaluation.candidate import CandidateEvaluator
from bot.feedback.corrections import CorrectionService
from bot.feedback.daily_limit import DailyLimit
from bot.feedback.labels import LabelService
from bot.feedback.rules import ApprovalRules
from bot.knowledge.golden_guard import GoldenGuard
from bot.knowledge.importing import Importer
from bot.knowledge.indexes import Indexes
from bot.knowledge.opinions import accepted_by_all
from bot.knowledge.packs import StarterPacks
from bot.knowledge.retriever import Retriever
from bot.knowledge.thresholds import Thresholds, accepted_wrong
from bot.learning.auto_rollback import AutoRollback
from bot.learning.round import RoundRunner
from bot.learning.scheduler import TrainingScheduler
from bot.learning.service import TrainingService
from bot.learning.trainer_process import TrainerProcess
from bot.learning.versions import Deployment, VersionRetention
from bot.metrics import Metrics
from bot.operations.statistics import StatisticsReader
from bot.privacy.masker import Masker
from bot.settings import Settings
from engine.adapters.published import verified
from engine.config import EngineConfig
from engine.errors import MethodNotServedError
from engine.model.base_model import BaseModel, find_model
from engine.retrieval.choose import choose_embedder
from engine.retrieval.questions import question_key
from engine.serving.base import Engine
from engine.serving.choose import choose_engine
from storage.apply_judgement import renew_ranks
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.judgement import Judge
from storage.labels import Labels
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from storage.picks import Picks
from storage.platform_events import HandledEvents
from storage.rounds import Rounds
from storage.starter_packs import LoadedPacks
from storage.statistics import Stats
from storage.training_data import TrainingData
from storage.versions import VersionRegistry


@dataclass(frozen=True, slots=True)
class Data:
    """What is stored, with the rules by which opinions become knowledge; no model is needed."""

    settings: Settings
    database: Database
    domains: Mapping[str, Domain]
    judge: Judge
    masker: Masker
    pairs: Pairs
    picks: Picks
    thresholds: Thresholds
    retriever: Retriever
    corrections: Corrections
    people: PersonalData
    importer: Importer
    starters: StarterPacks
    statistics_reader: StatisticsReader


@asynccontextmanager
async def open_data(settings: Settings, *, serving: bool = False) -> AsyncIterator[Data]:
    """Open the database, and close it on the way out; ``serving`` claims it for this process.

    Raises SettingsError, GoldenError and StorageError, each with the way out.
    """
    domains = load_domains(settings.home, settings.unknown)
    check_domain(settings.domain, domains)
    agreements = {name: domain.agreement() for name, domain in domains.items()}
    golden = GoldenGuard.read(settings.home, agreements)
    database = await Database.open(settings.home / "reactune.db", serving=serving)
    judge = ApprovalRules(
        question_key, settings.disagreement, settings.approvals, golden.contradicts
    )
    pairs, masker = Pairs(database), Masker(settings.mask)
    picks = Picks(database)
    thresholds = Thresholds(
        picks, accepted_wrong(domains, settings.max_wrong), settings.max_share_per_user
    )
    importer = Importer(pairs, masker, domains, settings.domain)
    indexes = None
    try:
        stored = await pairs.embedder() or ""
        embedder = partial(choose_embedder, settings.embedder, settings.cache, stored)
        indexes = Indexes(pairs, embedder, thresholds)
        await pairs.renew_keys(question_key)
        await renew_ranks(database, judge)
        yield Data(
            settings=settings,
            database=database,
            domains=domains,
            judge=judge,
            masker=masker,
            pairs=pairs,
            picks=picks,
            thresholds=thresholds,
            retriever=Retriever(indexes, pairs, picks, agreements, golden),
            corrections=Corrections(database, judge),
            people=PersonalData(database, judge),
            importer=importer,
            starters=StarterPacks(pairs, LoadedPacks(database), importer, indexes),
            statistics_reader=StatisticsReader(
                stats=Stats(database),
                rounds=Rounds(database),
                versions=VersionRegistry(database),
                pairs=pairs,
                thresholds=thresholds,
                home=settings.home,
                train_every=settings.train_every,
                most=settings.max_share_per_user,
            ),
        )
    finally:
        if indexes:
            await indexes.close()
        await database.close()


@dataclass(frozen=True, slots=True)
class App:
    """Every part of a running Reactune, already connected."""

    settings: Settings
    model: BaseModel
    engine: Engine
    data: Data
    deployment: Deployment
    training: TrainingService
    scheduler: TrainingScheduler
    conversations: Conversations
    answers: AnswerService
    choices: ChoiceService
    responder: Responder
    label_service: LabelService
    correction_service: CorrectionService
    metrics: Metrics
    access: Access

    @property
    def domains(self) -> Mapping[str, Domain]:
        return self.data.domains

    @property
    def database(self) -> Database:
        return self.data.database


@asynccontextmanager
async def open_app(settings: Settings, *, serving: bool = False) -> AsyncIterator[App]:
    """Start the engine and open the database; close both on the way out.

    ``serving`` claims the database for this process. Raises SettingsError, EngineError and
    StorageError, each with the way out.
    """
    async with open_data(settings, serving=serving) as data:
        if serving:
            await HandledEvents(data.database).forget_old()
            await data.pairs.forget_old_changes()
        model = find_model(settings.model, settings.cache)
        engine = _engine(settings, model)
        app = build_app(data, model, engine)
        await app.deployment.start()
        try:
            yield app
        finally:
            await app.training.close()
            await engine.close()


def _engine(settings: Settings, model: BaseModel) -> Engine:
    try:
        return choose_engine(settings.engine, model, settings.method, EngineConfig(settings.cache))
    except MethodNotServedError as error:
        raise SettingsError(str(error)) from error


def build_app(data: Data, model: BaseModel, engine: Engine) -> App:
    """Join the parts around a started engine."""
    settings = data.settings
    metrics, access = Metrics(), _access(settings)
    metrics.watch_engine(lambda: engine.stats.running, lambda: engine.stats.waiting)
    check = partial(verified, model=model)
    deployment = Deployment(engine, VersionRegistry(data.database), settings.versions, check)
    responder = Responder(engine, data.retriever, data.domains, deployment.of)
    conversations = Conversations(data.database)
    answers = AnswerService(
        responder, conversations, metrics, data.masker, model=model.name, language=settings.language
    )
    correction_service, label_service = _build_feedback(data, metrics, access)
    training, scheduler = _build_learning(data, deployment, responder)
    return App(
        settings=settings,
        model=model,
        engine=engine,
        data=data,
        deployment=deployment,
        training=training,
        scheduler=scheduler,
        conversations=conversations,
        answers=answers,
        choices=ChoiceService(
            answers,
            conversations=conversations,
            pairs=data.pairs,
            picks=data.picks,
            retriever=data.retriever,
            model=model.name,
            is_teacher=access.is_teacher,
            daily=DailyLimit(settings.corrections_per_day),
        ),
        responder=responder,
        label_service=label_service,
        correction_service=correction_service,
        metrics=metrics,
        access=access,
    )


def _build_feedback(
    data: Data, metrics: Metrics, access: Access
) -> tuple[CorrectionService, LabelService]:
    correction_service = CorrectionService(
        data.corrections,
        data.masker,
        data.settings.corrections,
        is_teacher=access.is_teacher,
        daily=DailyLimit(data.settings.corrections_per_day),
    )
    labels = Labels(data.database, data.judge)
    return correction_service, LabelService(
        labels, data.settings.reactions, metrics, correction_service.contested, access.is_teacher
    )


def _build_learning(
    data: Data, deployment: Deployment, responder: Responder
) -> tuple[TrainingService, TrainingScheduler]:
    settings, database = data.settings, data.database
    versions, rounds = VersionRegistry(database), Rounds(database)
    retention = VersionRetention(settings.versions, versions, deployment)
    runner = RoundRunner(
        settings,
        training_data=TrainingData(database, accepted_by_all),
        retriever=data.retriever,
        versions=versions,
        deployment=deployment,
        retention=retention,
        trainer=TrainerProcess(settings.train_launcher),
        evaluator=CandidateEvaluator(responder),
    )
    training = TrainingService(
        settings,
        rounds=rounds,
        versions=versions,
        deployment=deployment,
        retention=retention,
        runner=runner,
        domains=data.domains,
    )
    scheduler = TrainingScheduler(
        settings,
        database=database,
        rounds=rounds,
        training=training,
        deployment=deployment,
        check_votes=AutoRollback(versions, Stats(database), training).check,
        domains=tuple(data.domains),
    )
    return training, scheduler


def _access(settings: Settings) -> Access:
    return Access(
        channels=settings.allowed_channels,
        users=settings.allowed_users,
        roles=settings.allowed_roles,
        admins=settings.admins,
        teachers=settings.teachers,
        per_user=settings.user_questions_per_minute,
        per_channel=settings.channel_questions_per_minute,
        language=settings.language,
    )
