"""A reaction becomes a label on a reply."""

from collections.abc import Mapping

import structlog

from bot.messages import Reaction
from bot.metrics import Metrics
from storage.labels import Labels

_log = structlog.get_logger("label")


class Labeling:
    """``scores`` says what each emoji means, from -1 to 1; others are no verdict."""

    def __init__(self, labels: Labels, scores: Mapping[str, float], metrics: Metrics) -> None:
        self.scores = scores
        self._labels = labels
        self._metrics = metrics

    async def react(self, reaction: Reaction) -> None:
        score = self.scores.get(reaction.emoji)
        if score is None:
            return
        await self._labels.change(
            reaction.reply_id,
            reaction.person,
            reaction.emoji,
            score,
            present=reaction.added,
            at=reaction.at,
        )
        if reaction.added:
            self._metrics.labels.labels(f"{score:+g}").inc()
        _log.info("reaction", reply=reaction.reply_id, score=score, added=reaction.added)

    async def clear(self, reply_id: int, emoji: str | None = None) -> None:
        """Take off everybody's labels, or everybody's ``emoji``, as a moderator can."""
        for person, put in await self._labels.of_reply(reply_id):
            if emoji in (None, put):
                await self.react(Reaction(reply_id, person, put, added=False))

    async def choose(
        self, reply_id: int, person: str, emoji: str, at: float | None = None
    ) -> str | None:
        """One choice a person, as under a web answer: the same emoji again takes it back.

        ``at``: the time on the clock that reactions are told by, which may not be ours. Returns the
        emoji that stands afterwards.
        """
        chosen = (await self._labels.of_person([reply_id], person)).get(reply_id, frozenset())
        for old in chosen:
            await self.react(Reaction(reply_id, person, old, added=False, at=at))
        if emoji in chosen:
            return None
        await self.react(Reaction(reply_id, person, emoji, added=True, at=at))
        return emoji

    async def chosen(self, reply_ids: list[int], person: str) -> Mapping[int, frozenset[str]]:
        """What ``person`` has put on each of these replies."""
        return await self._labels.of_person(reply_ids, person)

    async def reactions(self, reply_id: int) -> list[tuple[str, str]]:
        """Everybody's (person, emoji) on one reply."""
        return await self._labels.of_reply(reply_id)
