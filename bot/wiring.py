"""The one place where concrete parts meet."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bot.access import Access
from bot.admin import Commands, rollback_command, stats_command, train_command
from bot.answer import Answers
from bot.candidate import Examiner
from bot.charts import report_chart
from bot.correct import Correcting
from bot.domains import Domain
from bot.improve import Improving
from bot.label import Labeling
from bot.live import LiveVersions
from bot.messages import Platform
from bot.metrics import Metrics
from bot.outcome import Outcome
from bot.own_data import forget_command, my_data_command
from bot.platforms.announcing import Announcing, Rendering
from bot.platforms.reviewing import Reviewing
from bot.platforms.talk import Talk
from bot.platforms.teaching import Teaching
from bot.report import live_line, report_text, went_back_text
from bot.respond import Responder
from bot.round import RoundRunner
from bot.schedule import Schedule
from bot.settings import Settings, SettingsError
from bot.shelf import Shelf
from bot.store import Store, open_store
from bot.texts import Language
from bot.trainer import Trainer
from bot.watch import Watching
from engine.config import EngineConfig
from engine.models import BaseModel, find_model
from engine.publishing import checked
from engine.serving.base import Engine
from storage.database import Database
from storage.events import Handled, Pieces
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
        engine = choose_engine(settings, model)
        await engine.start()
        app = connect(store, model, engine)
        try:
            await app.live.follow()
            yield app
        finally:
            await app.training.close()
            await engine.close()


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
    training = Improving(
        settings,
        rounds=rounds,
        versions=versions,
        live=live,
        shelf=Shelf(settings.versions, versions, live),
        runner=RoundRunner(
            settings,
            materials=Materials(database),
            recall=store.recall,
            versions=versions,
            live=live,
            trainer=Trainer(settings.train_launcher),
            examiner=Examiner(responder, settings.language),
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
        labeling=Labeling(Labels(database, store.judge), settings.reactions, metrics),
        correcting=Correcting(
            store.corrections, store.masker, settings.corrections, is_teacher=access.is_teacher
        ),
        metrics=metrics,
        access=access,
    )


def platforms(app: App) -> list[Platform]:
    """Every place where people can talk to ``app``, not yet started."""
    from bot.web.knowledge import Knowledge
    from bot.web.server import WebPlatform  # brings the web framework, which short commands spare
    from bot.web.training_desk import TrainingDesk

    store = app.store
    found: list[Platform] = [
        WebPlatform(
            app.settings,
            engine=app.engine,
            answers=app.answers,
            messages=app.messages,
            labeling=app.labeling,
            domains=app.domains,
            metrics=app.metrics,
            knowledge=Knowledge(
                pairs=store.pairs,
                recall=store.recall,
                corrections=store.corrections,
                correcting=app.correcting,
                people=store.people,
                teacher=store.teacher,
            ),
            training=TrainingDesk(
                app.training,
                rounds=Rounds(app.database),
                versions=Versions(app.database),
                approvals=Stats(app.database),
                target=app.settings.train_every,
            ),
        )
    ]
    if app.settings.slack_bot_token:
        from bot.platforms.slack import SlackPlatform

        found.append(SlackPlatform(app.settings, talk_on(app, "slack"), commands_of(app)))
    if app.settings.discord_token:
        from bot.platforms.discord import DiscordPlatform

        found.append(DiscordPlatform(app.settings, talk_on(app, "discord"), commands_of(app)))
    return found


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


def talk_on(app: App, platform: str) -> Talk:
    """What a chat platform hands its events to."""
    pieces = Pieces(app.database)
    teaching = Teaching(
        platform=platform,
        correcting=app.correcting,
        access=app.access,
        messages=app.messages,
        pieces=pieces,
        language=app.settings.language,
    )
    return Talk(
        platform=platform,
        answers=app.answers,
        labeling=app.labeling,
        access=app.access,
        messages=app.messages,
        handled=Handled(app.database),
        pieces=pieces,
        teaching=teaching,
        reviewing=Reviewing(
            platform=platform,
            correcting=app.correcting,
            access=app.access,
            handled=Handled(app.database),
            admin_channels=app.settings.admin_channel,
            language=app.settings.language,
        ),
        domains=app.domains,
        language=app.settings.language,
        announcing=Announcing(
            platform=platform,
            training=app.training,
            access=app.access,
            admin_channels=app.settings.admin_channel,
            language=app.settings.language,
            rendering=_rendering(app),
        ),
    )


def _rendering(app: App) -> Rendering:
    """How admins are told of rounds."""

    def title(domain: str) -> str:
        return app.domains[domain].title

    async def picture(outcome: Outcome, language: Language) -> bytes | None:
        approval = await Stats(app.database).approval_by_version(outcome.domain)
        return await asyncio.to_thread(report_chart, outcome.losses, approval, language)

    return Rendering(
        line=live_line,
        text=lambda news, language: report_text(news, language, title=title(news.domain)),
        picture=picture,
        went_back=lambda news, language: went_back_text(news, language, title=title(news.domain)),
    )


def commands_of(app: App) -> Commands:
    people = app.store.people
    table = [
        stats_command(app.store.monitor, app.domains, lambda: app.engine.stats, app.training),
        my_data_command(people),
        forget_command(people),
        train_command(app.training, app.domains, app.settings.domain),
        rollback_command(app.training, app.domains, app.settings.domain),
    ]
    return Commands(app.access, table)


def choose_engine(settings: Settings, model: BaseModel) -> Engine:
    """ENGINE, or with "auto" what suits the model and the machine."""
    config = EngineConfig(settings.cache)
    kind = settings.engine
    if kind == "auto":
        torch = model.gguf is None or settings.method != "lora" or has_gpu()
        kind = "transformers" if torch else "llamacpp"
    engine = _llamacpp(model, config) if kind == "llamacpp" else _transformers(model, config)
    if settings.method not in engine.methods:
        raise SettingsError(
            f"METHOD={settings.method} cannot be served by ENGINE={kind}; set ENGINE=transformers "
            "or METHOD=lora"
        )
    return engine


def _llamacpp(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.llamacpp import LlamaCppEngine

    return LlamaCppEngine(model, config)


def _transformers(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.transformers import TransformersEngine  # brings torch: seconds to import

    return TransformersEngine(model, config)


def has_gpu() -> bool:
    """NVIDIA's own tool sees one; asking torch would cost its import."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    try:
        listed = subprocess.run(  # noqa: S603
            [tool, "-L"], capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):  # a driver that hangs serves nobody
        return False
    return listed.returncode == 0 and b"GPU " in listed.stdout
