"""Discord's events, each handed to what deals with it; nothing is decided here."""

import asyncio
from datetime import datetime, timedelta

import discord
import structlog
from discord.utils import utcnow

from bot.operations.commands import CommandTable
from bot.platforms.chat.service import ChatService
from bot.platforms.discord import events
from bot.platforms.discord.actions import Actions
from bot.platforms.discord.admin_messages import DiscordAdminMessages
from bot.platforms.discord.commands import SlashCommands, Translations
from bot.platforms.discord.questions import Questions
from bot.platforms.discord.reaction_sync import reactions_stand, stands_elsewhere
from bot.platforms.discord.recovery import missed
from bot.platforms.discord.timing import Timing
from bot.platforms.discord.views import BUTTONS
from bot.settings import Settings

_log = structlog.get_logger("discord")
_WORTH_A_WORD = timedelta(days=1)
_AT_ONCE = 4  # missed questions that are answered beside each other; live ones go first


def needed_intents() -> discord.Intents:
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = intents.dm_messages = True
    intents.guild_reactions = intents.dm_reactions = True
    intents.message_content = True
    return intents


class Client(discord.Client):
    """One sign-in at Discord. It keeps no messages and members in memory: storage knows them."""

    def __init__(
        self,
        settings: Settings,
        chat: ChatService,
        commands: CommandTable,
        timing: Timing,
        admin_messages: DiscordAdminMessages,
    ) -> None:
        super().__init__(
            intents=needed_intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            heartbeat_timeout=timing.heartbeat,
            guild_ready_timeout=timing.guilds,
        )
        self.connected = asyncio.Event()  # at least once
        self.heard_at = asyncio.get_running_loop().time()
        self._settings = settings
        self._timing = timing
        self._chat = chat
        self._commands = SlashCommands(self, commands, settings.language)
        self._questions = Questions(settings, chat, self)
        self.actions = Actions(settings, chat, self._questions, admin_messages)
        self._sure_until: datetime | None = None  # everything before it has reached us
        self._behind = False  # in a new session that has not looked back yet
        self._interrupted: list[tuple[str, str]] = []
        self._catching_up = asyncio.Semaphore(_AT_ONCE)
        self._guilds_listed = asyncio.Event()
        self._guilds_listed.set()

    @property
    def me(self) -> int:
        return self.user.id if self.user else 0

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*BUTTONS)
        self._sure_until = await self._chat.parts.messages.last_heard()
        self._interrupted = await self._chat.parts.messages.interrupted(utcnow() - _WORTH_A_WORD)
        await self._commands.set_translator(Translations())
        try:
            await self._commands.sync()
        except discord.HTTPException as error:  # those of the last start go on working
            _log.error("slash commands not updated", error=str(error))

    # the connection

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await asyncio.sleep(self._timing.identify)

    async def on_socket_event_type(self, event_type: str) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        if event_type == "READY":
            self._behind = True
            self._guilds_listed.clear()
        if not self._behind:
            self._sure_until = utcnow()

    async def on_connect(self) -> None:
        self.connected.set()

    async def on_ready(self) -> None:
        """A new session, whose servers are known: what was said before it is no event of it."""
        self._guilds_listed.set()
        for channel, message in self._interrupted:
            self._chat.start(self._questions.interrupted(int(channel), int(message)))
        self._interrupted = []
        self._chat.start(self._catch_up())
        self._chat.start(self._chat.catch_up())

    async def _catch_up(self) -> None:
        found = await self.look_back()
        if found:
            _log.info("caught up", questions=found)
        scored = self._settings.reactions
        await reactions_stand(self, self._chat, scored, self._timing.between)

    async def look_back(self) -> int:
        """Answer what no event told us of; how many questions that were."""
        began = utcnow()
        found = 0
        if self._sure_until:  # else it is the bot's first day
            places: dict[int, list[discord.Message]] = {}
            async for message in missed(self, self._chat, self._sure_until):
                places.setdefault(message.channel.id, []).append(message)
                found += await self._questions.is_for_bot(message)
            for messages in places.values():
                self._chat.start(self._make_up_for(messages))
        self._sure_until, self._behind = began, False
        return found

    async def _make_up_for(self, messages: list[discord.Message]) -> None:
        """In their order: whether one is a follow-up depends on those before it."""
        for message in messages:
            async with self._catching_up:
                await self._questions.heard(message)

    async def guilds_listed(self) -> None:
        """discord.py waits for the list of servers in a task that close() would leave behind."""
        await self._guilds_listed.wait()

    # what people write

    async def on_message(self, message: discord.Message) -> None:
        self._chat.start(self._questions.heard(message))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self._chat.start(self._questions.edited(payload.message))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self._chat.start(self._questions.deleted(payload.channel_id, payload.message_id))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        for message in payload.message_ids:
            self._chat.start(self._questions.deleted(payload.channel_id, message))

    # what people think of it

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """``member`` is known in servers only; in a direct message the only bot is ourselves."""
        bot = payload.member is not None and payload.member.bot
        if not bot and payload.user_id != self.me:
            self._chat.start(self._reacted(payload, added=True))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Who it was is not said; a bot has no label that could be taken off."""
        self._chat.start(self._reacted(payload, added=False))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Forms are read here: discord.py forgets with a restart which it has shown."""
        if interaction.type is discord.InteractionType.modal_submit:
            self.actions.form(interaction)

    async def _reacted(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        await self._questions.posted(payload.channel_id, payload.message_id)
        channel, message, user = map(str, (payload.channel_id, payload.message_id, payload.user_id))
        roles = events.role_ids(payload.member) if payload.member else frozenset()
        wants_stop = added and events.wants_stop(payload.emoji)
        if wants_stop and await self._chat.on_cross(channel, message, user, roles):
            return
        scored = self._settings.reactions
        emoji = events.emoji_name(payload.emoji, scored)
        gone = not added and emoji in scored
        if gone and await stands_elsewhere(self, self._chat, payload, emoji, scored):
            return
        await self._chat.parts.votes.reaction(
            channel, message, user, emoji, added=added, at=None, roles=roles
        )

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        place = str(payload.channel_id), str(payload.message_id)
        self._chat.start(self._chat.parts.votes.cleared(*place, None))

    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        place = str(payload.channel_id), str(payload.message_id)
        emoji = events.emoji_name(payload.emoji, self._settings.reactions)
        self._chat.start(self._chat.parts.votes.cleared(*place, emoji))
