"""The marks that people have put on replies and on corrections."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import aiosqlite

from storage.apply_judgement import apply_judgement
from storage.database import Database, now
from storage.errors import StorageError
from storage.judgement import Judge

_FAST_CLOCK_S = 86_400.0  # so far a platform's clock may be before ours
BUTTONS = "buttons"  # the place that all feedback buttons share: one choice a person


@dataclass(frozen=True, slots=True)
class Subject:
    """What a mark is on."""

    kind: Literal["reply", "correction"]
    id: int


class Labels:
    """For each subject, person and place the latest change counts, in whatever order they arrive.

    So a mark that was taken off keeps its row: an older "put on" that arrives late is told apart.
    Of all that a person has on one subject, what was put last is their verdict (view ``verdicts``).
    """

    def __init__(self, database: Database, judge: Judge) -> None:
        self._database = database
        self._judge = judge

    async def change(
        self,
        subject: Subject,
        person: str,
        place: str,
        emoji: str,
        score: float,
        *,
        present: bool,
        at: float | None = None,
        decides: bool = False,
    ) -> tuple[int, ...]:
        """Put ``emoji`` on or take it off; ``at``: when it happened, in seconds since 1970 (now).

        A time that cannot be is now as well: nothing could ever come after it. ``decides``: the
        person may teach. Returns the corrections that counted and wait from now on.

        Raises StorageError when there is no such subject (it may have been deleted).
        """
        column = f"{subject.kind}_id"
        async with self._database.transaction() as db:
            reply_id = await reply_of(db, subject)
            await db.execute(
                f"INSERT INTO labels ({column}, person, place, emoji, score, present, "  # noqa: S608
                "decides, changed_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET emoji = excluded.emoji, score = excluded.score, "
                "present = excluded.present, decides = excluded.decides, "
                "round_id = iif(score = excluded.score, round_id, NULL), "
                "changed_at = excluded.changed_at WHERE "
                "(excluded.changed_at, excluded.present, excluded.emoji) "
                ">= (changed_at, present, emoji)",
                (
                    subject.id, person, place, emoji, score, present, decides,
                    _time_of(at), now(),
                ),
            )  # fmt: skip
            return await apply_judgement(db, reply_id, self._judge)

    async def votes_of(self, reply_ids: list[int], person: str) -> Mapping[int, str]:
        """What ``person`` has chosen with the buttons of each of these replies."""
        rows = await self._database.rows(
            "SELECT reply_id, emoji FROM labels WHERE person = ? AND place = ? AND present "
            "AND reply_id IN (SELECT value FROM json_each(?))",
            (person, BUTTONS, json.dumps(reply_ids)),
        )
        return {row["reply_id"]: row["emoji"] for row in rows}

    async def button_vote(self, subject: Subject, person: str) -> str | None:
        """What ``person`` has chosen with the buttons of ``subject``."""
        rows = await self._database.rows(
            f"SELECT emoji FROM labels WHERE {subject.kind}_id = ? AND person = ? "  # noqa: S608
            "AND place = ? AND present",
            (subject.id, person, BUTTONS),
        )
        return str(rows[0]["emoji"]) if rows else None

    async def is_reworded(self, subject: Subject) -> bool:
        """A correction after another one of the same reply by the same person."""
        rows = await self._database.rows(
            "SELECT 1 FROM corrections c JOIN corrections o ON (o.reply_id, o.person) = "
            "(c.reply_id, c.person) AND o.id < c.id WHERE c.id = ? LIMIT 1",
            (subject.id if subject.kind == "correction" else None,),
        )
        return bool(rows)

    async def reactions(self, subject: Subject) -> list[tuple[str, str]]:
        """Everybody's (person, emoji) on ``subject``, buttons left out."""
        rows = await self._database.rows(
            f"SELECT person, emoji FROM labels WHERE {subject.kind}_id = ? "  # noqa: S608
            "AND place <> ? AND present",
            (subject.id, BUTTONS),
        )
        return [(row["person"], row["emoji"]) for row in rows]

    async def verdicts(self, subject: Subject) -> Mapping[str, float]:
        """The one score that counts of each person."""
        rows = await self._database.rows(
            f"SELECT person, score FROM verdicts WHERE {subject.kind}_id = ?",  # noqa: S608
            (subject.id,),
        )
        return {row["person"]: row["score"] for row in rows}


def _time_of(at: float | None) -> float:
    here = time.time()
    return at if at is not None and 0 <= at <= here + _FAST_CLOCK_S else here


async def reply_of(db: aiosqlite.Connection, subject: Subject) -> int:
    """The reply that a mark on ``subject`` is about. Raises StorageError when it is gone."""
    table = {"reply": "replies", "correction": "corrections"}[subject.kind]
    column = {"reply": "id", "correction": "reply_id"}[subject.kind]
    rows = await db.execute_fetchall(
        f"SELECT {column} FROM {table} WHERE id = ?",  # noqa: S608
        (subject.id,),
    )
    for row in rows:
        return int(row[0])
    raise StorageError(f"there is no such {subject.kind}: {subject.id}")
