"""Finds what is already known about a question, as it stands at this moment."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.knowledge.golden_guard import NO_GOLDEN, GoldenGuard
from bot.knowledge.indexes import Indexes
from bot.knowledge.opinions import accepted_by_all, opinions
from bot.messages import Asker
from engine.errors import EngineError
from engine.retrieval.agreement import PLAIN_WORDS, Agreement, Difference
from engine.retrieval.questions import question_key
from storage.errors import StorageError
from storage.judgement import Rank
from storage.pairs import Pair, Pairs
from storage.picks import Picks

SAME = 1.0  # the score of a pair whose question is the one that is asked
ACCEPTED = math.nextafter(SAME, 0.0)  # of one that people say is meant by these words
# Of questions that are known, the likeliest pair scores higher 99 times of 100 (docs/lab-notes.md).
_WORTH_OFFERING = 0.2
_OFFERED = 3  # known questions that are offered where none is sure
_LOOKED_AT = 8  # pairs among which these are found: some say the same, or are not to be shown
_NOBODY = Asker()
_log = structlog.get_logger("retrieval")


@dataclass(frozen=True, slots=True)
class Hit:
    """An approved pair that may answer a question; ``score`` from 0 to 1 says how surely.

    ``differences``: where the question wants something else than the pair says.
    """

    pair: Pair
    score: float
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What is nearest to a question, the nearest first; ``known``: it answers the question.

    What is near but not known helps the model all the same, and is no ground to trust the answer.
    ``offered``: where nothing is known, the pairs whose questions may have been meant.
    ``unapproved``: where nothing is known, what one person says is the answer.
    """

    near: tuple[Hit, ...] = ()
    known: bool = False
    offered: tuple[Hit, ...] = ()
    unapproved: Hit | None = None

    @property
    def same(self) -> bool:
        """The nearest has the very question that is asked."""
        return bool(self.near) and self.near[0].score == SAME


