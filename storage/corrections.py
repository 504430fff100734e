"""What people say that replies should have said, and who decides whether it counts."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import aiosqlite

from storage.apply_judgement import apply_judgement
from storage.database import Database, now
from storage.errors import StorageError
from storage.judgement import Judge, Rank, Ruling

State = Literal["live", "pending", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One person's right answer to the question of a reply.

    ``used``: the words that answer its question by now, None if nothing does, and ``rank``: who
    stands behind these. ``decided_by``: who moved it to its state, None while nobody has.
    ``waits``: it is pending only because more stands behind another answer.
    """

    id: int
    reply_id: int
    person: str
    text: str
    state: State
    question: str
    answer: str
    domain: str
    used: str | None
    rank: Rank | None
    decided_by: str | None
    waits: bool

    @property
    def standing(self) -> str:
        """The state; of those that count, "kept" if the question says nothing without its
        conversation, "unapproved" while too few stand behind it, and "outranked" if another answer
        to it is better supported; of those that wait, "proposed" if such an answer stands."""
        if self.state == "pending" and self.waits:
            return "proposed"
        if self.state != "live":
            return self.state
        if self.used == self.text:
            return "unapproved" if self.rank == Rank.PERSON else "live"
        return "kept" if self.used is None else "outranked"


@dataclass(frozen=True, slots=True)
class Disputed:
    """A reply about which people disagree. ``up``, ``down``: how many think so."""

    reply_id: int
    question: str
    answer: str
    domain: str
    up: int
    down: int


_BEST = (
    "FROM pairs p JOIN pairs b ON b.domain = p.domain AND b.key = p.key "
    "AND b.score > 0 WHERE p.reply_id = c.reply_id "
    "ORDER BY b.rank DESC, b.support DESC, b.created_at DESC, b.id DESC LIMIT 1"
)
_CORRECTION = (
    "SELECT c.id, c.reply_id, c.person, c.text, c.state, q.text, r.text, q.domain, "  # noqa: S608
    f"(SELECT b.answer {_BEST}), (SELECT b.rank {_BEST}), c.decided_by, c.waits "
    "FROM corrections c JOIN replies r ON r.id = c.reply_id "
    "JOIN questions q ON q.id = r.question_id "
)


