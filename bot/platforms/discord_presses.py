"""What happens when somebody presses a button under an answer."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import structlog

from bot.platforms.discord_events import language_of, role_ids
from bot.platforms.discord_questions import Questions
from bot.platforms.talk import Talk
from bot.settings import Settings
from bot.texts import Language, say
from storage.errors import StorageError

Interaction = discord.Interaction[Any]
_log = structlog.get_logger("discord")


class Presses:
    """Stops answers and counts votes; the person alone sees what came of it."""

    def __init__(self, settings: Settings, talk: Talk, questions: Questions) -> None:
        self._settings = settings
        self._talk = talk
        self._questions = questions

    def stop(self, interaction: Interaction) -> None:
        self._talk.begin(self._pressed(interaction, lambda: self._stop(interaction)))

    def vote(self, interaction: Interaction, emoji: str) -> None:
        self._talk.begin(self._pressed(interaction, lambda: self._vote(interaction, emoji)))

    async def _pressed(self, interaction: Interaction, deed: Callable[[], Awaitable[str]]) -> None:
        """Discord wants a sign within 3 seconds; where that is lost, the press counts anyway."""
        await _tried(lambda: interaction.response.defer(ephemeral=True, thinking=True))
        channel, message = _place(interaction)
        try:
            await self._questions.settled(int(channel), int(message))
            text = await deed()
        except StorageError as error:
            reference = f"I{interaction.id}"
            _log.error("button failed", reference=reference, error=str(error))
            text = say("command_failed", self._language(interaction), reference=reference)
        await _tried(lambda: interaction.followup.send(text, ephemeral=True))

    async def _stop(self, interaction: Interaction) -> str:
        user = interaction.user
        stopped = await self._talk.stop(*_place(interaction), str(user.id), role_ids(user))
        return say("stopped" if stopped else "stop_not_yours", self._language(interaction))

    async def _vote(self, interaction: Interaction, emoji: str) -> str:
        user = str(interaction.user.id)
        told = await self._talk.verdicts.vote(*_place(interaction), user, emoji)
        return say(told, self._language(interaction))

    def _language(self, interaction: Interaction) -> Language:
        return language_of(interaction.locale, self._settings.language)


async def _tried(request: Callable[[], Awaitable[object]]) -> None:
    try:
        await request()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("button not confirmed", error=str(error))


def _place(interaction: Interaction) -> tuple[str, str]:
    """The channel and the message whose button was pressed."""
    message = interaction.message
    return str(interaction.channel_id), str(message.id if message else 0)