class Retriever:
    """Searches and compares: what is near to a question, and whether it answers it."""

    def __init__(
        self,
        indexes: Indexes,
        pairs: Pairs,
        picks: Picks,
        agreements: Mapping[str, Agreement] | None = None,
        golden: GoldenGuard = NO_GOLDEN,
    ) -> None:
        """``agreements``: by domain, how its questions are compared word by word; ``golden``:
        what no other question's answer, and none of the team's, may turn wrong."""
        self.indexes = indexes
        self._pairs = pairs
        self._picks = picks
        self._agreements = agreements or {}
        self._golden = golden

    async def find(
        self, domain: str, question: str, *, most: int, asker: Asker = _NOBODY
    ) -> Retrieved:
        """At most ``most`` approved pairs that are near to ``question``, as ``asker`` may see them.

        Never raises: without recall the bot still answers, and says that it is not sure.
        """
        try:
            if not await self._pairs.any():
                return Retrieved()
            exact = await self._exact(domain, question)
            if exact and exact.pair.rank >= Rank.TEACHER:
                return Retrieved((exact,), known=True)
            hits, doubted = await self._hits(domain, question, max(most, _LOOKED_AT), asker)
            if exact and _is_known(exact.pair):
                hits = (exact, *(hit for hit in hits if not _is_asked(question, hit.pair)))
            if known := self._known(domain, question, hits):
                rest = tuple(hit for hit in hits if hit is not known)
                return Retrieved((known, *rest)[:most], known=True)
            hits = tuple(hit for hit in hits if hit.pair.id not in doubted)
            return Retrieved(
                hits[:most],
                offered=await self._offered(hits, asker),
                unapproved=await self._unapproved(domain, question, exact),
            )
        except (EngineError, StorageError) as error:
            _log.error("recall failed", domain=domain, error=str(error))
        except Exception:
            _log.exception("recall failed", domain=domain)
        return Retrieved()

    def _known(self, domain: str, question: str, hits: Sequence[Hit]) -> Hit | None:
        """The nearest of those that answer the question for sure; but none of a lower rank where
        one of a higher is as sure."""
        needed = min(ACCEPTED, self.indexes.threshold(domain))
        sure = [hit for hit in hits if hit.score >= needed and not hit.differences]
        if not sure or sure[0] is not hits[0]:
            return None
        sure = [h for h in sure if not self._golden.contradicts(domain, question, h.pair.answer)]
        if sure and _is_asked(question, sure[0].pair):  # only the same question takes its place
            sure = [hit for hit in sure if hit.score == SAME]
        return max(sure, key=lambda hit: hit.pair.rank, default=None)  # of equals the first

    async def _unapproved(self, domain: str, question: str, exact: Hit | None) -> Hit | None:
        """What one person says is the answer to a question in these words (``exact``) or others."""
        if exact and not _is_known(exact.pair):
            return exact
        found = await self.indexes.unapproved(domain, question, _LOOKED_AT)
        pairs = await self._pairs.get([one.pair_id for one in found])
        hits = [Hit(pairs[f.pair_id], f.score) for f in found if f.pair_id in pairs]
        compared = [self._compared(domain, question, hit, hits) for hit in hits]
        return self._known(domain, question, compared)

    async def count(self, domain: str) -> int:
        """How many approved pairs there are; 0 where that cannot be told. Never raises."""
        try:
            return await self._pairs.count(domain)
        except StorageError as error:
            _log.error("pairs not counted", domain=domain, error=str(error))
            return 0

    async def _exact(self, domain: str, question: str) -> Hit | None:
        """The pair that is stored under the same words; nothing need be embedded for it."""
        exact = await self._pairs.exact(domain, question_key(question))
        pairs = await self._pairs.get([exact] if exact is not None else [])
        return next((Hit(pair, SAME) for pair in pairs.values()), None)

    async def _hits(
        self, domain: str, question: str, most: int, asker: Asker
    ) -> tuple[tuple[Hit, ...], Collection[int]]:
        """What is near, as if what people say is not meant by these words were not stored; and
        which of these pairs somebody doubts."""
        said = opinions(await self._picks.latest(domain, question_key(question)), asker.person)
        without = said.rejected - await self._upheld(domain, question, said.doubted_by_team)
        near = await self.indexes.near(domain, question, most, without)
        found = [(one.pair_id, one.score) for one in near]
        if said.accepted is not None:
            rest = [(pair, score) for pair, score in found if pair != said.accepted]
            found = [(said.accepted, ACCEPTED), *rest]
        pairs = await self._pairs.get([pair_id for pair_id, _ in found])
        # What was picked may have been ruled wrong since: then no search finds it, and no pick.
        hits = [Hit(pairs[i], score) for i, score in found if i in pairs and _is_known(pairs[i])]
        compared = [self._compared(domain, question, hit, hits) for hit in hits]
        return tuple(sorted(compared, key=lambda hit: hit.score < ACCEPTED)), said.doubted

    async def _upheld(
        self, domain: str, question: str, pair_ids: Collection[int]
    ) -> frozenset[int]:
        """Of these pairs, which the team does not mean, those that somebody with authority stands
        behind and that have the same question: only one of these may say that it is another."""
        pairs = await self._pairs.get(list(pair_ids))
        same = self._agreement(domain).same
        return frozenset(
            pair_id
            for pair_id, pair in pairs.items()
            if pair.rank >= Rank.TEACHER and same(question, pair.question)
        )

    def _compared(self, domain: str, question: str, hit: Hit, hits: Sequence[Hit]) -> Hit:
        """``hit`` with the words that speak against it, or for its being the same question."""
        if hit.score >= ACCEPTED:
            return hit
        if self._agreement(domain).same(question, hit.pair.question):
            return replace(hit, score=SAME)
        return replace(hit, differences=self._differences(domain, question, hit.pair, hits))

    def differences(self, domain: str, question: str, pair: Pair) -> tuple[Difference, ...]:
        """Where ``question`` wants something else than ``pair`` says."""
        return self._differences(domain, question, pair, ())

    def _differences(
        self, domain: str, question: str, pair: Pair, hits: Sequence[Hit]
    ) -> tuple[Difference, ...]:
        """The same, beside other wordings of the fact among ``hits``."""
        fact = question_key(pair.answer)
        others = [h.pair.question for h in hits if question_key(h.pair.answer) == fact]
        wordings = list(dict.fromkeys([pair.question, *others]))
        return self._agreement(domain).differences(question, wordings, pair.answer, pair.source)

    def _agreement(self, domain: str) -> Agreement:
        return self._agreements.get(domain, PLAIN_WORDS)

    async def _offered(self, hits: Sequence[Hit], asker: Asker) -> tuple[Hit, ...]:
        """The likeliest that may be shown, each fact once; none where nothing is likely."""
        if not hits or hits[0].score < _WORTH_OFFERING:
            return ()
        readable = await self._pairs.readable(
            [h.pair.id for h in hits], platform=asker.platform, channel=asker.channel
        )
        offered: dict[str, Hit] = {}
        for hit in hits:
            if hit.pair.id in readable:
                offered.setdefault(question_key(hit.pair.answer), hit)
        return tuple(offered.values())[:_OFFERED]

    async def find_for_training(
        self, domain: str, asked: Sequence[tuple[str, Collection[int]]], *, most: int
    ) -> list[tuple[Pair, ...]]:
        """For each (question, pairs to leave out) the pairs that would be near, the nearest first.

        As ``find``, for what is trained on: an answer must not stand before its own question.
        Raises StorageError and EngineError.
        """
        await self.indexes.embed_all()
        found = []
        for question, without in asked:
            ids = [f.pair_id for f in await self.indexes.near(domain, question, most, without)]
            meant = accepted_by_all(await self._picks.latest(domain, question_key(question)))
            if meant is not None and meant not in without:
                ids = [meant, *(i for i in ids if i != meant)][:most]
            pairs = await self._pairs.get(ids)
            found.append(tuple(pairs[i] for i in ids if i in pairs and _is_known(pairs[i])))
        return found

    async def people_in(self, pairs: Collection[int]) -> frozenset[str]:
        """Whose words these pairs are. Raises StorageError."""
        return await self._pairs.people(list(pairs))


def _is_known(pair: Pair) -> bool:
    """More than one person stands behind it, or one who may teach, and nobody has ruled it out."""
    return pair.score > 0 and pair.rank > Rank.PERSON


def _is_asked(question: str, pair: Pair) -> bool:
    """It is stored under this very question."""
    return question_key(pair.question) == question_key(question)
