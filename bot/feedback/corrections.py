"""People say what an answer should have been; the setting CORRECTIONS says whose word counts."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from bot.errors import RefusedError
from bot.feedback.daily_limit import NO_LIMIT, DailyLimit
from bot.privacy.masker import Masker
from bot.privacy.plain_text import without_links
from bot.subscribers import Subscribers
from bot.texts import Language, say
from engine.model.prompt import clean
from storage.corrections import Correction, Corrections, State
from storage.errors import StorageError
from storage.judgement import Ruling

Policy = Literal["everyone", "teachers", "review"]
MAX_CORRECTION_CHARS = 4000
_MAX_RAW_CHARS = 8 * MAX_CORRECTION_CHARS  # masking may shorten, but takes its time
_WAITING = 100  # that are listed at once
_MARK = re.compile(r"\s*(?:정정|correction)\s*[::]", re.IGNORECASE)
_log = structlog.get_logger("corrections")


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a correction that waited. ``by``: who decided; ``name``: as people know them,
    where the platform tells."""

    correction: Correction
    ruling: Ruling
    by: str
    name: str | None


def correction_in(text: str) -> str | None:
    """What stands behind ``정정:`` or ``correction:`` at the beginning of a message."""
    mark = _MARK.match(clean(text))
    return clean(text)[mark.end() :].strip() if mark else None


class CorrectionService:
    """Takes corrections from every platform; those that need a decision go to the subscribers.

    ``is_teacher`` says whose word needs nobody else's, and counts at once under
    CORRECTIONS=teachers; the others may say so much in a day (``daily``).
    """

    def __init__(
        self,
        corrections: Corrections,
        masker: Masker,
        policy: Policy,
        *,
        is_teacher: Callable[[str, frozenset[str]], bool],
        daily: DailyLimit = NO_LIMIT,
    ) -> None:
        self._daily = daily
        self._corrections = corrections
        self._masker = masker
        self._policy = policy
        self._is_teacher = is_teacher
        # Those that wait for a decision, what becomes of them, and those that wait because somebody
        # is against them by now.
        self.pending: Subscribers[Correction] = Subscribers()
        self.decisions: Subscribers[Decision] = Subscribers()
        self.contests: Subscribers[Correction] = Subscribers()
        self._one_by_one = asyncio.Lock()

    async def contested(self, correction_ids: Sequence[int]) -> None:
        """These counted until now, and wait for a decision: whoever watches is told."""
        for number in correction_ids:
            correction = await self._corrections.get(number)
            if correction is not None and correction.state == "pending":
                _log.info("correction contested", id=number, reply=correction.reply_id)
                await self.pending.deliver(correction)
                await self.contests.deliver(correction)

    async def waiting(self, after: int = 0) -> list[Correction]:
        """The next that wait for a decision behind the id ``after``, oldest first."""
        return await self._corrections.pending(last=_WAITING, after=after)

    async def decision(self, correction_id: int) -> Decision | None:
        """What was decided about a correction; None if it counts undecided, waits or is gone."""
        found = await self._corrections.get(correction_id)
        if found is None or found.decided_by is None or found.state not in ("live", "rejected"):
            return None
        ruling: Ruling = "approved" if found.state == "live" else "rejected"
        return Decision(found, ruling, found.decided_by, None)

    async def correct(
        self,
        reply_id: int,
        person: str,
        text: str,
        language: Language,
        roles: frozenset[str] = frozenset(),
    ) -> Correction:
        """Store what ``person`` says is right; said twice it is one correction.

        Raises RefusedError, and StorageError when the reply is gone."""
        if len(text) > _MAX_RAW_CHARS:
            raise _too_long(text, language)
        decides = self._is_teacher(person, roles)
        words = self._masker.mask(clean(text))
        words = words if decides else without_links(words).strip()
        if not words:
            raise RefusedError(say("correction_empty", language))
        if len(words) > MAX_CORRECTION_CHARS:
            raise _too_long(words, language)
        counts = self._policy == "everyone" or (self._policy == "teachers" and decides)
        async with self._one_by_one:
            for standing in await self._corrections.of_reply(reply_id):
                if (standing.person, standing.text) == (person, words):
                    return standing
            if not decides:
                await self._daily.check(person, self._corrections.count_of, language)
            number = await self._corrections.add(
                reply_id, person, words, pending=not counts, decides=decides
            )
            correction = await self._corrections.get(number)
        if correction is None:
            raise StorageError(f"the correction {number} was removed")
        _log.info("correction", id=number, reply=reply_id, state=correction.state)
        if correction.state == "pending":
            await self.pending.deliver(correction)
        return correction

    async def withdraw(self, correction_id: int, by: str, *, may_all: bool = False) -> bool:
        """Take a correction back: its author can, and who ``may_all``; False where it is over."""
        correction = await self._corrections.get(correction_id)
        if correction is None or not (may_all or correction.person == by):
            return False
        return correction.state in ("live", "pending") and await self._corrections.move(
            correction_id, "withdrawn", by, only_from=correction.state
        )

    async def decide(
        self, correction_id: int, ruling: Ruling, by: str, name: str | None = None
    ) -> bool:
        """Approve or reject what waits, or what only one person says; False when somebody was
        quicker."""
        state: Literal["live", "rejected"] = "live" if ruling == "approved" else "rejected"
        found = await self._corrections.get(correction_id)
        if found is None or (found.state == "live" and found.decided_by is not None):
            return False
        before: State = "live" if found.state == "live" else "pending"
        if not await self._corrections.move(correction_id, state, by, only_from=before):
            return False
        if correction := await self._corrections.get(correction_id):
            await self.decisions.deliver(Decision(correction, ruling, by, name))
        return True

    async def rule(self, reply_id: int, ruling: Ruling, by: str) -> bool:
        """Decide about a reply on which people disagree; False when somebody was quicker."""
        return await self._corrections.rule(reply_id, ruling, by)


def _too_long(text: str, language: Language) -> RefusedError:
    return RefusedError(
        say("correction_too_long", language, size=len(text), limit=MAX_CORRECTION_CHARS)
    )
