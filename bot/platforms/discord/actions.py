"""What happens when somebody presses a button or sends a form."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog
from discord import ui

from bot.errors import RefusedError
from bot.messages import Incoming
from bot.platforms.base import Choice, OnPiece, PlatformError, VersionAction
from bot.platforms.chat.choices import ShownReply
from bot.platforms.chat.correction_texts import shown_by, thanks
from bot.platforms.chat.service import ChatService
from bot.platforms.chat.split_text import split
from bot.platforms.discord.admin_messages import DiscordAdminMessages
from bot.platforms.discord.answer_view import LIMIT, DiscordAnswerView
from bot.platforms.discord.events import NOTE, language_of, parent_of, role_ids
from bot.platforms.discord.questions import Questions
from bot.platforms.discord.timing import retry
from bot.platforms.discord.views import (
    BAD,
    choice_view,
    correct_form,
    correct_view,
    doubt_view,
    filled,
)
from bot.settings import Settings
from bot.texts import Language, say
from storage.errors import StorageError
from storage.judgement import Ruling

Interaction = discord.Interaction[Any]
ButtonResult = tuple[str, ui.View | None]
_log = structlog.get_logger("discord")


class Actions:
    """Stops, votes, corrections and decisions; the person alone sees what came of it."""

    def __init__(
        self,
        settings: Settings,
        chat: ChatService,
        questions: Questions,
        admin_messages: DiscordAdminMessages,
    ) -> None:
        self._settings = settings
        self._chat = chat
        self._questions = questions
        self._admin_messages = admin_messages

    def stop(self, interaction: Interaction) -> None:
        self._chat.start(self._pressed(interaction, lambda: self._stop(interaction)))

    def vote(self, interaction: Interaction, emoji: str) -> None:
        self._chat.start(self._pressed(interaction, lambda: self._vote(interaction, emoji)))

    def open_form(self, interaction: Interaction, message: int) -> None:
        form = correct_form(message, self._language(interaction))
        self._chat.start(_tried(lambda: interaction.response.send_modal(form)))

    def form(self, interaction: Interaction) -> None:
        found = filled(interaction.data or {})
        if found is None:
            return
        message, typed = found
        if typed:
            deed = partial(self._correct, interaction, message, typed)
            self._chat.start(self._pressed(interaction, deed, typed))
        else:
            self._chat.start(_tried(interaction.response.defer))

    def decide(self, interaction: Interaction, correction: int, ruling: Ruling) -> None:
        deed = partial(self._decide, interaction, correction, ruling)
        self._chat.start(self._pressed(interaction, deed))

    def choose(self, interaction: Interaction, choice: VersionAction) -> None:
        deed = partial(self._choose, interaction, choice)
        self._chat.start(self._pressed(interaction, deed))

    def pick(self, interaction: Interaction, message: int, choice: Choice) -> None:
        """About the question that was meant: the answer appears in ``message`` itself."""
        self._chat.start(self._picked(interaction, message, choice))

    async def _picked(self, interaction: Interaction, message: int, choice: Choice) -> None:
        """Only who may not, or comes too late, is told anything more."""
        await _tried(interaction.response.defer)
        channel, language = int(interaction.channel_id or 0), self._language(interaction)
        views: list[DiscordAnswerView] = []

        def view(place: ShownReply, on_piece: OnPiece) -> DiscordAnswerView:
            views.append(
                self._questions.replacing(channel, place, on_piece, language, interaction.id)
            )
            return views[0]

        user = interaction.user
        try:
            await self._questions.posted(channel, message)
            await self._chat.parts.choices.choose(
                str(channel), str(message), str(user.id), choice, view, language, role_ids(user)
            )
        except RefusedError as refusal:
            await _tell(interaction, str(refusal), None)
        except StorageError as error:
            await _tell(interaction, self._failed(interaction, error), None)
        except discord.Forbidden as error:
            _log.error("cannot answer here", channel=channel, error=error.text)
        finally:
            for made in views:
                self._questions.shown(made)

    def _failed(self, interaction: Interaction, error: StorageError) -> str:
        reference = f"I{interaction.id}"
        _log.error("button failed", reference=reference, error=str(error))
        return say("command_failed", self._language(interaction), reference=reference)

    async def _pressed(
        self, interaction: Interaction, deed: Callable[[], Awaitable[ButtonResult]], typed: str = ""
    ) -> None:
        """Discord wants a sign within 3 seconds; where that is lost, the press counts anyway.

        What was ``typed`` in vain is given back, since the form is closed.
        """
        await _tried(lambda: interaction.response.defer(ephemeral=True, thinking=True))
        channel, message = _place(interaction)
        view: ui.View | None = None
        try:
            await self._questions.posted(int(channel), int(message))
            text, view = await deed()
        except RefusedError as refusal:
            text = f"{refusal}\n\n{typed}".strip()
        except StorageError as error:
            text = f"{self._failed(interaction, error)}\n\n{typed}".strip()
        for piece in split(text, LIMIT):
            await _tell(interaction, piece, view)

    async def _stop(self, interaction: Interaction) -> ButtonResult:
        user = interaction.user
        stopped = await self._chat.stop(*_place(interaction), str(user.id), role_ids(user))
        return say("stopped" if stopped else "stop_not_yours", self._language(interaction)), None

    async def _vote(self, interaction: Interaction, emoji: str) -> ButtonResult:
        """A 👎 that counts offers the form; and to say that another question was meant."""
        channel, message = _place(interaction)
        language = self._language(interaction)
        user = interaction.user
        key = await self._chat.parts.votes.vote(
            channel, message, str(user.id), emoji, roles=role_ids(user)
        )
        offers = key == "vote_counted" and emoji == BAD
        if not offers:
            return say(key, language), None
        other = await self._chat.parts.choices.other_question(
            channel, message, str(user.id), role_ids(user)
        )
        if other is None:
            return say(key, language), correct_view(int(message), language)
        line = f"{say(key, language)}\n{say('what_is_wrong', language)}"
        return line, doubt_view(int(message), other.pair_id, language)

    async def _correct(self, interaction: Interaction, message: int, typed: str) -> ButtonResult:
        """Keep what the form brought, and show it below the answer."""
        channel, user = str(interaction.channel_id), interaction.user
        language = self._language(interaction)
        incoming = Incoming(
            "discord",
            channel,
            channel,
            str(user.id),
            typed,
            "",
            roles=role_ids(user),
            parent=parent_of(interaction.channel),
            about=str(message),
        )
        corrections = self._chat.parts.corrections
        question, correction = await corrections.form(incoming, typed, language)
        if await self._chat.parts.messages.first([f"form:{interaction.id}"]):
            who = discord.utils.escape_markdown(user.display_name)
            text = shown_by(correction, who, self._settings.language)
            try:
                posted = await self._admin_messages.below(
                    channel, message, text, f"c{interaction.id}"
                )
                await corrections.shows(channel, posted, question, correction)
            except PlatformError as error:  # it counts all the same
                _log.error("correction not shown", channel=channel, error=str(error))
        return thanks(correction, language), None

    async def _decide(
        self, interaction: Interaction, correction: int, ruling: Ruling
    ) -> ButtonResult:
        user = interaction.user
        who = discord.utils.escape_markdown(user.display_name)
        line = await self._chat.parts.reviews.decide(
            correction, ruling, str(user.id), role_ids(user), self._language(interaction), who
        )
        await _note(interaction.message, line)
        return line, None

    async def _choose(self, interaction: Interaction, choice: VersionAction) -> ButtonResult:
        user, language = interaction.user, self._language(interaction)
        who = discord.utils.escape_markdown(user.display_name)
        line, left = await self._chat.parts.training.choose(
            choice, str(user.id), role_ids(user), language, who
        )
        await _note(interaction.message, line, choice_view(left, self._settings.language))
        return line, None

    def _language(self, interaction: Interaction) -> Language:
        return language_of(interaction.locale, self._settings.language)


async def _note(message: discord.Message | None, line: str, view: ui.View | None = None) -> None:
    """The message with the buttons says who decided, and has others from now on, or none."""
    if message:
        below = f"\n{NOTE}{line}"
        shown = message.content[: LIMIT - len(below)] + below
        await _tried(lambda: retry(lambda: message.edit(content=shown, view=view)))


async def _tell(interaction: Interaction, text: str, view: ui.View | None) -> None:
    more: dict[str, Any] = {"view": view} if view else {}
    await _tried(lambda: interaction.followup.send(text, ephemeral=True, **more))


async def _tried(request: Callable[[], Awaitable[object]]) -> None:
    try:
        await request()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("button not confirmed", error=str(error))


def _place(interaction: Interaction) -> tuple[str, str]:
    """The channel and the message whose button was pressed."""
    message = interaction.message
    return str(interaction.channel_id), str(message.id if message else 0)
