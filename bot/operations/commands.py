"""Commands that people type: one table for every platform, permission checked here in code."""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.access import Access
from bot.errors import RefusedError
from bot.learning.service import TrainingService
from bot.operations.statistics import StatisticsReader
from bot.operations.statistics_text import in_chat
from bot.texts import Language, say
from engine.serving.base import EngineStats
from storage.personal_data import PersonalData

_CONFIRM_S = 120.0
_SHOWN_CHARS = 1500  # a message on Discord holds 2,000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who typed a command, in which language they read, and what they typed behind its name."""

    platform: str
    user: str
    language: Language
    roles: frozenset[str] = field(default_factory=frozenset)
    argument: str = ""

    @property
    def person(self) -> str:
        """As stored with what they say and think."""
        return f"{self.platform}:{self.user}"


@dataclass(frozen=True, slots=True)
class Command:
    """``run`` returns what is shown to the caller alone, or raises RefusedError in their words.

    ``takes_domain``: the caller may name one.
    """

    name: str
    admins_only: bool
    run: Callable[[Caller], Awaitable[str]]
    takes_domain: bool = False

    def description(self, language: Language) -> str:
        return say(f"command_{self.name}", language)


class CommandTable:
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
        try:
            return await command.run(caller)
        except RefusedError as refusal:
            return str(refusal)


def train_command(training: TrainingService, domains: Collection[str], default: str) -> Command:
    """/train [domain]: start a round now."""

    async def run(caller: Caller) -> str:
        domain = _domain(caller, domains, default)
        number = await training.begin(domain)
        return say("train_begun", caller.language, round=number, domain=domain)

    return Command("train", admins_only=True, run=run, takes_domain=True)


def rollback_command(training: TrainingService, domains: Collection[str], default: str) -> Command:
    """/rollback [domain]: back to what was live before."""

    async def run(caller: Caller) -> str:
        domain = _domain(caller, domains, default)
        version = await training.rollback(domain, caller.person)
        shown = version or say("base_model", caller.language)
        return say("rollback_done", caller.language, domain=domain, version=shown)

    return Command("rollback", admins_only=True, run=run, takes_domain=True)


def _domain(caller: Caller, domains: Collection[str], default: str) -> str:
    """The domain that the caller named. Raises RefusedError where there is none of that name."""
    domain = caller.argument.strip() or default
    if domain not in domains:
        raise RefusedError(say("unknown_domain", caller.language, names=", ".join(domains)))
    return domain


def stats_command(
    statistics_reader: StatisticsReader,
    domains: Collection[str],
    queue: Callable[[], EngineStats],
    training: TrainingService,
) -> Command:
    """/stats: how the bot is doing in each of ``domains``; ``queue``: what the engine does now."""

    async def run(caller: Caller) -> str:
        statistics = await statistics_reader.read(domains)
        return in_chat(statistics, caller.language, queue(), training.progress)

    return Command("stats", admins_only=True, run=run)


def my_data_command(people: PersonalData) -> Command:
    """/my-data: how much is stored about the caller, and the latest of it."""

    async def run(caller: Caller) -> str:
        things = [thing async for thing in people.data(caller.person)]
        if not things:
            return say("mydata_empty", caller.language)
        counts = Counter(str(thing["kind"]) for thing in things)
        things.sort(key=lambda thing: str(thing["created_at"]), reverse=True)
        lines: list[str] = []
        for thing in things:
            line = json.dumps(thing, ensure_ascii=False)
            if sum(map(len, lines)) + len(line) > _SHOWN_CHARS:
                break
            lines.append(line)
        return say(
            "mydata",
            caller.language,
            person=caller.person,
            lines="\n".join(lines),
            shown=len(lines),
            total=len(things),
            question=counts["question"],
            label=counts["label"],
            correction=counts["correction"],
            pair=counts["pair"],
        )

    return Command("my-data", admins_only=False, run=run)


def forget_command(people: PersonalData, clock: Callable[[], float] = time.monotonic) -> Command:
    """/forget-me: typed twice within two minutes, everything of the caller is removed."""
    asked: dict[str, float] = {}

    async def run(caller: Caller) -> str:
        now = clock()
        if now - asked.pop(caller.person, -_CONFIRM_S) < _CONFIRM_S:
            return say("forgotten", caller.language, **await people.forget(caller.person))
        asked[caller.person] = now
        for person in [p for p, at in asked.items() if now - at >= _CONFIRM_S]:
            del asked[person]
        return say("forget_confirm", caller.language)

    return Command("forget-me", admins_only=False, run=run)
