"""The one place where concrete parts meet."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.domains import Domain, check_domain, load_domains
from bot.errors import SettingsError
from bot.evaluation.candidate import CandidateEvaluator
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.feedback.rules import approval_rules
from bot.knowledge.importing import Importer
from bot.knowledge.retriever import Retriever
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
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.judgement import Judge
from storage.labels import Labels
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from storage.platform_events import HandledEvents
from storage.rounds import Rounds
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
    recall: Retriever
    corrections: Corrections
    people: PersonalData
    teacher: Importer
    monitor: StatisticsReader


@asynccontextmanager
async def open_data(settings: Settings, *, serving: bool = False) -> AsyncIterator[Data]:
    """Open the database, and close it on the way out; ``serving`` claims it for this process.

    Raises SettingsError and StorageError, each with the way out.
    """
    domains = load_domains(settings.home, settings.unknown)
    check_domain(settings.domain, domains)
    database = await Database.open(settings.home / "reactune.db", serving=serving)
    judge = approval_rules(question_key, settings.disagreement)
    pairs, masker = Pairs(database), Masker(settings.mask)
    recall = Retriever(pairs, lambda: choose_embedder(settings.embedder))
    try:
        await pairs.renew_keys(question_key)
        yield Data(
            settings=settings,
            database=database,
            domains=domains,
            judge=judge,
            masker=masker,
            pairs=pairs,
            recall=recall,
            corrections=Corrections(database, judge),
            people=PersonalData(database, judge),
            teacher=Importer(pairs, masker, domains, settings.domain),
            monitor=StatisticsReader(
                stats=Stats(database),
                rounds=Rounds(database),
                versions=VersionRegistry(database),
                pairs=pairs,
                home=settings.home,
                train_every=settings.train_every,
                most=settings.max_share_per_user,
            ),
        )
    finally:
        await recall.close()
        await database.close()


@dataclass(frozen=True, slots=True)
class App:
    """Every part of a running Reactune, already connected."""

    settings: Settings
    model: BaseModel
    engine: Engine
    store: Data
    live: Deployment
    training: TrainingService
    schedule: TrainingScheduler
    messages: Conversations
    answers: AnswerService
    responder: Responder
    labeling: LabelService
    correcting: CorrectionService
    metrics: Metrics
    access: Access

    @property
    def domains(self) -> Mapping[str, Domain]:
        return self.store.domains

    @property
    def database(self) -> Database:
        return self.store.database


@asynccontextmanager
async def open_app(settings: Settings, *, serving: bool = False) -> AsyncIterator[App]:
    """Start the engine and open the database; close both on the way out.

    ``serving`` claims the database for this process. Raises SettingsError, EngineError and
    StorageError, each with the way out.
    """
    async with open_data(settings, serving=serving) as store:
        if serving:
            await HandledEvents(store.database).forget_old()
            await store.pairs.forget_old_changes()
        model = find_model(settings.model, settings.cache)
        engine = _engine(settings, model)
        app = connect(store, model, engine)
        await app.live.start()
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


def connect(store: Data, model: BaseModel, engine: Engine) -> App:
    """Join the parts around a started engine."""
    settings, database = store.settings, store.database
    metrics = Metrics()
    metrics.watch_engine(lambda: engine.stats.running, lambda: engine.stats.waiting)
    messages, access = Conversations(database), _access(settings)
    versions, rounds = VersionRegistry(database), Rounds(database)
    check = partial(verified, model=model)
    live = Deployment(engine, versions, settings.versions, check)
    responder = Responder(engine, store.recall, store.domains, live.of)
    shelf = VersionRetention(settings.versions, versions, live)
    training = TrainingService(
        settings,
        rounds=rounds,
        versions=versions,
        live=live,
        shelf=shelf,
        runner=RoundRunner(
            settings,
            materials=TrainingData(database),
            recall=store.recall,
            versions=versions,
            live=live,
            shelf=shelf,
            trainer=TrainerProcess(settings.train_launcher),
            evaluator=CandidateEvaluator(responder),
        ),
        domains=store.domains,
    )
    schedule = TrainingScheduler(
        settings,
        database=database,
        rounds=rounds,
        improving=training,
        live=live,
        check_votes=AutoRollback(versions, Stats(database), training).check,
        domains=tuple(store.domains),
    )
    correcting = CorrectionService(
        store.corrections, store.masker, settings.corrections, is_teacher=access.is_teacher
    )
    return App(
        settings=settings,
        model=model,
        engine=engine,
        store=store,
        live=live,
        training=training,
        schedule=schedule,
        messages=messages,
        answers=AnswerService(
            responder,
            messages,
            metrics,
            store.masker,
            model=model.name,
            language=settings.language,
        ),
        responder=responder,
        labeling=LabelService(
            Labels(database, store.judge), settings.reactions, metrics, correcting.contested
        ),
        correcting=correcting,
        metrics=metrics,
        access=access,
    )


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
