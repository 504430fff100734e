"""A reaction becomes a label on a reply or on a correction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.messages import Reaction
from bot.metrics import Metrics
from storage.labels import BUTTONS, Labels, Subject

_log = structlog.get_logger("labels")
Contested = Callable[[Sequence[int]], Awaitable[None]]
IsTeacher = Callable[[str, frozenset[str]], bool]


class LabelService:
    """``scores`` says what each emoji means, from -1 to 1; others are no verdict.

    Everything that a person has on one subject adds up to one verdict: what they put on last.
    ``contested`` hears the ids of corrections that wait for a decision because of a label;
    ``is_teacher`` says whose label needs nobody else's.
    """

    def __init__(
        self,
        labels: Labels,
        scores: Mapping[str, float],
        metrics: Metrics,
        contested: Contested,
        is_teacher: IsTeacher,
    ) -> None:
        self.scores = scores
        self._labels = labels
        self._metrics = metrics
        self._contested = contested
        self._is_teacher = is_teacher

    async def react(self, reaction: Reaction) -> None:
        """An emoji was put on or taken off; each emoji stands for itself."""
        await self._change(reaction, place=reaction.emoji)

    async def clear(self, subject: Subject, emoji: str | None = None) -> None:
        """Take off everybody's reactions, or everybody's ``emoji``, as a moderator can."""
        for person, put in await self._labels.reactions(subject):
            if emoji in (None, put):
                await self.react(Reaction(subject, person, put, added=False))

    async def toggle(
        self,
        subject: Subject,
        person: str,
        emoji: str,
        at: float | None = None,
        roles: frozenset[str] = frozenset(),
    ) -> str | None:
        """One choice a person, as with buttons: the same emoji again takes it back.

        ``at``: the time on the clock that reactions are told by, which may not be ours. Returns the
        emoji that stands afterwards.
        """
        added = await self._labels.button_vote(subject, person) != emoji
        await self._change(Reaction(subject, person, emoji, added, at, roles), place=BUTTONS)
        return emoji if added else None

    async def votes_of(self, reply_ids: list[int], person: str) -> Mapping[int, str]:
        """What ``person`` has chosen under each of these replies."""
        return await self._labels.votes_of(reply_ids, person)

    async def _change(self, reaction: Reaction, place: str) -> None:
        score = self.scores.get(reaction.emoji)
        if score is None:
            return
        contested = await self._labels.change(
            reaction.subject,
            reaction.person,
            place,
            reaction.emoji,
            score,
            present=reaction.added,
            at=reaction.at,
            decides=self._is_teacher(reaction.person, reaction.roles),
        )
        if reaction.added:
            self._metrics.labels.labels(f"{score:+g}").inc()
        _log.info("reaction", on=reaction.subject.kind, id=reaction.subject.id, score=score,
                  added=reaction.added)  # fmt: skip
        if contested:
            await self._contested(contested)

    async def is_reworded(self, subject: Subject) -> bool:
        """The correction ``subject`` took the place of another one by the same person."""
        return await self._labels.is_reworded(subject)

    async def reactions(self, subject: Subject) -> list[tuple[str, str]]:
        """Everybody's (person, emoji) on ``subject``, buttons left out."""
        return await self._labels.reactions(subject)
