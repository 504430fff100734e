"""Where people come in: the platforms around a running application."""

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bot.app import App
from bot.learning.outcome import RoundOutcome
from bot.learning.report import live_line, report_text, went_back_text
from bot.learning.report_chart import report_chart
from bot.operations.commands import (
    CommandTable,
    forget_command,
    my_data_command,
    rollback_command,
    stats_command,
    train_command,
)
from bot.operations.doctor import Check
from bot.platforms.base import Platform
from bot.platforms.chat.choices import ChoiceHandler
from bot.platforms.chat.corrections import CorrectionHandler
from bot.platforms.chat.message_store import MessageStore
from bot.platforms.chat.review_queue import ReviewQueue
from bot.platforms.chat.service import ChatParts, ChatService
from bot.platforms.chat.tasks import BackgroundTasks
from bot.platforms.chat.training_reports import ReportTexts, TrainingAnnouncer
from bot.platforms.chat.votes import VoteHandler
from bot.settings import CHAT_PLATFORMS, Settings
from bot.texts import Language
from storage.platform_events import HandledEvents, MessageLinks
from storage.rounds import Rounds
from storage.statistics import Stats
from storage.versions import VersionRegistry


@dataclass(frozen=True, slots=True)
class ChatPlatform:
    """A folder beside this file, as CHAT_PLATFORMS in bot/settings.py names it.

    ``platform.py`` there has ``create(settings, chat, commands) -> Platform``, ``doctor.py`` has
    ``examine(settings) -> list[Check]``. They bring the SDK, so they are imported when needed.
    """

    name: str

    def create(self, settings: Settings, chat: ChatService, commands: CommandTable) -> Platform:
        platform: Platform = self._module("platform").create(settings, chat, commands)
        return platform

    async def examine(self, settings: Settings) -> list[Check]:
        checks: list[Check] = await self._module("doctor").examine(settings)
        return checks

    def _module(self, name: str) -> Any:
        return import_module(f"bot.platforms.{self.name}.{name}")


def platforms(app: App) -> list[Platform]:
    """Every place where people can talk to ``app``, not yet started."""
    from bot.platforms.web.context import Knowledge
    from bot.platforms.web.platform import (
        WebPlatform,  # brings the web framework, which short commands spare
    )
    from bot.platforms.web.training_data import TrainingDashboard

    store = app.data
    found: list[Platform] = [
        WebPlatform(
            app.settings,
            engine=app.engine,
            answers=app.answers,
            conversations=app.conversations,
            label_service=app.label_service,
            choices=app.choices,
            domains=app.domains,
            metrics=app.metrics,
            knowledge=Knowledge(
                pairs=store.pairs,
                retriever=store.retriever,
                corrections=store.corrections,
                correction_service=app.correction_service,
                people=store.people,
                starters=store.starters,
            ),
            training=TrainingDashboard(
                app.training,
                rounds=Rounds(app.database),
                versions=VersionRegistry(app.database),
                approvals=Stats(app.database),
                target=app.settings.train_every,
            ),
        )
    ]
    commands = commands_of(app)
    for platform in _configured(app.settings):
        found.append(platform.create(app.settings, chat_service_for(app, platform.name), commands))
    return found


async def platform_checks(settings: Settings) -> list[Check]:
    """What ``reactune doctor`` says about the chat platforms that have tokens, asked live."""
    return [
        check for platform in _configured(settings) for check in await platform.examine(settings)
    ]


def _configured(settings: Settings) -> list[ChatPlatform]:
    return [
        ChatPlatform(name) for name, token in CHAT_PLATFORMS.items() if getattr(settings, token)
    ]


def chat_service_for(app: App, platform: str) -> ChatService:
    """What a chat platform hands its events to."""
    return ChatService(
        platform,
        _chat_parts(app, platform),
        answers=app.answers,
        access=app.access,
        domains=app.domains,
        language=app.settings.language,
    )


def _chat_parts(app: App, platform: str) -> ChatParts:
    handled, links = HandledEvents(app.database), MessageLinks(app.database)
    messages = MessageStore(
        platform, conversations=app.conversations, handled=handled, pieces=links
    )
    language, admin_channels = app.settings.language, app.settings.admin_channel
    return ChatParts(
        messages=messages,
        votes=VoteHandler(
            platform,
            answers=app.answers,
            label_service=app.label_service,
            messages=messages,
            conversations=app.conversations,
        ),
        choices=ChoiceHandler(
            platform,
            choices=app.choices,
            messages=messages,
            conversations=app.conversations,
            domains=app.domains,
        ),
        corrections=CorrectionHandler(
            platform=platform,
            correction_service=app.correction_service,
            access=app.access,
            conversations=app.conversations,
            pieces=links,
            language=language,
        ),
        reviews=ReviewQueue(
            platform=platform,
            correction_service=app.correction_service,
            access=app.access,
            handled=handled,
            admin_channels=admin_channels,
            language=language,
        ),
        training=TrainingAnnouncer(
            platform=platform,
            training=app.training,
            access=app.access,
            admin_channels=admin_channels,
            language=language,
            rendering=_report_texts(app),
        ),
        tasks=BackgroundTasks(platform),
    )


def _report_texts(app: App) -> ReportTexts:
    """How admins are told of rounds."""

    def title(domain: str) -> str:
        return app.domains[domain].title

    async def picture(outcome: RoundOutcome, language: Language) -> bytes | None:
        approval = await Stats(app.database).approval_by_version(outcome.domain)
        return await asyncio.to_thread(report_chart, outcome.losses, approval, language)

    return ReportTexts(
        line=live_line,
        text=lambda news, language: report_text(news, language, title=title(news.domain)),
        picture=picture,
        went_back=lambda news, language: went_back_text(news, language, title=title(news.domain)),
    )


def commands_of(app: App) -> CommandTable:
    people = app.data.people
    table = [
        stats_command(
            app.data.statistics_reader, app.domains, lambda: app.engine.stats, app.training
        ),
        my_data_command(people),
        forget_command(people),
        train_command(app.training, app.domains, app.settings.domain),
        rollback_command(app.training, app.domains, app.settings.domain),
    ]
    return CommandTable(app.access, table)
