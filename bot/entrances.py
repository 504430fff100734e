"""Where people come in: the platforms around a running application."""

import asyncio

from bot.admin import Commands, rollback_command, stats_command, train_command
from bot.charts import report_chart
from bot.messages import Platform
from bot.outcome import Outcome
from bot.own_data import forget_command, my_data_command
from bot.platforms.announcing import Announcing, Rendering
from bot.platforms.reviewing import Reviewing
from bot.platforms.talk import Talk
from bot.platforms.teaching import Teaching
from bot.report import live_line, report_text, went_back_text
from bot.texts import Language
from bot.wiring import App
from storage.events import Handled, Pieces
from storage.rounds import Rounds
from storage.stats import Stats
from storage.versions import Versions


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
