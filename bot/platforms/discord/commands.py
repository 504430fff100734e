"""Slash commands: a row of the table of commands becomes one of Discord's."""

from typing import Any

import discord
import structlog
from discord import app_commands

from bot.operations.commands import Caller, Command, CommandTable
from bot.platforms.chat.split_text import split
from bot.platforms.discord.answer_view import LIMIT
from bot.platforms.discord.events import language_of, role_ids
from bot.texts import Language, say

_log = structlog.get_logger("discord")


class SlashCommands(app_commands.CommandTree[discord.Client]):
    """What Discord shows when somebody types "/"; who may use it is checked when it is run."""

    def __init__(self, client: discord.Client, commands: CommandTable, language: Language) -> None:
        super().__init__(client)
        self._commands = commands
        self._language = language
        for command in commands.table.values():
            self.add_command(self._slash(command))

    def _slash(self, command: Command) -> app_commands.Command[Any, ..., Any]:
        async def run(interaction: discord.Interaction) -> None:
            await self._run(command, interaction, "")

        @app_commands.rename(domain=_localized("command_domain_name"))
        @app_commands.describe(domain=_localized("command_domain"))
        async def run_in(interaction: discord.Interaction, domain: str = "") -> None:
            await self._run(command, interaction, domain)

        return app_commands.Command(
            name=app_commands.locale_str(
                command.name, ko=say(f"command_{command.name}_name", "ko")
            ),
            description=app_commands.locale_str(
                command.description("en"), ko=command.description("ko")
            ),
            callback=run_in if command.takes_domain else run,
        )

    async def _run(self, command: Command, interaction: discord.Interaction, argument: str) -> None:
        await interaction.response.defer(ephemeral=True)  # Discord waits 3 seconds
        language, user = language_of(interaction.locale, self._language), interaction.user
        caller = Caller("discord", str(user.id), language, role_ids(user), argument)
        for piece in split(await self._commands.run(command.name, caller), LIMIT):
            await interaction.followup.send(piece, ephemeral=True)

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """A person sees a sentence: of a command that is no more, or of a failure in the log."""
        language = language_of(interaction.locale, self._language)
        if isinstance(error, app_commands.CommandNotFound):
            names = ", ".join(self._commands.table)
            await _tell(interaction, say("unknown_command", language, names=names))
            return
        reference = f"I{interaction.id}"
        _log.error("command failed", reference=reference, exc_info=error)
        await _tell(interaction, say("command_failed", language, reference=reference))


def _localized(key: str) -> app_commands.locale_str:
    return app_commands.locale_str(say(key, "en"), ko=say(key, "ko"))


async def _tell(interaction: discord.Interaction, text: str) -> None:
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as error:
        _log.warning("command not answered", error=str(error))


class Translations(app_commands.Translator):
    """Gives Discord the Korean texts that came with the English ones."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return string.extras.get("ko") if locale is discord.Locale.korean else None
