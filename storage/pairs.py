"""What is known: approved questions with their answers."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from storage.database import Database, now
from storage.judgement import Rank

_AT_ONCE = 1000
_KEPT_CHANGES = 100_000


@dataclass(frozen=True, slots=True)
class TaughtPair:
    """One pair as somebody teaches it; ``key`` is the question's normal form."""

    domain: str
    question: str
    key: str
    answer: str
    source: str
    as_of: str
    score: float
    person: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair as it is shown and exported; ``taught``: its question comes from a file, else
    somebody has asked it. ``person``: whose words it is, None where they are nobody's own;
    ``since``: from when on it has these words."""

    id: int
    domain: str
    question: str
    answer: str
    source: str
    as_of: str
    score: float
    taught: bool
    rank: Rank = Rank.TEACHER
    person: str | None = None
    since: str = ""

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """``row``: as _COLUMNS gives it."""
        id_, domain, question, answer, source, as_of, score, taught, rank, person, since = row
        return cls(
            id_, domain, question, answer, source, as_of, score, bool(taught), Rank(rank), person,
            since,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmbeddedPair:
    """A pair as recall reads it; ``vector`` None: nobody has computed it yet."""

    id: int
    domain: str
    question: str
    answer: str
    rank: Rank
    support: float
    embedder: str | None
    vector: bytes | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """``row``: as _EMBEDDED gives it."""
        id_, domain, question, answer, rank, support, embedder, vector = row
        return cls(id_, domain, question, answer, Rank(rank), support, embedder, vector)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What teaching changed."""

    new: int
    changed: int


_COLUMNS = (
    "p.id, p.domain, p.question, p.answer, p.source, p.as_of, p.score, p.reply_id IS NULL, "
    "p.rank, p.person, p.created_at"
)
_EMBEDDED = "SELECT id, domain, question, answer, rank, support, embedder, vector FROM pairs "
_ONE_TEACHER = 1.0  # how many people stand behind what was taught


