"""Training rounds: what has not been learned from yet, claimed by one round at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import aiosqlite

from storage.database import Database, now
from storage.errors import StorageError
from storage.starter_packs import STARTER
from storage.versions import promote

Ended = Literal["promoted", "rejected", "inconclusive", "failed", "cancelled"]
# A round that did not come to a verdict has learned nothing: what it claimed is free again.
_UNDONE = ("failed", "cancelled")
INTERRUPTED = "interrupted"  # reason of a round that ended with its process
_TABLES = ("labels", "corrections", "pairs", "picks")

# What counts as a label of a domain: a person's verdict on one subject, however many marks it has;
# a correction that counts; a taught pair, unless it came with the domain; what a person says of the
# pairs that a reply offered. Small talk is no subject.
_FRESH = {
    "labels": "SELECT l.id, "
    "l.person || coalesce(' r' || l.reply_id, ' c' || l.correction_id) AS label FROM labels l "
    "LEFT JOIN corrections c ON c.id = l.correction_id "
    "JOIN replies r ON r.id = coalesce(l.reply_id, c.reply_id) "
    "JOIN questions q ON q.id = r.question_id "
    "WHERE l.round_id IS NULL AND l.present AND q.domain = ? "
    "AND (l.correction_id IS NOT NULL OR NOT r.small_talk)",
    "corrections": "SELECT c.id, c.id AS label FROM corrections c "
    "JOIN replies r ON r.id = c.reply_id JOIN questions q ON q.id = r.question_id "
    "WHERE c.round_id IS NULL AND c.state = 'live' AND q.domain = ?",
    "pairs": "SELECT id, id AS label FROM pairs WHERE round_id IS NULL AND reply_id IS NULL "  # noqa: S608
    f"AND person IS NOT '{STARTER}' AND domain = ?",
    "picks": "SELECT id, person || ' ' || reply_id AS label FROM picks "
    "WHERE round_id IS NULL AND domain = ?",
}
_COUNT = "SELECT count(DISTINCT label) FROM "


@dataclass(frozen=True, slots=True)
class Round:
    """One round; ``report`` is what the application keeps of its outcome."""

    id: int
    domain: str
    state: str
    report: Mapping[str, Any]
    created_at: str
    ended_at: str | None


class Rounds:
    """A label belongs to the round that claimed it until it changes or the round fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fresh(self, domain: str) -> int:
        """How many labels of ``domain`` no round has used."""
        total = 0
        for sql in _FRESH.values():
            rows = await self._database.rows(f"{_COUNT}({sql})", (domain,))
            total += int(rows[0][0])
        return total

    async def claim(self, domain: str, *, at_least: int) -> int | None:
        """Begin a round with everything fresh; None when one runs, or fewer than ``at_least`` are.

        A round that somebody wants (after forgetting a person) begins with any number.
        """
        async with self._database.transaction() as db:
            if await _number(db, "SELECT count(*) FROM rounds WHERE state = 'running'"):
                return None
            wanted = await _number(
                db, "SELECT count(*) FROM wanted_rounds WHERE domain = ?", domain
            )
            found = 0
            for sql in _FRESH.values():
                found += await _number(db, f"{_COUNT}({sql})", domain)
            if found < at_least and not wanted:
                return None
            rows = await db.execute_fetchall(
                "INSERT INTO rounds (domain, state, created_at) VALUES (?, 'running', ?) "
                "RETURNING id",
                (domain, now()),
            )
            number = int(next(iter(rows))[0])
            for table, sql in _FRESH.items():
                await db.execute(
                    f"UPDATE {table} SET round_id = ? WHERE id IN (SELECT id FROM ({sql}))",  # noqa: S608
                    (number, domain),
                )
            return number

    async def end(
        self,
        number: int,
        state: Ended,
        report: Mapping[str, Any],
        live: str | None = None,
        *,
        withdrawn: bool = False,
    ) -> None:
        """Keep the outcome, and let the version ``live`` take over in the same moment; where there
        is none and what answers is ``withdrawn``, the base model does.

        A round without verdict gives back what it claimed. Raises StorageError when the round does
        not run any more.
        """
        async with self._database.transaction() as db:
            ended = await db.execute_fetchall(
                "UPDATE rounds SET state = ?, report = ?, ended_at = ? "
                "WHERE id = ? AND state = 'running' RETURNING domain",
                (state, json.dumps(report, ensure_ascii=False), now(), number),
            )
            if not ended:
                raise StorageError(f"round {number} has ended already")
            if state in _UNDONE:
                await _give_back(db, number)
            else:  # what was wanted while it ran is still wanted
                await db.execute(
                    "DELETE FROM wanted_rounds WHERE domain = ?1 AND created_at < "
                    "(SELECT created_at FROM rounds WHERE id = ?2)",
                    (next(iter(ended))[0], number),
                )
            if live is not None or withdrawn:
                reason = "forgotten" if live is None else "round"
                await promote(db, next(iter(ended))[0], live, reason)

    async def amend(self, number: int, report: Mapping[str, Any]) -> None:
        """Keep another report of an ended round."""
        async with self._database.transaction() as db:
            await db.execute(
                "UPDATE rounds SET report = ? WHERE id = ?",
                (json.dumps(report, ensure_ascii=False), number),
            )

    async def unreported(self) -> list[Round]:
        """Rounds that have ended and that nobody has been told of, the oldest first."""
        return await self._read(
            "WHERE ended_at IS NOT NULL AND reported_at IS NULL ORDER BY id", ()
        )

    async def reported(self, number: int) -> None:
        """Somebody has been told of it."""
        async with self._database.transaction() as db:
            await db.execute("UPDATE rounds SET reported_at = ? WHERE id = ?", (now(), number))

    async def running(self) -> bool:
        """A round has begun and not ended, be it that its process was killed."""
        return bool(await self._database.rows("SELECT 1 FROM rounds WHERE state = 'running'"))

    async def recover(self) -> list[int]:
        """End the rounds that a killed process left running; only who alone may train calls it."""
        async with self._database.transaction() as db:
            rows = await db.execute_fetchall(
                "UPDATE rounds SET state = 'failed', ended_at = ?, report = ? "
                "WHERE state = 'running' RETURNING id",
                (now(), json.dumps({"reason": INTERRUPTED})),
            )
            numbers = [int(row[0]) for row in rows]
            for number in numbers:
                await _give_back(db, number)
            return numbers

    async def latest(self, domain: str, *, last: int) -> list[Round]:
        """The rounds of ``domain``, the newest first."""
        return await self._read("WHERE domain = ? ORDER BY id DESC LIMIT ?", (domain, last))

    async def _read(self, which: str, given: tuple[object, ...]) -> list[Round]:
        rows = await self._database.rows(
            "SELECT id, domain, state, coalesce(report, '{}'), created_at, ended_at "  # noqa: S608
            f"FROM rounds {which}",
            given,
        )
        return [Round(r[0], r[1], r[2], json.loads(r[3]), r[4], r[5]) for r in rows]

    async def wanted(self) -> Mapping[str, str]:
        """Domains in which a round is wanted whatever is fresh, with the reason."""
        rows = await self._database.rows("SELECT domain, reason FROM wanted_rounds")
        return {row["domain"]: row["reason"] for row in rows}


async def _give_back(db: aiosqlite.Connection, number: int) -> None:
    for table in _TABLES:
        await db.execute(
            f"UPDATE {table} SET round_id = NULL WHERE round_id = ?",  # noqa: S608
            (number,),
        )


async def _number(db: aiosqlite.Connection, sql: str, *given: object) -> int:
    rows = await db.execute_fetchall(sql, given)
    return int(next(iter(rows))[0])
