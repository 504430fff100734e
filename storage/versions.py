"""The registry of adapter versions: which there are, and which one is live in each domain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import aiosqlite

from storage.database import Database, now
from storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class Version:
    """One version.

    ``contains_forgotten``: it has learned from somebody who wants to be forgotten.
    """

    name: str
    domain: str
    round_id: int | None
    contains_forgotten: bool
    created_at: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """``version`` None: the bare base model. ``reason``: round, approved, rollback or watch."""

    version: str | None
    reason: str
    created_at: str


class VersionRegistry:
    """What is live is the latest promotion of a domain, and nothing else says so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, domain: str, round_id: int, people: Iterable[str]) -> None:
        """Register a version and who it learns from: before it is trained, so that whoever is
        forgotten meanwhile marks it. Since its round began somebody may be: that marks it too."""
        async with self._database.transaction() as db:
            await db.execute(
                "INSERT INTO versions (name, domain, round_id, created_at, tainted_at) "
                "VALUES (?1, ?2, ?3, ?4, (SELECT w.created_at FROM wanted_rounds w JOIN rounds r "
                "ON r.id = ?3 WHERE w.domain = ?2 AND w.created_at >= r.created_at))",
                (name, domain, round_id, now()),
            )
            await db.executemany(
                "INSERT INTO trained_on (version, person) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(name, person) for person in people],
            )

    async def promote(self, domain: str, version: str | None, reason: str) -> None:
        """Make ``version`` live from now on; None: the bare base model.

        Raises StorageError for a version that there is not in this domain.
        """
        async with self._database.transaction() as db:
            await promote(db, domain, version, reason)

    async def live(self) -> Mapping[str, str]:
        """The live version of each domain that has one."""
        rows = await self._database.rows(
            "SELECT domain, version FROM promotions WHERE id IN "
            "(SELECT max(id) FROM promotions GROUP BY domain) AND version IS NOT NULL"
        )
        return {row["domain"]: row["version"] for row in rows}

    async def before(self, domain: str) -> str | None:
        """What was live when the live version first took over; None: the bare base model.

        So going back twice goes back two versions, and not forth again. What has learned from
        somebody who is forgotten is passed over.
        """
        rows = await self._database.rows(
            "SELECT version FROM promotions WHERE domain = ?1 AND id < (SELECT min(id) "
            "FROM promotions WHERE domain = ?1 AND version IS (SELECT version FROM promotions "
            "WHERE domain = ?1 ORDER BY id DESC LIMIT 1)) AND (version IS NULL OR version IN "
            "(SELECT name FROM versions WHERE tainted_at IS NULL)) ORDER BY id DESC LIMIT 1",
            (domain,),
        )
        return rows[0]["version"] if rows else None

    async def history(self, domain: str, *, last: int) -> list[Promotion]:
        """What went live when, the latest first; before the first it was the bare base model."""
        rows = await self._database.rows(
            "SELECT version, reason, created_at FROM promotions WHERE domain = ? "
            "ORDER BY id DESC LIMIT ?",
            (domain, last),
        )
        return [Promotion(*row) for row in rows]

    async def remove(self, name: str) -> None:
        """Forget a version that is not live; what it answered keeps its name."""
        async with self._database.transaction() as db:
            await db.execute("DELETE FROM versions WHERE name = ?", (name,))

    async def names(self) -> frozenset[str]:
        """Every version of every domain."""
        rows = await self._database.rows("SELECT name FROM versions")
        return frozenset(row["name"] for row in rows)

    async def unusable(self) -> frozenset[str]:
        """Those that nobody has judged, since their round was killed, and those that must go."""
        rows = await self._database.rows(
            "SELECT v.name FROM versions v LEFT JOIN rounds r ON r.id = v.round_id "
            "WHERE v.tainted_at IS NOT NULL OR r.state IN ('failed', 'cancelled')"
        )
        return frozenset(row["name"] for row in rows)

    async def ever_live(self, domain: str) -> frozenset[str]:
        """The versions of ``domain`` that are live or have been."""
        rows = await self._database.rows(
            "SELECT DISTINCT version FROM promotions WHERE domain = ? AND version IS NOT NULL",
            (domain,),
        )
        return frozenset(row["version"] for row in rows)

    async def all(self, domain: str) -> list[Version]:
        """Every version of ``domain``, the newest first."""
        rows = await self._database.rows(
            "SELECT name, domain, round_id, tainted_at IS NOT NULL, created_at FROM versions "
            "WHERE domain = ? ORDER BY created_at DESC, name DESC",
            (domain,),
        )
        return [Version(r[0], r[1], r[2], bool(r[3]), r[4]) for r in rows]


async def promote(db: aiosqlite.Connection, domain: str, version: str | None, reason: str) -> None:
    """The same within a transaction that changes more."""
    known = await db.execute_fetchall(
        "SELECT tainted_at FROM versions WHERE name = ? AND domain = ?", (version, domain)
    )
    if version is not None and not known:
        raise StorageError(f"there is no version {version} in {domain}")
    if any(tainted_at for (tainted_at,) in known):
        raise StorageError(f"{version} has learned from somebody who is forgotten")
    await db.execute(
        "INSERT INTO promotions (domain, version, reason, created_at) VALUES (?, ?, ?, ?)",
        (domain, version, reason, now()),
    )
