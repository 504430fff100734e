"""One SQLite file: opened, migrated, written by one writer, closed without leftovers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
from filelock import BaseFileLock, FileLock, Timeout

from storage.errors import InUseError, StorageError
from storage.migrations import MIGRATIONS

APPLICATION_ID = 0x52454143  # "REAC": SQLite's own mark of whose file this is
_BUSY_TIMEOUT_MS = 5000
_BUSY_RETRIES = 3
_FOLD_TRIES, _FOLD_PAUSE_S = 5, 0.5


def now() -> str:
    """The time as it is stored: UTC, ISO 8601, sortable as text."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Database:
    """Reads on one connection, writes on another inside ``transaction``.

    ``serving`` claims the file for one process that serves from it; short commands beside it
    leave that out.
    """

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        claim: BaseFileLock | None,
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._claim = claim
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path, *, serving: bool = False) -> "Database":
        """Open and migrate. Raises InUseError or StorageError, with nothing left open."""
        claim: BaseFileLock | None = None
        connections: list[aiosqlite.Connection] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            claim = _claimed(path) if serving else None
            connections = [await _connection(path)]
            await _refuse_others(connections[0], path)
            await _tune(connections[0])
            await _migrate(connections[0], path)
            connections.append(await _connection(path))
            await _tune(connections[1])
            await connections[1].execute("PRAGMA query_only = ON")
            return cls(path, connections[0], connections[1], claim)
        except (sqlite3.Error, OSError, StorageError) as error:
            for connection in connections:
                await connection.close()
            if claim:
                claim.release()
            if isinstance(error, StorageError):
                raise
            raise _unusable(path, error) from error

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()  # the last one out folds the write-ahead log into the file
        if self._claim:
            self._claim.release()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """All of the block is written, or nothing of it."""
        async with self._writing:
            try:
                await _uncut(self._begin())
                yield self._writer
                await _uncut(self._writer.execute("COMMIT"))
            except BaseException as error:
                if self._writer.in_transaction:
                    await _uncut(self._writer.execute("ROLLBACK"))
                if isinstance(error, sqlite3.Error):
                    raise _unusable(self.path, error) from error
                raise

    async def check_writing(self) -> None:
        """Write something that changes nothing. Raises StorageError when writing is impossible."""
        async with self.transaction() as db:
            await db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    async def version(self) -> int:
        """Another number after every change, by whichever connection or process."""
        return int((await self.rows("PRAGMA data_version"))[0][0])

    async def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[sqlite3.Row]:
        try:
            return list(await self._reader.execute_fetchall(sql, parameters))
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    async def fold(self) -> None:
        """Fold the write-ahead log into the file, so that what was deleted is nowhere any more."""
        for _ in range(_FOLD_TRIES):
            async with self._writing:
                try:
                    rows = await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                except sqlite3.Error as error:
                    raise _unusable(self.path, error) from error
            if not next(iter(rows))[0]:
                return
            await asyncio.sleep(_FOLD_PAUSE_S)
        raise StorageError(
            "it was removed, but another program still reads the database: the words leave "
            f"{self.path} for good once that has ended and somebody is forgotten, or Reactune "
            "is started, again"
        )

    async def _begin(self) -> None:
        """Take the write lock; SQLite itself waits, and we ask a few times more."""
        for attempt in range(_BUSY_RETRIES):
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
                if not busy or attempt == _BUSY_RETRIES - 1:
                    raise _unusable(self.path, error) from error


def _claimed(path: Path) -> BaseFileLock:
    claim = FileLock(path.with_name(path.name + ".lock"))
    try:
        claim.acquire(blocking=False)
    except Timeout as error:
        raise InUseError(
            f"another Reactune is already serving from {path}; "
            "stop it, or set REACTUNE_HOME to another folder"
        ) from error
    return claim


async def _connection(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


async def _tune(connection: aiosqlite.Connection) -> None:
    await connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute("PRAGMA synchronous = NORMAL")
    await connection.execute("PRAGMA foreign_keys = ON")
    await connection.execute("PRAGMA secure_delete = ON")  # forgotten words leave no trace


async def _refuse_others(connection: aiosqlite.Connection, path: Path) -> None:
    """Somebody else's database is left as it is, before anything in it is changed."""
    tables = await _number(connection, "SELECT count(*) FROM sqlite_schema")
    if tables and await _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise StorageError(f"{path} is a database of another program; move it away")


async def _number(connection: aiosqlite.Connection, sql: str) -> int:
    rows = list(await connection.execute_fetchall(sql))
    return int(rows[0][0])


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Apply the steps that this file has not seen, all in one transaction."""
    if await _number(connection, "PRAGMA user_version") == len(MIGRATIONS):
        return
    await connection.execute("BEGIN IMMEDIATE")
    try:
        seen = await _number(connection, "PRAGMA user_version")
        if seen > len(MIGRATIONS):
            raise StorageError(
                f"{path} was written by a newer Reactune (version {seen} of the tables, "
                f"this one knows {len(MIGRATIONS)}); update Reactune"
            )
        for step in MIGRATIONS[seen:]:
            for statement in step:
                await connection.execute(statement)
        await connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        await connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        await connection.execute("COMMIT")
    except BaseException:
        await connection.execute("ROLLBACK")
        raise


async def _uncut(work: Awaitable[Any]) -> None:
    """See ``work`` end even when we are cancelled meanwhile: SQLite's thread goes on regardless,
    and what it did must be known before anything else is sent to it."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _unusable(path: Path, error: Exception) -> StorageError:
    code = getattr(error, "sqlite_errorcode", None)
    hints = {
        sqlite3.SQLITE_NOTADB: "it is not a database of Reactune; move it away",
        sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup",
        sqlite3.SQLITE_FULL: "the disk is full; free some space",
        sqlite3.SQLITE_READONLY: "it is read-only; check who owns it",
        sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the folder and who owns it",
        sqlite3.SQLITE_BUSY: "another program holds it; stop that program",
    }
    hint = hints.get(code & 0xFF) if code is not None else None
    return StorageError(f"the database {path} cannot be used: {hint or error}")
