"""The one place where concrete parts meet."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.answer import Answers
from bot.candidate import Examiner
from bot.correct import Correcting
from bot.domains import Domain
from bot.improve import Improving
from bot.label import Labeling
from bot.live import LiveVersions
from bot.metrics import Metrics
from bot.respond import Responder
from bot.round import RoundRunner
from bot.schedule import Schedule
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store import Store, open_store
from bot.trainer import Trainer
from bot.watch import Watching
from engine.adapters.published import checked
from engine.config import EngineConfig
from engine.errors import MethodNotServedError
from engine.model.base_model import BaseModel, find_model
from engine.serving.base import Engine
from engine.serving.choose import choose_engine
from storage.database import Database
from storage.events import Handled
from storage.labels import Labels
from storage.material import Materials
from storage.messages import Messages
from storage.rounds import Rounds
from storage.stats import Stats
from storage.versions import Versions


@dataclass(frozen=True, slots=True)
class App:
    """Every part of a running Reactune, already connected."""

    settings: Settings
    model: BaseModel
    engine: Engine
    store: Store
    live: LiveVersions
    training: Improving
    schedule: Schedule
    messages: Messages
    answers: Answers
    responder: Responder
    labeling: Labeling
    correcting: Correcting
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
    async with open_store(settings, serving=serving) as store:
        if serving:
            await Handled(store.database).forget_old()
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


def connect(store: Store, model: BaseModel, engine: Engine) -> App:
    """Join the parts around a started engine."""
    settings, database = store.settings, store.database
    metrics = Metrics()
    metrics.watch_engine(lambda: engine.stats.running, lambda: engine.stats.waiting)
    messages, access = Messages(database), _access(settings)
    versions, rounds = Versions(database), Rounds(database)
    check = partial(checked, model=model)
    live = LiveVersions(engine, versions, settings.versions, check)
    responder = Responder(engine, store.recall, store.domains, live.of)
    shelf = Shelf(settings.versions, versions, live)
    training = Improving(
        settings,
        rounds=rounds,
        versions=versions,
        live=live,
        shelf=shelf,
        runner=RoundRunner(
            settings,
            materials=Materials(database),
            recall=store.recall,
            versions=versions,
            live=live,
            shelf=shelf,
            trainer=Trainer(settings.train_launcher),
            examiner=Examiner(responder),
        ),
        domains=store.domains,
    )
    schedule = Schedule(
        settings,
        database=database,
        rounds=rounds,
        improving=training,
        live=live,
        check_votes=Watching(versions, Stats(database), training).check,
        domains=tuple(store.domains),
    )
    correcting = Correcting(
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
        answers=Answers(
            responder,
            messages,
            metrics,
            store.masker,
            model=model.name,
            language=settings.language,
        ),
        responder=responder,
        labeling=Labeling(
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
