"""Training on a chat platform: told in the admin channels, where admins then decide."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from bot.access import Access
from bot.errors import RefusedError
from bot.learning.news import News
from bot.learning.outcome import Progress, RolledBack, RoundOutcome
from bot.learning.service import TrainingService
from bot.platforms.base import AdminMessages, PlatformError, StartTask, VersionAction
from bot.texts import Language, say

_log = structlog.get_logger("training")
_LINE_EVERY_S = 10.0
_AGAIN_S = (60.0, 300.0, 1800.0)


class AdminChannel:
    """``channel`` is the platform's id, ``name`` as in the settings. Nothing here raises.

    The live line is one message, edited at most once in ``every_s`` seconds. A report that could
    not be posted is tried again after each of ``again_s``: somebody may have to decide.
    """

    def __init__(
        self,
        admin_messages: AdminMessages,
        channel: str,
        name: str,
        every_s: float,
        again_s: Sequence[float],
    ) -> None:
        self._admin_messages = admin_messages
        self._channel = channel
        self._name = name
        self._every_s = every_s
        self._again_s = again_s
        self._round: int | None = None  # whose line was begun last
        self._line: str | None = None  # the message, where it could be posted
        self._next_at = 0.0  # on the clock of the event loop
        self._busy = asyncio.Lock()

    async def show(self, progress: Progress, words: Callable[[Progress], str]) -> None:
        """How far a round is; left out when it comes too soon after the last."""
        now = asyncio.get_running_loop().time()
        begins = progress.round != self._round
        if self._busy.locked() or (now < self._next_at and not begins):
            return
        async with self._busy:
            self._next_at = now + self._every_s
            with self._told_if_lost():
                if begins:
                    self._round, self._line = progress.round, None
                    self._line = await self._admin_messages.post(self._channel, words(progress))
                elif self._line:
                    await self._admin_messages.rewrite(self._channel, self._line, words(progress))

    async def report(
        self, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        """How a round has ended, in place of the live line."""
        for wait in (0.0, *self._again_s):
            await asyncio.sleep(wait)
            lost = True
            async with self._busy:
                with self._told_if_lost():
                    await self._admin_messages.report(self._channel, text, picture, choices)
                    lost = False
                line, self._line = self._line, None
                with self._told_if_lost():
                    if line:
                        await self._admin_messages.remove(self._channel, line)
            if not lost:
                return

    async def notice(self, text: str) -> None:
        """Something that is no round."""
        with self._told_if_lost():
            await self._admin_messages.post(self._channel, text)

    @contextmanager
    def _told_if_lost(self) -> Iterator[None]:
        """Training goes on where nobody hears of it."""
        try:
            yield
        except PlatformError as error:
            _log.error("admin channel not reached", setting="ADMIN_CHANNEL", channel=self._name,
                       error=str(error))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """How rounds are shown: ``line`` while one runs, ``text`` and ``picture`` (PNG) afterwards.

    ``went_back``: what is said of a version that the watch has taken back.
    """

    line: Callable[[Progress, Language], str]
    text: Callable[[RoundOutcome, Language], str]
    picture: Callable[[RoundOutcome, Language], Awaitable[bytes | None]]
    went_back: Callable[[RolledBack, Language], str]


class TrainingAnnouncer:
    """One platform's admin channels, named ``platform:id`` in the settings."""

    def __init__(
        self,
        *,
        platform: str,
        training: TrainingService,
        access: Access,
        admin_channels: Iterable[str],
        language: Language,
        rendering: ReportTexts,
        line_every_s: float = _LINE_EVERY_S,
        again_s: Sequence[float] = _AGAIN_S,
    ) -> None:
        self._platform = platform
        self._training = training
        self._access = access
        self._names = [name for name in admin_channels if name.startswith(f"{platform}:")]
        self._language = language
        self._rendering = rendering
        self._line_every_s = line_every_s
        self._again_s = again_s
        self._channels: list[AdminChannel] = []
        self._deciding = asyncio.Lock()

    def show_on(self, admin_messages: AdminMessages, start: StartTask) -> None:
        """From now on every round is told in every admin channel: its end has been heard when
        the report is there. ``start`` runs beside what nobody waits for."""
        self._channels = [
            AdminChannel(
                admin_messages, name.partition(":")[2], name, self._line_every_s, self._again_s
            )
            for name in self._names
        ]

        def words(progress: Progress) -> str:
            return self._rendering.line(progress, self._language)

        async def heard(news: News) -> None:
            match news:
                case RoundOutcome():
                    await self._report(news)
                case RolledBack():
                    start(self.notice(self._rendering.went_back(news, self._language)))
                case Progress():
                    for channel in self._channels:
                        start(channel.show(news, words))

        if self._channels:
            self._training.news.subscribe(heard)

    async def notice(self, text: str) -> None:
        """Tell the admins something that is no round."""
        await asyncio.gather(*(channel.notice(text) for channel in self._channels))

    async def choose(
        self,
        choice: VersionAction,
        user: str,
        roles: Iterable[str],
        language: Language,
        name: str | None = None,
    ) -> tuple[str, tuple[VersionAction, ...]]:
        """Do what the button says, as an admin called ``name``: our words, and the buttons then.

        Raises RefusedError for others, and where the moment has passed.
        """
        if not self._access.is_admin(self._platform, user, roles):
            raise RefusedError(say("training_admins_only", language))
        by = f"{self._platform}:{user}"
        deed = self._approve if choice.kind == "approve" else self._roll_back
        async with self._deciding:  # of two presses, the second is late
            return await deed(choice, by, name or by, language)

    async def _approve(
        self, choice: VersionAction, by: str, name: str, language: Language
    ) -> tuple[str, tuple[VersionAction, ...]]:
        if not await self._training.approve(choice.version, by):
            raise RefusedError(say("training_not_waiting", language))
        line = say("training_approved", self._language, by=name, version=choice.version)
        return line, (VersionAction("rollback", choice.domain, choice.version),)

    async def _roll_back(
        self, choice: VersionAction, by: str, name: str, language: Language
    ) -> tuple[str, tuple[VersionAction, ...]]:
        """Only the version that the report is about: what came after it is not meant."""
        if await self._training.current_version(choice.domain) != choice.version:
            raise RefusedError(say("training_not_live", language))
        version = await self._training.rollback(choice.domain, by)
        shown = version or say("base_model", self._language)
        return say("training_rolled_back", self._language, by=name, version=shown), ()

    async def _report(self, outcome: RoundOutcome) -> None:
        text = self._rendering.text(outcome, self._language)
        picture = await self._picture(outcome)
        choices = offered(outcome)
        await asyncio.gather(
            *(channel.report(text, picture, choices) for channel in self._channels)
        )

    async def _picture(self, outcome: RoundOutcome) -> bytes | None:
        """None where it cannot be drawn: the text matters more."""
        try:
            return await self._rendering.picture(outcome, self._language)
        except Exception:
            _log.exception("report without picture", round=outcome.round)
            return None


def offered(outcome: RoundOutcome) -> tuple[VersionAction, ...]:
    """What an admin may do about a round's version: let it go live, or take it back."""
    if outcome.version is None or not (outcome.waits or outcome.went_live):
        return ()
    return (
        VersionAction("approve" if outcome.waits else "rollback", outcome.domain, outcome.version),
    )
