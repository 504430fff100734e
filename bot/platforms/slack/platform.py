"""Slack: a bolt app on Socket Mode."""

import asyncio
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackClientError

from bot.errors import SettingsError
from bot.operations.commands import CommandTable
from bot.platforms.chat.sdk_logs import OneLineErrors
from bot.platforms.chat.service import ChatService
from bot.platforms.slack.admin_messages import SlackAdminMessages
from bot.platforms.slack.auth import identify, socket_address
from bot.platforms.slack.blocks import CORRECT
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.emoji import without_name
from bot.platforms.slack.events import BotIdentity, Event
from bot.platforms.slack.handlers import EventHandlers
from bot.platforms.slack.recovery import CatchUp, tell_interrupted
from bot.platforms.slack.retry import Timing
from bot.platforms.slack.socket_mode import LookBack, SocketConnection
from bot.settings import Settings

_log = structlog.get_logger("slack")
_EVERY = re.compile("")
_WORTH_A_WORD = timedelta(hours=1)  # who was cut off longer ago has asked elsewhere


class SlackPlatform:
    """Answers in threads, streams in direct messages, learns from reactions and buttons.

    A direct message is answered in a thread below it, as Slack's own assistants do: every thread is
    one conversation, and a new message at the top begins a new one.
    """

    name = "slack"

    def __init__(
        self,
        settings: Settings,
        chat: ChatService,
        commands: CommandTable,
        pace: Timing | None = None,
    ) -> None:
        self._settings = settings
        self._chat = chat
        self._commands = commands
        self._pace = pace or Timing()
        self._api: SlackClient | None = None
        self._socket: SocketConnection | None = None

    async def start(self) -> str:
        bot_token, app_token = self._settings.slack_bot_token, self._settings.slack_app_token
        if not (bot_token and app_token):
            raise SettingsError("SLACK_BOT_TOKEN and SLACK_APP_TOKEN must be set")
        for emoji in without_name(self._settings.reactions):
            _log.warning("emoji without a name on Slack", emoji=emoji, hint="write it as :name:")
        self._api = SlackClient(
            self._settings.slack_api_url, bot_token.get_secret_value(), self._pace
        )
        try:
            me = await identify(self._api)
            address = await socket_address(self._api, app_token.get_secret_value())
            interrupted = await self._chat.parts.messages.interrupted(
                datetime.now(UTC) - _WORTH_A_WORD
            )
            since = await self._chat.parts.messages.last_heard()
            handlers = EventHandlers(self._settings, me, self._api, self._chat, self._commands)
            self._use_admin_messages(SlackAdminMessages(self._api, self._settings.language))
            look_back = self._looking_back(self._api, me, handlers)
            self._socket = SocketConnection(
                self._app(self._api, me, handlers),
                self._api,
                app_token.get_secret_value(),
                look_back,
            )
            await self._socket.connect(address)
            self._chat.start(self._chat.catch_up())
            for place in interrupted:
                people = handlers.people
                self._chat.start(tell_interrupted(self._api, me, self._chat, people, *place))
            if since:  # else it is the bot's first day
                look_back(since, True)
        except BaseException:
            await self.stop()
            raise
        return f"Slack team {me.team_name} as @{me.name}"

    async def stop(self) -> None:
        await self._chat.close()
        if self._socket:
            await self._socket.close()
        if self._api:
            await self._api.close()

    def _use_admin_messages(self, admin_messages: SlackAdminMessages) -> None:
        self._chat.parts.corrections.use(admin_messages, self._chat.start)
        self._chat.parts.reviews.show_on(admin_messages, self._chat.start)
        self._chat.parts.training.show_on(admin_messages, self._chat.start)

    def _looking_back(self, api: SlackClient, me: BotIdentity, handlers: EventHandlers) -> LookBack:
        catch_up = CatchUp(api, me, self._chat, handlers)

        def look_back(since: datetime, thorough: bool) -> None:
            self._chat.start(catch_up.look_back(since, thorough=thorough))
            self._chat.start(self._chat.catch_up())

        return look_back

    def _app(self, api: SlackClient, me: BotIdentity, handlers: EventHandlers) -> AsyncApp:
        """Every payload finds a listener, because Slack sends again what is not acknowledged."""
        app = AsyncApp(
            client=api.patient,
            logger=_sdk_log(),
            authorize=_authorized(me, api),
            request_verification_enabled=False,  # Socket Mode has no signatures
            attaching_conversation_kwargs_enabled=False,
        )

        async def on_event(body: Event) -> None:
            self._chat.start(handlers.event(body))

        async def on_action(ack: AsyncAck, body: Event) -> None:
            await ack()
            self._chat.start(handlers.clicked(body))

        async def on_command(ack: AsyncAck, command: Event, respond: AsyncRespond) -> None:
            await self._answer_command(handlers, ack, command, respond)

        async def on_view(ack: AsyncAck, body: Event) -> None:
            await self._take_form(handlers, ack, body)

        async def on_other(ack: AsyncAck) -> None:
            await ack()

        app.event(_EVERY)(on_event)
        app.action(_EVERY)(on_action)
        app.command(_EVERY)(on_command)
        app.view(_EVERY)(on_view)
        for listen in (app.shortcut, app.options):
            listen(_EVERY)(on_other)
        return app

    async def _take_form(self, handlers: EventHandlers, ack: AsyncAck, body: Event) -> None:
        """What is wrong is shown in the form, which then stays open."""
        submitted = asyncio.create_task(handlers.correction_form.submitted(body))
        done, _ = await asyncio.wait([submitted], timeout=self._pace.ack_s)
        if done and not submitted.exception() and submitted.result():
            await ack(response_action="errors", errors={CORRECT: submitted.result()})
            return
        await ack()
        if not done or submitted.exception():
            self._chat.start(handlers.correction_form.tell_late(body, submitted))

    async def _answer_command(
        self, handlers: EventHandlers, ack: AsyncAck, command: Event, respond: AsyncRespond
    ) -> None:
        """The result goes with the acknowledgement, or after it when it takes too long."""
        result = asyncio.create_task(handlers.command(command))
        done, _ = await asyncio.wait([result], timeout=self._pace.ack_s)

        async def late() -> None:
            await respond(text=await result, response_type="ephemeral")

        if done and not result.exception():
            await ack(text=result.result(), response_type="ephemeral")
        else:
            await ack()
            self._chat.start(late())


def _authorized(me: BotIdentity, api: SlackClient) -> Any:
    """Known from ``start``: bolt would otherwise ask again, with every one of the first events."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team,
            bot_user_id=me.user,
            bot_id=me.bot,
            bot_token=api.patient.token,
        )

    return authorize


def _sdk_log() -> logging.Logger:
    """The model for the SDKs' own loggers, which copy its level and its filter.

    What matters below an error we tell ourselves; without a level, every frame is formatted.
    """
    log = logging.getLogger("reactune.slack")
    log.setLevel(logging.ERROR)
    log.filters = [OneLineErrors(SlackClientError, aiohttp.ClientError, OSError)]
    return log


def create(settings: Settings, chat: ChatService, commands: CommandTable) -> SlackPlatform:
    """For the registry of platforms."""
    return SlackPlatform(settings, chat, commands)
