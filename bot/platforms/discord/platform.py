"""Discord: people mention the bot in a channel, follow up in threads, or write to it directly."""

from bot.operations.commands import CommandTable
from bot.platforms.chat.service import ChatService
from bot.platforms.discord.admin_messages import DiscordAdminMessages
from bot.platforms.discord.client import Client
from bot.platforms.discord.connection import Connection, use_addresses
from bot.platforms.discord.timing import Timing
from bot.settings import Settings

_SHOW_ENDS_S = 10.0  # many answers that end at once share one channel's limit


class DiscordPlatform:
    """Implements Platform. ``timing`` is for tests, which are less patient."""

    name = "Discord"

    def __init__(
        self,
        settings: Settings,
        chat: ChatService,
        commands: CommandTable,
        *,
        timing: Timing | None = None,
    ) -> None:
        self._settings = settings
        self._chat = chat
        timing = timing or Timing()
        self._admin_messages = DiscordAdminMessages(
            lambda: self._connection.client, settings.language
        )
        self._connection = Connection(
            settings, lambda: Client(settings, chat, commands, timing, self._admin_messages), timing
        )

    async def start(self) -> str:
        use_addresses(self._settings)
        self._chat.parts.corrections.use(self._admin_messages, self._chat.start)
        self._chat.parts.reviews.show_on(self._admin_messages, self._chat.start)
        self._chat.parts.training.show_on(self._admin_messages, self._chat.start)
        client = await self._connection.open()
        servers = len(client.guilds)
        return f"Discord as @{client.user} in {servers} server{'' if servers == 1 else 's'}"

    async def stop(self) -> None:
        """Answers have ended: show their ends, then leave."""
        await self._connection.settle()
        await self._chat.close(_SHOW_ENDS_S)
        await self._connection.close()


def create(settings: Settings, chat: ChatService, commands: CommandTable) -> DiscordPlatform:
    """For the registry of platforms."""
    return DiscordPlatform(settings, chat, commands)
