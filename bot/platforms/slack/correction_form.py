"""Corrections on Slack: the form behind a thumb down."""

import asyncio
import json

import structlog

from bot.errors import RefusedError
from bot.messages import Incoming
from bot.platforms.chat.correction_texts import shown_by
from bot.platforms.chat.service import ChatService
from bot.platforms.slack.blocks import HERE, Block, correct_button, correct_form, typed, words
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.events import Click, Event
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback
from bot.platforms.slack.users import Users
from bot.texts import Language, say
from storage.errors import StorageError

_log = structlog.get_logger("slack")


class CorrectionForm:
    """Opens the form, takes what was typed, and shows it below the answer."""

    def __init__(self, api: SlackClient, chat: ChatService, people: Users) -> None:
        self._api = api
        self._chat = chat
        self._people = people

    def offer(self, click: Click, language: Language) -> Block:
        """The button that opens the form about the answer that was clicked in."""
        return correct_button(place_of(click), language)

    async def open(self, click: Click, language: Language) -> None:
        """Slack takes a form within three seconds of the click."""
        place = place_of(click) if click.value == HERE else click.value
        view = correct_form(place, language)
        await self._api.try_once(
            lambda client: client.views_open(trigger_id=click.trigger, view=view)
        )

    async def submitted(self, body: Event) -> str:
        """A form was sent: what is wrong with it, or nothing. Slack may send it twice."""
        view, user = body["view"], body["user"]["id"]
        typed_text = typed(view)
        if not typed_text:
            return ""
        channel, message, thread = json.loads(view["private_metadata"])
        language = await self._people.language(user)
        incoming = Incoming(
            "slack", channel, thread or message, user, typed_text, "", about=message
        )
        try:
            question, correction = await self._chat.parts.corrections.form(
                incoming, typed_text, language
            )
        except RefusedError as refusal:
            return str(refusal)
        except StorageError as error:
            reference = f"I{view['id']}"
            _log.error("form not stored", reference=reference, error=str(error))
            return say("command_failed", language, reference=reference)

        async def show() -> None:
            if not await self._chat.parts.messages.first([f"form:{view['id']}"]):
                return
            name = (await self._people.names([user])).get(user, user)
            text = shown_by(correction, name, language)
            posted = await self._api.post(
                channel, thread, fallback(text), words(text), after=message, kind="words"
            )
            await self._chat.parts.corrections.shows(channel, posted, question, correction)

        self._chat.start(show())
        return ""

    async def tell_late(self, body: Event, submitted: asyncio.Task[str]) -> None:
        """The form is closed: what was wrong is said in private, with what was typed."""
        if wrong := await submitted:
            channel, _, thread = json.loads(body["view"]["private_metadata"])
            text = f"{wrong}\n\n{typed(body['view'])}"
            user = body["user"]["id"]
            await self.post_ephemeral(channel, user, thread, text)

    async def post_ephemeral(
        self, channel: str, user: str, thread: str | None, text: str, *more: Block
    ) -> None:
        """For one user's eyes only, and no harm if it does not arrive."""
        try:
            await self._api.try_once(
                lambda client: client.chat_postEphemeral(
                    channel=channel,
                    user=user,
                    thread_ts=thread,
                    text=fallback(text),
                    blocks=[*words(text), *more],
                )
            )
        except (SlackError, UnknownResultError) as error:
            _log.info("not typed_text", error=str(error))


def place_of(click: Click) -> str:
    """The message that was clicked in, as buttons and forms carry it."""
    return json.dumps([click.channel, click.ts, click.thread])
