"""Pairs that came with a domain: whether they were ever loaded, and the way to remove them."""

from storage.database import Database, now

STARTER = "reactune:starter"  # who taught them; nobody's own: they stay when people are forgotten


class LoadedPacks:
    """A pair stops being the pack's when somebody else teaches its question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def untouched(self) -> bool:
        """Nothing is known, nothing was asked, and no pack was ever loaded, in any domain."""
        rows = await self._database.rows(
            "SELECT EXISTS (SELECT 1 FROM pairs) OR EXISTS (SELECT 1 FROM conversations) "
            "OR EXISTS (SELECT 1 FROM starter_packs)"
        )
        return not rows[0][0]

    async def count(self, domain: str) -> int:
        """How many pairs of the pack are there."""
        rows = await self._database.rows(
            "SELECT count(*) FROM pairs WHERE domain = ? AND person = ?", (domain, STARTER)
        )
        return int(rows[0][0])

    async def note_loaded(self, domain: str) -> None:
        async with self._database.transaction() as db:
            await db.execute(
                "INSERT INTO starter_packs (domain, loaded_at) VALUES (?, ?) ON CONFLICT DO UPDATE "
                "SET loaded_at = excluded.loaded_at, removed_at = NULL",
                (domain, now()),
            )

    async def remove(self, domain: str) -> int:
        """Take all pairs of the pack away; how many. What people said about them stays."""
        async with self._database.transaction() as db:
            gone = await db.execute(
                "DELETE FROM pairs WHERE domain = ? AND person = ?", (domain, STARTER)
            )
            await db.execute(
                "UPDATE starter_packs SET removed_at = ? WHERE domain = ?", (now(), domain)
            )
            return gone.rowcount
