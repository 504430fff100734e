"""What people think of replies: the emoji that each person has put on each reply."""

import time
from collections.abc import Mapping

from storage.database import Database, now
from storage.errors import StorageError


class Labels:
    """For each reply, person and emoji the latest change counts, in whatever order they arrive.

    So a label that was taken off keeps its row: an older "put on" that arrives late is told apart.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(
        self,
        reply_id: int,
        person: str,
        emoji: str,
        score: float,
        *,
        present: bool,
        at: float | None = None,
    ) -> None:
        """Put ``emoji`` on or take it off; ``at``: when it happened, in seconds since 1970 (now).

        Raises StorageError when there is no such reply (it may have been deleted).
        """
        async with self._database.transaction() as db:
            if not await db.execute_fetchall("SELECT 1 FROM replies WHERE id = ?", (reply_id,)):
                raise StorageError(f"there is no such reply: {reply_id}")
            await db.execute(
                "INSERT INTO labels (reply_id, person, emoji, score, created_at, present, "
                "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET score = excluded.score, present = excluded.present, "
                "changed_at = excluded.changed_at WHERE excluded.changed_at >= changed_at",
                (reply_id, person, emoji, score, now(), present, time.time() if at is None else at),
            )

    async def of_person(self, reply_ids: list[int], person: str) -> Mapping[int, frozenset[str]]:
        """The emoji that ``person`` has on each of these replies."""
        marks = ",".join("?" * len(reply_ids))  # the only text that is put into the statement
        rows = await self._database.rows(
            f"SELECT reply_id, emoji FROM labels WHERE reply_id IN ({marks}) "  # noqa: S608
            "AND person = ? AND present",
            [*reply_ids, person],
        )
        found: dict[int, frozenset[str]] = {}
        for reply_id, emoji in rows:
            found[reply_id] = found.get(reply_id, frozenset()) | {emoji}
        return found

    async def of_reply(self, reply_id: int) -> list[tuple[str, str]]:
        """Everybody's (person, emoji) on one reply."""
        rows = await self._database.rows(
            "SELECT person, emoji FROM labels WHERE reply_id = ? AND present", (reply_id,)
        )
        return [(row["person"], row["emoji"]) for row in rows]