class Corrections:
    """Each person has at most one correction of a reply that is not over: a new one replaces it."""

    def __init__(self, database: Database, judge: Judge) -> None:
        self._database = database
        self._judge = judge

    async def add(
        self, reply_id: int, person: str, text: str, *, pending: bool, decides: bool = False
    ) -> int:
        """Store a correction; its id. ``decides``: the person may teach.

        Raises StorageError when there is no such reply.
        """
        async with self._database.transaction() as db:
            if not await db.execute_fetchall("SELECT 1 FROM replies WHERE id = ?", (reply_id,)):
                raise StorageError(f"there is no such reply: {reply_id}")
            await db.execute(
                # What others stand behind as well counts until the new words have as many.
                "UPDATE corrections SET state = 'withdrawn' WHERE reply_id = ? AND person = ? "
                "AND (state = 'pending' OR state = 'live' AND NOT ? AND NOT EXISTS (SELECT 1 "
                "FROM pairs p WHERE p.reply_id = corrections.reply_id "
                "AND p.answer = corrections.text AND (p.rank = ? OR p.support > 1)))",
                (reply_id, person, pending, Rank.TEACHER),
            )
            rows = await db.execute_fetchall(
                "INSERT INTO corrections (reply_id, person, text, state, decides, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (reply_id, person, text, "pending" if pending else "live", decides, now()),
            )
            await apply_judgement(db, reply_id, self._judge)
            return int(next(iter(rows))[0])

    async def get(self, correction_id: int) -> Correction | None:
        rows = await self._database.rows(f"{_CORRECTION} WHERE c.id = ?", (correction_id,))
        return Correction(*rows[0]) if rows else None

    async def of_reply(self, reply_id: int) -> list[Correction]:
        """Those that count or wait for a decision, oldest first."""
        return (await self.of_replies([reply_id])).get(reply_id, [])

    async def of_replies(
        self, reply_ids: Sequence[int], author: str | None = None
    ) -> dict[int, list[Correction]]:
        """For each reply that has some: those that count or wait for a decision, oldest first.

        With them what ``author`` said last, if it was rejected.
        """
        rows = await self._database.rows(
            _CORRECTION  # noqa: S608
            + "WHERE c.reply_id IN (SELECT value FROM json_each(?1)) "
            "AND (c.state IN ('live', 'pending') OR c.state = 'rejected' AND c.person = ?2 "
            "AND c.id = (SELECT max(id) FROM corrections l WHERE (l.reply_id, l.person) = "
            "(c.reply_id, c.person))) ORDER BY c.id",
            (json.dumps(list(reply_ids)), author),
        )
        found: dict[int, list[Correction]] = {}
        for row in rows:
            found.setdefault(row["reply_id"], []).append(Correction(*row))
        return found

    async def count_of(self, person: str, since: datetime) -> int:
        """How many ``person`` has said since then, whatever became of them."""
        rows = await self._database.rows(
            "SELECT count(*) FROM corrections WHERE person = ? AND created_at > ?",
            (person, since.isoformat(timespec="milliseconds")),
        )
        return int(rows[0][0])

    async def votes(self, correction_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """How many people are for and against each of these, where anybody is."""
        rows = await self._database.rows(
            "SELECT correction_id, sum(score > 0), sum(score < 0) FROM verdicts "
            "WHERE correction_id IN (SELECT value FROM json_each(?)) GROUP BY correction_id",
            (json.dumps(list(correction_ids)),),
        )
        return {number: (up, down) for number, up, down in rows}

    async def pending(self, *, last: int, after: int = 0) -> list[Correction]:
        """The next that wait for a decision behind the id ``after``, oldest first."""
        rows = await self._database.rows(
            f"{_CORRECTION} WHERE c.state = 'pending' AND c.id > ? ORDER BY c.id LIMIT ?",
            (after, last),
        )
        return [Correction(*row) for row in rows]

    async def unapproved(self, *, last: int) -> list[Correction]:
        """Those that only their author stands behind, and that answer their question by now,
        oldest first."""
        rows = await self._database.rows(
            f"{_CORRECTION} JOIN pairs u ON u.reply_id = c.reply_id AND u.answer = c.text "
            "AND u.rank = ? WHERE c.state = 'live' ORDER BY c.id LIMIT ?",
            (Rank.PERSON, last),
        )
        return [Correction(*row) for row in rows]

    async def move(self, correction_id: int, state: State, by: str, *, only_from: State) -> bool:
        """Change the state; False when it was not ``only_from`` (somebody was quicker)."""
        async with self._database.transaction() as db:
            rows = await db.execute_fetchall(
                "UPDATE corrections SET state = ?1, decided_by = ?2, waits = 0, "
                "decides = max(decides, ?1 = 'live') WHERE id = ?3 AND state = ?4 "
                "RETURNING reply_id",
                (state, by, correction_id, only_from),
            )
            for row in rows:
                if state == "live":
                    await db.execute(
                        "UPDATE corrections SET state = 'withdrawn' WHERE state = 'live' "
                        "AND id <> ?1 AND (reply_id, person) = "
                        "(SELECT reply_id, person FROM corrections WHERE id = ?1)",
                        (correction_id,),
                    )
                    await _withdraw_taught(db, row[0], self._judge)
                await apply_judgement(db, row[0], self._judge)
                return True
            return False

    async def disputed(self, *, last: int) -> list[Disputed]:
        """Replies about which people disagree and nobody has decided, oldest first."""
        rows = await self._database.rows(
            "SELECT v.reply_id, q.text, r.text, q.domain, "
            "(SELECT count(*) FROM verdicts d WHERE d.reply_id = r.id AND d.score > 0), "
            "(SELECT count(*) FROM verdicts d WHERE d.reply_id = r.id AND d.score < 0) "
            "FROM reviews v JOIN replies r ON r.id = v.reply_id "
            "JOIN questions q ON q.id = r.question_id "
            "WHERE v.ruling IS NULL OR v.reopened_at IS NOT NULL "
            "ORDER BY v.created_at, v.reply_id LIMIT ?",
            (last,),
        )
        return [Disputed(*row) for row in rows]

    async def rule(self, reply_id: int, ruling: Ruling, by: str) -> bool:
        """Decide about a disputed reply; False when there was nothing to decide."""
        async with self._database.transaction() as db:
            rows = await db.execute_fetchall(
                "UPDATE reviews SET ruling = ?, decided_by = ?, decided_at = ?, "
                "reopened_at = NULL WHERE reply_id = ? "
                "AND (ruling IS NULL OR reopened_at IS NOT NULL) RETURNING reply_id",
                (ruling, by, time.time(), reply_id),
            )
            for row in rows:
                if ruling == "rejected":  # what was taught is no longer recalled either
                    await db.execute(
                        "UPDATE pairs SET score = 0 WHERE reply_id IS NULL AND id = "
                        "(SELECT source_pair FROM replies WHERE id = ?)",
                        (reply_id,),
                    )
                await apply_judgement(db, row[0], self._judge)
                return True
            return False


async def _withdraw_taught(db: aiosqlite.Connection, reply_id: int, judge: Judge) -> None:
    """What was taught for the question of a reply is wrong: somebody with authority says so."""
    rows = await db.execute_fetchall(
        "SELECT q.domain, q.text FROM replies r JOIN questions q ON q.id = r.question_id "
        "WHERE r.id = ?",
        (reply_id,),
    )
    for domain, question in rows:
        await db.execute(
            "UPDATE pairs SET score = 0 WHERE domain = ? AND key = ? AND reply_id IS NULL",
            (domain, judge.key_of(question)),
        )
