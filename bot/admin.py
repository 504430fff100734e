"""Commands that people type: one table for every platform, permission checked here in code."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.access import Access
from bot.monitoring import Monitor
from bot.stats_table import in_chat
from bot.texts import Language, say
from bot.training import Training
from engine.serving.base import EngineStats


@dataclass(frozen=True, slots=True)
class Caller:
    """Who typed a command, and in which language they read."""

    platform: str
    user: str
    language: Language
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def person(self) -> str:
        """As stored with what they say and think."""
        return f"{self.platform}:{self.user}"


@dataclass(frozen=True, slots=True)
class Command:
    """``run`` returns what is shown to the caller alone."""

    name: str
    admins_only: bool
    run: Callable[[Caller], Awaitable[str]]

    def description(self, language: Language) -> str:
        return say(f"command_{self.name}", language)


class Commands:
    """The table; a new command is one more row."""

    def __init__(self, access: Access, commands: Sequence[Command]) -> None:
        self._access = access
        self.table: Mapping[str, Command] = {command.name: command for command in commands}

    async def run(self, name: str, caller: Caller) -> str:
        """The answer for the caller's eyes: a polite refusal where they may not."""
        command = self.table.get(name)
        if command is None:
            return say("unknown_command", caller.language, names=", ".join(self.table))
        if command.admins_only and not self._access.is_admin(
            caller.platform, caller.user, caller.roles
        ):
            return say("admins_only", caller.language)
        return await command.run(caller)


def stats_command(
    monitor: Monitor,
    domains: Collection[str],
    queue: Callable[[], EngineStats],
    training: Training | None = None,
) -> Command:
    """/stats: how the bot is doing in each of ``domains``; ``queue``: what the engine does now."""

    async def run(caller: Caller) -> str:
        statistics = await monitor.look(domains)
        return in_chat(
            statistics, caller.language, queue(), training.progress if training else None
        )

    return Command("stats", admins_only=True, run=run)
