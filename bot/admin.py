"""Commands that people type: one table for every platform, permission checked here in code."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.access import Access
from bot.texts import Language, say
from storage.stats import DomainStats, Stats


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


def stats_command(stats: Stats) -> Command:
    """/stats: how the bot is doing, for each domain."""

    async def run(caller: Caller) -> str:
        found = await stats.by_domain()
        if not found:
            return say("stats_empty", caller.language)
        return "\n\n".join(_told(domain, caller.language) for domain in found)

    return Command("stats", admins_only=True, run=run)


def _told(stats: DomainStats, language: Language) -> str:
    approval = "–" if stats.approval is None else f"{stats.approval:.0%}"
    return say(
        "stats",
        language,
        domain=stats.domain,
        questions=stats.questions,
        answered=stats.answered,
        stopped=stats.stopped,
        failed=stats.failed,
        people=stats.people,
        up=stats.up,
        down=stats.down,
        approval=approval,
        p50=stats.p50_ms,
        p95=stats.p95_ms,
    )
