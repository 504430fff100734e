"""Which known question people meant in their own words, and which they did not."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiosqlite

from storage.database import Database, now
from storage.errors import GoneError

_JUDGED = 2000  # opinions that a threshold is measured on
_JUDGED_BY_ONE = 400  # of these at most one person's: nobody crowds out the others
# Each person's latest opinion on whether a pair answers a question in these words.
_LATEST = (
    "SELECT pair_id, person, fits, decides, id FROM (SELECT *, row_number() OVER "
    "(PARTITION BY pair_id, person ORDER BY id DESC) AS nth FROM picks "
    "WHERE domain = ?1 AND key = ?2) WHERE nth = 1 ORDER BY id"
)

# Answers in the words of a pair that was near; a reply whose score was judged itself is not among
# them, nor is one that somebody picked (no score decided it), nor one to the very same question.
_KNOWN = (
    "FROM replies r JOIN questions q ON q.id = r.question_id JOIN drawn_on d ON d.reply_id = r.id"
)
_NEAR = (
    "WHERE q.domain = ?1 AND d.embedder = ?2 AND d.score < ?4 AND r.verified AND r.copied "
    "AND NOT EXISTS (SELECT 1 FROM judged_scores j WHERE j.reply_id = r.id) "
    "AND NOT EXISTS (SELECT 1 FROM picks k WHERE k.reply_id = r.id)"
)
_SAME_WORDS = 0.9995  # scores from here on are of the same question, or of one that was picked


@dataclass(frozen=True, slots=True)
class Pick:
    """One person's latest word on whether a pair answers a question. ``decides``: they may teach,
    so theirs needs no second person's."""

    pair_id: int
    person: str
    fits: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A score with which a pair was near to a question, and whether it did answer it, by whom."""

    score: float
    fits: bool
    person: str


class Picks:
    """Opinions on pairs of a question and a stored pair; each person's latest counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        reply_id: int,
        pair_ids: Sequence[int],
        *,
        key: str,
        person: str,
        fits: bool,
        decides: bool,
    ) -> None:
        """``person`` says whether the question of a reply, of normal form ``key``, meant these.

        Raises GoneError when the reply was removed.
        """
        async with self._database.transaction() as db:
            rows = list(
                await db.execute_fetchall(
                    "SELECT q.domain FROM replies r JOIN questions q ON q.id = r.question_id "
                    "WHERE r.id = ?",
                    (reply_id,),
                )
            )
            if not rows:
                raise GoneError(f"the reply {reply_id} was removed")
            for pair_id in pair_ids:
                await _put(db, reply_id, pair_id, rows[0][0], key, person, fits, decides)

    async def latest(self, domain: str, key: str) -> list[Pick]:
        """Everybody's opinions on the question ``key``, the oldest first."""
        rows = await self._database.rows(_LATEST, (domain, key))
        return [Pick(r["pair_id"], r["person"], bool(r["fits"]), bool(r["decides"])) for r in rows]

    async def count_of(self, person: str, since: datetime) -> int:
        """About how many questions ``person`` has picked, or not meant, since then."""
        rows = await self._database.rows(
            "SELECT count(DISTINCT reply_id) FROM picks WHERE person = ? AND created_at > ?",
            (person, since.isoformat(timespec="milliseconds")),
        )
        return int(rows[0][0])

    async def offered(self, reply_ids: Sequence[int]) -> dict[int, list[tuple[int, float]]]:
        """The (pair, score) that each of these replies offers, the likeliest first."""
        rows = await self._database.rows(
            "SELECT reply_id, pair_id, score FROM suggestions "
            "WHERE reply_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY reply_id, score DESC, pair_id",
            (json.dumps(list(reply_ids)),),
        )
        found: dict[int, list[tuple[int, float]]] = {}
        for row in rows:
            found.setdefault(row["reply_id"], []).append((row["pair_id"], row["score"]))
        return found

    async def add_judged(self, reply_id: int, pair_id: int, person: str, *, fits: bool) -> None:
        """``person`` says whether the pair that a reply gave or offered first was right, with the
        score that it had there."""
        async with self._database.transaction() as db:
            await db.execute(
                "INSERT OR REPLACE INTO judged_scores "
                "(reply_id, person, domain, embedder, score, fits) "
                "SELECT r.id, ?3, q.domain, n.embedder, n.score, ?4 FROM replies r "
                "JOIN questions q ON q.id = r.question_id JOIN ("
                "SELECT reply_id, pair_id, score, embedder FROM suggestions "
                "UNION ALL SELECT reply_id, pair_id, score, embedder FROM drawn_on) n "
                "ON n.reply_id = r.id AND n.pair_id = ?2 AND n.embedder IS NOT NULL "
                "AND n.score < ?5 WHERE r.id = ?1 LIMIT 1",
                (reply_id, pair_id, person, fits, _SAME_WORDS),
            )

    async def judged(self, domain: str, embedder: str) -> list[Judged]:
        """Scores by ``embedder`` that people judged, the latest first: what they picked or did not
        mean, answers that were approved (right), and answers that were corrected (wrong)."""
        rows = await self._database.rows(
            "SELECT score, fits, person FROM (SELECT *, row_number() OVER "  # noqa: S608
            "(PARTITION BY person ORDER BY reply_id DESC) AS nth FROM ("
            "SELECT score, fits, person, reply_id FROM judged_scores "
            "WHERE domain = ?1 AND embedder = ?2 UNION ALL "
            f"SELECT d.score, 1, v.person, r.id {_KNOWN} JOIN verdicts v ON v.reply_id = r.id "
            f"AND v.score > 0 {_NEAR} UNION ALL "
            f"SELECT d.score, 0, c.person, r.id {_KNOWN} JOIN corrections c ON c.reply_id = r.id "
            f"AND c.state = 'live' {_NEAR})) WHERE nth <= ?5 ORDER BY reply_id DESC LIMIT ?3",
            (domain, embedder, _JUDGED, _SAME_WORDS, _JUDGED_BY_ONE),
        )
        return [Judged(row["score"], bool(row["fits"]), row["person"]) for row in rows]


async def _put(
    db: aiosqlite.Connection,
    reply_id: int,
    pair_id: int,
    domain: str,
    key: str,
    person: str,
    fits: bool,
    decides: bool,
) -> None:
    """A new row each time, so that ids are in order of time; the same word again is no new label
    to rounds."""
    before = await db.execute_fetchall(
        "DELETE FROM picks WHERE reply_id = ? AND pair_id = ? AND person = ? "
        "RETURNING iif(fits = ?, round_id, NULL)",
        (reply_id, pair_id, person, fits),
    )
    round_id = next((row[0] for row in before), None)
    await db.execute(
        "INSERT INTO picks "
        "(reply_id, pair_id, domain, key, person, fits, decides, round_id, created_at) "
        "SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM pairs WHERE id = ?2",
        (reply_id, pair_id, domain, key, person, fits, decides, round_id, now()),
    )
