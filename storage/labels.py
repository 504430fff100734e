"""What people think of replies: the emoji that each person has put on each reply."""

from collections.abc import Mapping

from storage.database import Database, now
from storage.errors import StorageError


class Labels:
    """Adding the same emoji twice is one label; removing one that is not there changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reply_id: int, person: str, emoji: str, score: float) -> None:
        """Raises StorageError when there is no such reply (it may have been deleted)."""
        async with self._database.transaction() as db:
            added = await db.execute(
                "INSERT INTO labels (reply_id, person, emoji, score, created_at) "
                "SELECT id, ?, ?, ?, ? FROM replies WHERE id = ? "
                "ON CONFLICT DO UPDATE SET score = excluded.score",
                (person, emoji, score, now(), reply_id),
            )
            if added.rowcount == 0:
                raise StorageError(f"there is no such reply: {reply_id}")

    async def remove(self, reply_id: int, person: str, emoji: str) -> None:
        async with self._database.transaction() as db:
            await db.execute(
                "DELETE FROM labels WHERE reply_id = ? AND person = ? AND emoji = ?",
                (reply_id, person, emoji),
            )

    async def of_person(self, reply_ids: list[int], person: str) -> Mapping[int, frozenset[str]]:
        """The emoji that ``person`` has on each of these replies."""
        marks = ",".join("?" * len(reply_ids))
        rows = await self._database.rows(
            f"SELECT reply_id, emoji FROM labels WHERE person = ? AND reply_id IN ({marks})",  # noqa: S608 - only question marks
            [person, *reply_ids],
        )
        found: dict[int, frozenset[str]] = {}
        for reply_id, emoji in rows:
            found[reply_id] = found.get(reply_id, frozenset()) | {emoji}
        return found
