"""What is known: approved questions with their answers."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import aiosqlite

from storage.database import Database, now

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
    """One approved pair as it is shown and exported; ``taught``: its question comes from a file,
    else somebody has asked it."""

    id: int
    domain: str
    question: str
    answer: str
    source: str
    as_of: str
    score: float
    taught: bool


@dataclass(frozen=True, slots=True)
class EmbeddedPair:
    """A pair as recall reads it; ``vector`` None: nobody has computed it yet."""

    id: int
    domain: str
    question: str
    answer: str
    support: float
    embedder: str | None
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What teaching changed."""

    new: int
    changed: int


_PAIR = (
    "SELECT id, domain, question, answer, source, as_of, score, reply_id IS NULL AS taught "
    "FROM pairs "
)
_SUPPORT_OF_TAUGHT = 2.0


class Pairs:
    """Every change of a pair, by whoever, gets a revision; readers ask what came after theirs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def teach(self, rows: Sequence[TaughtPair]) -> ImportCounts:
        """Store all rows or none; a question taught before gets its new answer. An answer that was
        rejected stays so, however often it is taught."""
        new = changed = 0
        async with self._database.transaction() as db:
            for row in rows:
                found = list(
                    await db.execute_fetchall(
                        "SELECT answer, source, as_of, score, person, support FROM pairs "
                        "WHERE domain = ? AND key = ? AND reply_id IS NULL",
                        (row.domain, row.key),
                    )
                )
                fields = (row.answer, row.source, row.as_of, row.score)
                if any(
                    tuple(old)[:4] == fields or (old["answer"] == row.answer and _is_rejected(old))
                    for old in found
                ):
                    if found[0]["person"] != row.person:  # taught by several: nobody's own
                        await db.execute(
                            "UPDATE pairs SET person = NULL WHERE domain = ? AND key = ? "
                            "AND reply_id IS NULL AND person IS NOT NULL",
                            (row.domain, row.key),
                        )
                    continue
                if not found and await _said(db, row):
                    continue
                new, changed = new + (not found), changed + bool(found)
                await db.execute(
                    "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, "
                    "support, person, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (domain, key) WHERE reply_id IS NULL DO UPDATE SET "
                    "answer = excluded.answer, source = excluded.source, as_of = excluded.as_of, "
                    "score = excluded.score, support = excluded.support, person = excluded.person, "
                    "vector = iif(answer = excluded.answer, vector, NULL), round_id = NULL",
                    (
                        row.domain, row.question, row.key, *fields,
                        _SUPPORT_OF_TAUGHT + row.score, row.person, now(),
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
        rows = await self._database.rows(
            "SELECT count(*) FROM pairs WHERE score > 0 AND (? IS NULL OR domain = ?)",
            (domain, domain),
        )
        return int(rows[0][0])

    async def get(self, ids: Sequence[int]) -> dict[int, Pair]:
        rows = await self._database.rows(
            _PAIR + "WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(list(ids)),),
        )
        return {row["id"]: Pair(*row) for row in rows}

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
        """The best supported pair that answers exactly this question."""
        rows = await self._database.rows(
            "SELECT id FROM pairs WHERE domain = ? AND key = ? AND score > 0 "
            "ORDER BY support DESC, id DESC LIMIT 1",
            (domain, key),
        )
        return int(rows[0]["id"]) if rows else None

    async def of_replies(self, reply_ids: Sequence[int]) -> dict[int, list[Pair]]:
        """What each of these replies drew on, the nearest first."""
        rows = await self._database.rows(
            "SELECT d.reply_id, p.id, p.domain, p.question, p.answer, p.source, p.as_of, p.score, "
            "p.reply_id IS NULL FROM drawn_on d JOIN pairs p ON p.id = d.pair_id "
            "WHERE d.reply_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY d.reply_id, d.score DESC",
            (json.dumps(list(reply_ids)),),
        )
        found: dict[int, list[Pair]] = {}
        for reply_id, *pair in rows:
            found.setdefault(reply_id, []).append(Pair(*pair))
        return found

    async def approved(self) -> AsyncIterator[Pair]:
        """Everything approved in the order of its ids, each question once with its best support."""
        after = 0
        while True:
            rows = await self._database.rows(
                _PAIR  # noqa: S608
                + "p WHERE id > ? AND score > 0 AND NOT EXISTS (SELECT 1 FROM pairs o "
                "WHERE o.domain = p.domain AND o.key = p.key AND o.score > 0 "
                "AND (o.support, o.id) > (p.support, p.id)) ORDER BY id LIMIT ?",
                (after, _AT_ONCE),
            )
            for row in rows:
                yield Pair(*row)
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
            "SELECT id, domain, question, answer, support, embedder, vector FROM pairs "
            "WHERE score > 0 AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(found)),),
        )
        found.update({row["id"]: EmbeddedPair(*row) for row in rows})
        return changes[-1]["revision"], found

    async def all(self, after: int, *, last: int) -> list[EmbeddedPair]:
        """The next recallable pairs in the order of their ids."""
        rows = await self._database.rows(
            "SELECT id, domain, question, answer, support, embedder, vector FROM pairs "
            "WHERE score > 0 AND id > ? ORDER BY id LIMIT ?",
            (after, last),
        )
        return [EmbeddedPair(*row) for row in rows]

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


def _is_rejected(old: sqlite3.Row) -> bool:
    """A ruling takes the score and leaves the support that was taught."""
    return bool(old["score"] == 0 and old["support"] > _SUPPORT_OF_TAUGHT)


async def _said(db: aiosqlite.Connection, row: TaughtPair) -> bool:
    """People have approved this very answer already; a copy would outlive their change of mind."""
    return bool(
        await db.execute_fetchall(
            "SELECT 1 FROM pairs WHERE domain = ? AND key = ? AND answer = ? "
            "AND reply_id IS NOT NULL",
            (row.domain, row.key, row.answer),
        )
    )