class Pairs:
    """Every change of a pair, by whoever, gets a revision; readers ask what came after theirs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def teach(self, rows: Sequence[TaughtPair]) -> ImportCounts:
        """Store all rows or none; a question taught before gets its new answer, and one that was
        rejected is known again: who teaches has the last word."""
        new = changed = 0
        async with self._database.transaction() as db:
            for row in rows:
                found = list(
                    await db.execute_fetchall(
                        "SELECT answer, source, as_of, score, person FROM pairs "
                        "WHERE domain = ? AND key = ? AND reply_id IS NULL",
                        (row.domain, row.key),
                    )
                )
                fields = (row.answer, row.source, row.as_of, row.score)
                if any(tuple(old)[:4] == fields for old in found):
                    await db.execute(  # the last word, also where others have said something since
                        "UPDATE pairs SET created_at = ?, person = iif(person = ?, person, NULL) "
                        "WHERE domain = ? AND key = ? AND reply_id IS NULL",
                        (now(), row.person, row.domain, row.key),  # taught by several: nobody's own
                    )
                    continue
                new, changed = new + (not found), changed + bool(found)
                rank = Rank.SOURCED if row.source else Rank.TEACHER
                await db.execute(
                    "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, rank, "
                    "support, person, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (domain, key) WHERE reply_id IS NULL DO UPDATE SET "
                    "answer = excluded.answer, source = excluded.source, as_of = excluded.as_of, "
                    "score = excluded.score, rank = excluded.rank, person = excluded.person, "
                    "created_at = excluded.created_at, "
                    "vector = iif(answer = excluded.answer, vector, NULL), round_id = NULL",
                    (
                        row.domain, row.question, row.key, *fields, rank, _ONE_TEACHER,
                        row.person, now(),
                    ),
                )  # fmt: skip
        return ImportCounts(new, changed)

    async def renew_keys(self, key_of: Callable[[str], str]) -> None:
        """Work out the keys that a migration has emptied; ``key_of`` gives a normal form.

        Of taught questions that are the same by now the later one stays.
        """
        after = 0
        while rows := await self._database.rows(
            "SELECT id, question FROM pairs WHERE substr(key, 1, 1) = ' ' AND id > ? "
            "ORDER BY id LIMIT ?",
            (after, _AT_ONCE),
        ):
            async with self._database.transaction() as db:
                await db.executemany(
                    "UPDATE OR REPLACE pairs SET key = ? WHERE id = ?",
                    [(key_of(row["question"]), row["id"]) for row in rows],
                )
            after = rows[-1]["id"]

    async def any(self) -> bool:
        """Something is known, in any domain."""
        return bool(await self._database.rows("SELECT 1 FROM pairs LIMIT 1"))

    async def count(self, domain: str | None = None) -> int:
        """How many are known; what only one person says is not."""
        rows = await self._database.rows(
            "SELECT count(*) FROM pairs WHERE score > 0 AND rank > ? AND (? IS NULL OR domain = ?)",
            (Rank.PERSON, domain, domain),
        )
        return int(rows[0][0])

    async def get(self, ids: Sequence[int]) -> dict[int, Pair]:
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM pairs p "  # noqa: S608
            "WHERE p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row["id"]: Pair.of(row) for row in rows}

    async def people(self, ids: Sequence[int]) -> frozenset[str]:
        """Who taught, corrected or asked these, and whose words they repeat."""
        rows = await self._database.rows(
            "SELECT p.person, q.person, s.person FROM pairs p "
            "LEFT JOIN replies r ON r.id = p.reply_id "
            "LEFT JOIN questions q ON q.id = r.question_id "
            "LEFT JOIN repeats s ON s.reply_id = p.reply_id "
            "WHERE p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return frozenset(person for row in rows for person in row if person)

    async def exact(self, domain: str, key: str) -> int | None:
        """The pair that answers exactly this question: of the highest rank the one with most people
        behind it, of these the newest."""
        rows = await self._database.rows(
            "SELECT id FROM pairs WHERE domain = ? AND key = ? AND score > 0 "
            "ORDER BY rank DESC, support DESC, created_at DESC, id DESC LIMIT 1",
            (domain, key),
        )
        return int(rows[0]["id"]) if rows else None

    async def of_replies(self, reply_ids: Sequence[int]) -> dict[int, list[Pair]]:
        """What each of these replies drew on, the nearest first."""
        rows = await self._database.rows(
            f"SELECT d.reply_id, {_COLUMNS} "  # noqa: S608
            "FROM drawn_on d JOIN pairs p ON p.id = d.pair_id "
            "WHERE d.reply_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY d.reply_id, d.score DESC",
            (json.dumps(list(reply_ids)),),
        )
        found: dict[int, list[Pair]] = {}
        for reply_id, *pair in rows:
            found.setdefault(reply_id, []).append(Pair.of(pair))
        return found

    async def approved(self) -> AsyncIterator[Pair]:
        """Everything approved in the order of its ids, each question once with its best support."""
        after = 0
        while True:
            rows = await self._database.rows(
                f"SELECT {_COLUMNS} FROM pairs p "  # noqa: S608
                "WHERE id > ? AND score > 0 AND rank > ? AND NOT EXISTS (SELECT 1 FROM pairs o "
                "WHERE o.domain = p.domain AND o.key = p.key AND o.score > 0 "
                "AND (o.rank, o.support, o.created_at, o.id) "
                "> (p.rank, p.support, p.created_at, p.id)) ORDER BY id LIMIT ?",
                (after, Rank.PERSON, _AT_ONCE),
            )
            for row in rows:
                yield Pair.of(row)
            if not rows:
                return
            after = rows[-1]["id"]

    async def readable(self, ids: Sequence[int], *, platform: str, channel: str) -> frozenset[int]:
        """Of these pairs those whose question may be shown in this channel: it was taught, or asked
        there. What was asked elsewhere may be private, also where the same person asks here."""
        rows = await self._database.rows(
            "SELECT p.id FROM pairs p LEFT JOIN replies r ON r.id = p.reply_id "
            "LEFT JOIN questions q ON q.id = r.question_id "
            "LEFT JOIN conversations c ON c.id = q.conversation_id "
            "WHERE p.id IN (SELECT value FROM json_each(?)) AND (p.reply_id IS NULL "
            "OR (c.platform = ? AND c.channel = ?))",
            (json.dumps(list(ids)), platform, channel),
        )
        return frozenset(row["id"] for row in rows)

    async def revision(self) -> int:
        """The number of the latest change."""
        rows = await self._database.rows("SELECT max(revision) FROM pair_changes")
        return int(rows[0][0] or 0)

    async def changed(self, after: int, *, last: int) -> tuple[int, dict[int, EmbeddedPair | None]]:
        """The next changes after a revision: (the revision reached, pairs; None: gone)."""
        changes = await self._database.rows(
            "SELECT revision, pair_id FROM pair_changes WHERE revision > ? "
            "ORDER BY revision LIMIT ?",
            (after, last),
        )
        if not changes:
            return after, {}
        found: dict[int, EmbeddedPair | None] = {row["pair_id"]: None for row in changes}
        rows = await self._database.rows(
            _EMBEDDED  # noqa: S608
            + "WHERE score > 0 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(found)),),
        )
        found.update({row["id"]: EmbeddedPair.of(row) for row in rows})
        return changes[-1]["revision"], found

    async def all(self, after: int, *, last: int) -> list[EmbeddedPair]:
        """The next recallable pairs in the order of their ids."""
        rows = await self._database.rows(
            _EMBEDDED + "WHERE score > 0 AND id > ? ORDER BY id LIMIT ?",
            (after, last),
        )
        return [EmbeddedPair.of(row) for row in rows]

    async def set_embedder(self, embedder: str) -> None:
        """Vectors of another embedder mean nothing to this one: drop them."""
        async with self._database.transaction() as db:
            await db.execute(
                "UPDATE pairs SET vector = NULL, embedder = NULL WHERE embedder <> ?", (embedder,)
            )

    async def without_vector(
        self, *, last: int, only_said: bool = False
    ) -> list[tuple[int, str, str]]:
        """(id, question, answer) of pairs without a vector.

        What people have just approved or corrected comes first (``only_said``: nothing else), then
        what was taught, the newest before the others.
        """
        rows = await self._database.rows(
            "SELECT id, question, answer FROM pairs WHERE vector IS NULL AND score > 0 "
            "AND (reply_id IS NOT NULL OR NOT ?) ORDER BY reply_id IS NULL, id DESC LIMIT ?",
            (only_said, last),
        )
        return [(row["id"], row["question"], row["answer"]) for row in rows]

    async def put_vectors(
        self, embedder: str, rows: Sequence[tuple[int, str, str]], vectors: Sequence[bytes]
    ) -> None:
        """Keep what was computed of ``rows``, as ``unread`` gave them, unless they have changed."""
        async with self._database.transaction() as db:
            await db.executemany(
                "UPDATE pairs SET embedder = ?, vector = ? "
                "WHERE id = ? AND question = ? AND answer = ? AND vector IS NULL",
                [(embedder, v, *row) for row, v in zip(rows, vectors, strict=True)],
            )

    async def embedder(self) -> str | None:
        """Whose vectors are stored; None: there are none."""
        rows = await self._database.rows(
            "SELECT embedder FROM pairs WHERE vector IS NOT NULL LIMIT 1"
        )
        return str(rows[0]["embedder"]) if rows else None

    async def unprepared(self, embedder: str, *, last: int) -> list[tuple[int, str, str]]:
        """(id, question, answer) of pairs that ``embedder`` reads before it takes over."""
        rows = await self._database.rows(
            "SELECT p.id, p.question, p.answer FROM pairs p "
            "LEFT JOIN prepared_vectors v ON v.pair_id = p.id AND v.embedder = ? "
            "WHERE p.score > 0 AND v.pair_id IS NULL LIMIT ?",
            (embedder, last),
        )
        return [(row["id"], row["question"], row["answer"]) for row in rows]

    async def prepare_vectors(
        self, embedder: str, rows: Sequence[tuple[int, str, str]], vectors: Sequence[bytes]
    ) -> None:
        """Keep what was computed of ``rows``, as ``unprepared`` gave them, unless they have
        changed, beside the vectors in use."""
        async with self._database.transaction() as db:
            await db.executemany(
                "INSERT OR REPLACE INTO prepared_vectors (pair_id, embedder, vector) "
                "SELECT id, ?, ? FROM pairs WHERE id = ? AND question = ? AND answer = ?",
                [(embedder, v, *row) for row, v in zip(rows, vectors, strict=True)],
            )

    async def change_embedder(self, embedder: str) -> None:
        """Let the vectors that ``embedder`` has prepared take the place of those in use; pairs
        that it has not read have none until somebody reads them."""
        async with self._database.transaction() as db:
            await db.execute(
                "UPDATE pairs SET embedder = ?1, vector = (SELECT vector FROM prepared_vectors v "
                "WHERE v.pair_id = pairs.id AND v.embedder = ?1) "
                "WHERE embedder IS NOT ?1 OR vector IS NULL",
                (embedder,),
            )
            await db.execute("DELETE FROM prepared_vectors")

    async def forget_old_changes(self) -> None:
        """Drop revisions that no short command beside us can have missed."""
        async with self._database.transaction() as db:
            await db.execute(
                "DELETE FROM pair_changes WHERE revision < "
                "(SELECT max(revision) FROM pair_changes) - ?",
                (_KEPT_CHANGES,),
            )
