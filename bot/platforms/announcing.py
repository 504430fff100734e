"""Training on a chat platform: told in the admin channels, where admins then decide."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

from bot.access import Access
from bot.messages import RefusedError
from bot.outcome import Outcome, Progress, WentBack
from bot.platforms.admin_channel import AdminChannel
from bot.platforms.surface import Begin, Board, Choice
from bot.texts import Language, say
from bot.training import News, Training

_log = structlog.get_logger("training")
_LINE_EVERY_S = 10.0
_AGAIN_S = (60.0, 300.0, 1800.0)


@dataclass(frozen=True, slots=True)
class Rendering:
    """How rounds are shown: ``line`` while one runs, ``text`` and ``picture`` (PNG) afterwards.

    ``went_back``: what is said of a version that the watch has taken back.
    """

    line: Callable[[Progress, Language], str]
    text: Callable[[Outcome, Language], str]
    picture: Callable[[Outcome, Language], Awaitable[bytes | None]]
    went_back: Callable[[WentBack, Language], str]


class Announcing:
    """One platform's admin channels, named ``platform:id`` in the settings."""

    def __init__(
        self,
        *,
        platform: str,
        training: Training,
        access: Access,
        admin_channels: Iterable[str],
        language: Language,
        rendering: Rendering,
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

    def show_on(self, board: Board, begin: Begin) -> None:
        """From now on every round is told in every admin channel: its end has been heard when
        the report is there. ``begin`` runs beside what nobody waits for."""
        self._channels = [
            AdminChannel(board, name.partition(":")[2], name, self._line_every_s, self._again_s)
            for name in self._names
        ]

        def words(progress: Progress) -> str:
            return self._rendering.line(progress, self._language)

        async def heard(news: News) -> None:
            match news:
                case Outcome():
                    await self._report(news)
                case WentBack():
                    begin(self.notice(self._rendering.went_back(news, self._language)))
                case Progress():
                    for channel in self._channels:
                        begin(channel.show(news, words))

        if self._channels:
            self._training.watch(heard)

    async def notice(self, text: str) -> None:
        """Tell the admins something that is no round."""
        await asyncio.gather(*(channel.notice(text) for channel in self._channels))

    async def choose(
        self,
        choice: Choice,
        user: str,
        roles: Iterable[str],
        language: Language,
        name: str | None = None,
    ) -> tuple[str, tuple[Choice, ...]]:
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
        self, choice: Choice, by: str, name: str, language: Language
    ) -> tuple[str, tuple[Choice, ...]]:
        if not await self._training.approve(choice.version, by):
            raise RefusedError(say("training_not_waiting", language))
        told = say("training_approved", self._language, by=name, version=choice.version)
        return told, (Choice("rollback", choice.domain, choice.version),)

    async def _roll_back(
        self, choice: Choice, by: str, name: str, language: Language
    ) -> tuple[str, tuple[Choice, ...]]:
        """Only the version that the report is about: what came after it is not meant."""
        if await self._training.live(choice.domain) != choice.version:
            raise RefusedError(say("training_not_live", language))
        version = await self._training.rollback(choice.domain, by)
        shown = version or say("base_model", self._language)
        return say("training_rolled_back", self._language, by=name, version=shown), ()

    async def _report(self, outcome: Outcome) -> None:
        text = self._rendering.text(outcome, self._language)
        picture = await self._picture(outcome)
        choices = offered(outcome)
        await asyncio.gather(
            *(channel.report(text, picture, choices) for channel in self._channels)
        )

    async def _picture(self, outcome: Outcome) -> bytes | None:
        """None where it cannot be drawn: the text matters more."""
        try:
            return await self._rendering.picture(outcome, self._language)
        except Exception:
            _log.exception("report without picture", round=outcome.round)
            return None


def offered(outcome: Outcome) -> tuple[Choice, ...]:
    """What an admin may do about a round's version: let it go live, or take it back."""
    if outcome.version is None or not (outcome.waits or outcome.live):
        return ()
    return (Choice("approve" if outcome.waits else "rollback", outcome.domain, outcome.version),)
