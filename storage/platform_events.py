"""What chat platforms need remembered: events that were handled, messages that belong together."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.database import Database, now

REVIEW = "/review"  # behind a platform: where corrections were shown to admins, "id:channel"
_KEPT = timedelta(days=14)  # platforms send an event again within hours at most


class HandledEvents:
    """The memory that makes every event count once, over restarts too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, platform: str, events: Sequence[str]) -> bool:
        """True for the first caller that has any of these names of one event; False afterwards."""
        async with self._database.transaction() as db:
            seen = False
            for event in events:
                added = await db.execute(
                    "INSERT INTO handled (platform, event, created_at) VALUES (?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    (platform, event, now()),
                )
                seen = seen or added.rowcount == 0
            return not seen

    async def knows(self, platform: str, event: str) -> bool:
        """The event was claimed before."""
        rows = await self._database.rows(
            "SELECT 1 FROM handled WHERE platform = ? AND event = ?", (platform, event)
        )
        return bool(rows)

    async def latest(self, platform: str) -> datetime | None:
        """When the newest event was claimed."""
        rows = await self._database.rows(
            "SELECT max(created_at) FROM handled WHERE platform = ?", (platform,)
        )
        return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None

    async def forget_old(self) -> None:
        """Drop what no platform will send again, and REVIEW of what no longer waits."""
        old = (datetime.now(UTC) - _KEPT).isoformat(timespec="milliseconds")
        async with self._database.transaction() as db:
            await db.execute(
                "DELETE FROM handled WHERE created_at < ? AND NOT (platform LIKE '%' || ? AND "
                "CAST(event AS INTEGER) IN (SELECT id FROM corrections WHERE state = 'pending'))",
                (old, REVIEW),
            )


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """The ``messages`` that together show the answer to one question, or a correction of it."""

    question_id: int
    correction_id: int | None
    channel: str
    thread: str
    messages: list[str] = field(default_factory=list)


class MessageLinks:
    """Which messages show the answer to which question, or a correction of that answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        platform: str,
        channel: str,
        message: str,
        question_id: int,
        correction_id: int | None = None,
    ) -> None:
        """``message`` shows the answer to a question, or a correction of that answer."""
        async with self._database.transaction() as db:
            await db.execute(
                "INSERT INTO pieces (platform, channel, message, question_id, correction_id) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (platform, channel, message, question_id, correction_id),
            )

    async def showing(self, platform: str, correction_id: int) -> list[tuple[str, str]]:
        """(channel, message) of what shows a correction."""
        rows = await self._database.rows(
            "SELECT channel, message FROM pieces WHERE platform = ? AND correction_id = ?",
            (platform, correction_id),
        )
        return [(channel, message) for channel, message in rows]

    async def tell(self, platform: str, correction_id: int) -> None:
        """What shows the correction on ``platform`` says by now what was decided about it."""
        async with self._database.transaction() as db:
            await db.execute(
                "UPDATE pieces SET told = 1 WHERE platform = ? AND correction_id = ?",
                (platform, correction_id),
            )

    async def untold(self, platform: str, *, last: int) -> list[int]:
        """The ``last`` corrections that were decided, and shown by what does not say so."""
        rows = await self._database.rows(
            "SELECT DISTINCT c.id FROM pieces p JOIN corrections c ON c.id = p.correction_id "
            "WHERE NOT p.told AND p.platform = ? AND c.decided_by IS NOT NULL "
            "AND c.state IN ('live', 'rejected') ORDER BY c.id DESC LIMIT ?",
            (platform, last),
        )
        return [int(row[0]) for row in rows]

    async def move(self, correction_id: int, to: int) -> None:
        """What showed one correction shows another from now on."""
        async with self._database.transaction() as db:
            moved = "UPDATE pieces SET correction_id = ?, told = 0 WHERE correction_id = ?"
            await db.execute(moved, (to, correction_id))

    async def correction_in(self, platform: str, channel: str, message: str) -> int | None:
        """The correction that ``message`` shows."""
        rows = await self._database.rows(
            "SELECT correction_id FROM pieces "
            "WHERE platform = ? AND channel = ? AND message = ? AND correction_id IS NOT NULL",
            (platform, channel, message),
        )
        return int(rows[0][0]) if rows else None

    async def question_of(self, platform: str, channel: str, message: str) -> int | None:
        """The question that the bot's ``message`` answers."""
        rows = await self._database.rows(
            "SELECT question_id FROM pieces WHERE platform = ? AND channel = ? AND message = ?",
            (platform, channel, message),
        )
        return int(rows[0][0]) if rows else None

    async def shown_since(self, platform: str, since: datetime, *, last: int) -> list[ShownAnswer]:
        """The ``last`` answers to questions that were asked after ``since``, the newest first.

        Each is followed by its corrections that are not over.
        """
        rows = await self._database.rows(
            "SELECT q.id, p.correction_id, p.channel, c.thread, p.message FROM pieces p "
            "JOIN questions q ON q.id = p.question_id "
            "JOIN conversations c ON c.id = q.conversation_id "
            "LEFT JOIN corrections k ON k.id = p.correction_id "
            "WHERE p.platform = ? AND coalesce(k.state, 'live') IN ('live', 'pending') "
            "AND q.id IN (SELECT question_id FROM pieces JOIN questions "
            "ON id = question_id WHERE platform = ? AND created_at > ? "
            "GROUP BY question_id ORDER BY question_id DESC LIMIT ?) "
            "ORDER BY q.id DESC, p.correction_id, p.message",
            (platform, platform, since.astimezone(UTC).isoformat(timespec="milliseconds"), last),
        )
        return _shown(rows)

    async def shown_with(self, platform: str, channel: str, message: str) -> ShownAnswer | None:
        """The answer, or its correction, that ``message`` is a piece of, with all its pieces."""
        rows = await self._database.rows(
            "SELECT q.id, p.correction_id, p.channel, c.thread, p.message FROM pieces one "
            "JOIN pieces p ON p.platform = one.platform AND p.question_id = one.question_id "
            "AND p.correction_id IS one.correction_id "
            "JOIN questions q ON q.id = p.question_id "
            "JOIN conversations c ON c.id = q.conversation_id "
            "WHERE one.platform = ? AND one.channel = ? AND one.message = ? ORDER BY p.message",
            (platform, channel, message),
        )
        return next(iter(_shown(rows)), None)

    async def thread_of(self, platform: str, channel: str, message: str) -> str | None:
        """The conversation that ``message``, a question or a piece of an answer, is part of."""
        question = await self.question_of(platform, channel, message)
        if question is None:
            question = await self.question_asked_in(platform, channel, message)
        rows = await self._database.rows(
            "SELECT c.thread FROM conversations c JOIN questions q ON q.conversation_id = c.id "
            "WHERE q.id = ?",
            (question,),
        )
        return str(rows[0][0]) if rows else None

    async def question_asked_in(self, platform: str, channel: str, message: str) -> int | None:
        """The question that a person's ``message`` was."""
        rows = await self._database.rows(
            "SELECT q.id FROM questions q JOIN conversations c ON c.id = q.conversation_id "
            "WHERE q.message = ? AND c.platform = ? AND c.channel = ?",
            (message, platform, channel),
        )
        return int(rows[0][0]) if rows else None


def _shown(rows: Iterable[sqlite3.Row]) -> list[ShownAnswer]:
    found: dict[tuple[int, int | None], ShownAnswer] = {}
    for question, correction, channel, thread, message in rows:
        shown = ShownAnswer(question, correction, channel, thread)
        found.setdefault((question, correction), shown).messages.append(message)
    return list(found.values())
