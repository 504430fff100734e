"""Conversations, the questions asked in them and the replies given."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import aiosqlite

from storage.database import Database, now
from storage.errors import GoneError, WithdrawnError

_TITLE_CHARS = 80


class UsedPair(NamedTuple):
    """An approved pair that was put before a question, with its ``answer`` at that time; ``score``
    from 0 to 1 says how near it is, 1 being the same question."""

    pair_id: int
    score: float
    answer: str


@dataclass(frozen=True, slots=True)
class StoredReply:
    """One answer as it is kept; times in milliseconds. ``version`` None: the bare base model.

    ``verified``: approved knowledge stands behind it. ``used_pairs``: the nearest first.
    ``quoted``: the text is the first pair's answer. ``suggestions``: pairs that are offered in
    place of an answer, the likeliest first. ``small_talk``: nothing was asked.
    """

    text: str
    status: str
    model: str
    version: str | None
    prompt_tokens: int
    tokens: int
    queued_ms: int
    first_token_ms: int
    latency_ms: int
    verified: bool = False
    quoted: bool = False
    small_talk: bool = False
    used_pairs: tuple[UsedPair, ...] = ()
    suggestions: tuple[UsedPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and, unless it was cut off or is still on its way, its reply.

    ``verified``: approved knowledge stood behind it. ``domain``: the field it was asked in.
    """

    question_id: int
    question: str
    reply_id: int | None
    reply: str | None
    status: str | None
    verified: bool
    domain: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """The question that a reply answers: who asked it where; ``message`` is the platform's name of
    it. ``number``: how many were asked in its conversation before it."""

    question_id: int
    text: str
    domain: str
    platform: str
    channel: str
    thread: str
    person: str
    message: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation in a list: how it began, and the field that was asked about last."""

    thread: str
    title: str
    domain: str


class Conversations:
    """Reads and writes what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check_writing(self) -> None:
        """Raises StorageError when nothing could be stored now."""
        await self._database.check_writing()

    async def add_question(
        self,
        *,
        platform: str,
        channel: str,
        thread: str,
        person: str,
        domain: str,
        text: str,
        message: str | None = None,
    ) -> tuple[int, int]:
        """Store a question, opening its conversation if new; (conversation id, question id).

        ``message`` is the platform's name of the person's message.
        """
        async with self._database.transaction() as db:
            await db.execute(
                "INSERT INTO conversations (platform, channel, thread, created_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (platform, channel, thread, now()),
            )
            rows = await db.execute_fetchall(
                "INSERT INTO questions "
                "(conversation_id, person, domain, text, message, created_at) "
                "SELECT id, ?, ?, ?, ?, ? FROM conversations "
                "WHERE platform = ? AND channel = ? AND thread = ? RETURNING conversation_id, id",
                (person, domain, text, message, now(), platform, channel, thread),
            )
            conversation, question = next(iter(rows))
            return conversation, question

    async def add_reply(self, question_id: int, reply: StoredReply) -> int:
        """Store the reply; its id. Raises GoneError when the question was forgotten meanwhile, and
        WithdrawnError when a pair that it drew on has gone or says something else now: whose words
        it repeats could not be told any more."""
        async with self._database.transaction() as db:
            if not await db.execute_fetchall(
                "SELECT 1 FROM questions WHERE id = ?", (question_id,)
            ):
                raise GoneError(f"the question {question_id} was removed")
            await _check_pairs(db, (*reply.used_pairs, *reply.suggestions))
            rows = await db.execute_fetchall(
                "INSERT INTO replies (question_id, text, status, model, version, verified, "
                "small_talk, prompt_tokens, tokens, queued_ms, first_token_ms, latency_ms, "
                "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (question_id, *_columns(reply)),
            )
            reply_id = int(next(iter(rows))[0])
            await _link(db, reply_id, reply)
            return reply_id

    async def replace_reply(self, reply_id: int, reply: StoredReply) -> None:
        """Another answer takes the place of a stored one. Marks that people put on the old words
        say nothing about the new ones, and go.

        Raises GoneError and WithdrawnError as ``add_reply``.
        """
        async with self._database.transaction() as db:
            await _check_pairs(db, (*reply.used_pairs, *reply.suggestions))
            changed = await db.execute(
                "UPDATE replies SET text = ?, status = ?, model = ?, version = ?, verified = ?, "
                "small_talk = ?, prompt_tokens = ?, tokens = ?, queued_ms = ?, first_token_ms = ?, "
                "latency_ms = ?, created_at = ?, copied = 0, source_reply = NULL, "
                "source_pair = NULL WHERE id = ?",
                (*_columns(reply), reply_id),
            )
            if not changed.rowcount:
                raise GoneError(f"the reply {reply_id} was removed")
            for table in ("drawn_on", "repeats", "suggestions", "labels", "reviews"):
                await db.execute(f"DELETE FROM {table} WHERE reply_id = ?", (reply_id,))  # noqa: S608
            await _link(db, reply_id, reply)

    async def asked(self, reply_id: int) -> AskedQuestion | None:
        """The question that a reply answers; None when it was removed."""
        rows = await self._database.rows(
            "SELECT q.id, q.text, q.domain, c.platform, c.channel, c.thread, q.person, q.message, "
            "(SELECT count(*) FROM questions e WHERE e.conversation_id = c.id AND e.id < q.id) "
            "FROM replies r JOIN questions q ON q.id = r.question_id "
            "JOIN conversations c ON c.id = q.conversation_id WHERE r.id = ?",
            (reply_id,),
        )
        return AskedQuestion(*rows[0]) if rows else None

    async def exchanges(
        self, platform: str, channel: str, thread: str, *, last: int, before: int | None = None
    ) -> list[Exchange]:
        """The ``last`` exchanges of a conversation, before the question ``before`` if one is given,
        oldest first; empty when it is unknown."""
        rows = await self._database.rows(
            "SELECT q.id, q.text, r.id, r.text, r.status, coalesce(r.verified, 0), q.domain "
            "FROM conversations c "
            "JOIN questions q ON q.conversation_id = c.id "
            "LEFT JOIN replies r ON r.question_id = q.id "
            "WHERE c.platform = ?1 AND c.channel = ?2 AND c.thread = ?3 "
            "AND (?4 IS NULL OR q.id < ?4) ORDER BY q.id DESC LIMIT ?5",
            (platform, channel, thread, before, last),
        )
        return [Exchange(*row) for row in reversed(rows)]

    async def threads(self, platform: str, channel: str, *, last: int) -> list[Thread]:
        """The conversations in ``channel``, the one with the newest question first."""
        rows = await self._database.rows(
            "SELECT c.thread, substr(first.text, 1, ?), newest.domain FROM conversations c "
            "JOIN questions first ON first.id = "
            "(SELECT min(id) FROM questions WHERE conversation_id = c.id) "
            "JOIN questions newest ON newest.id = "
            "(SELECT max(id) FROM questions WHERE conversation_id = c.id) "
            "WHERE c.platform = ? AND c.channel = ? ORDER BY newest.id DESC LIMIT ?",
            (_TITLE_CHARS, platform, channel, last),
        )
        return [Thread(*row) for row in rows]

    async def channels_since(self, platform: str, since: datetime, *, last: int) -> list[str]:
        """Where questions were asked after ``since``, the newest first."""
        rows = await self._database.rows(
            "SELECT c.channel FROM conversations c JOIN questions q ON q.conversation_id = c.id "
            "WHERE c.platform = ? AND q.created_at > ? "
            "GROUP BY c.channel ORDER BY max(q.id) DESC LIMIT ?",
            (platform, since.astimezone(UTC).isoformat(timespec="milliseconds"), last),
        )
        return [str(row["channel"]) for row in rows]

    async def first_message(self, platform: str, channel: str, thread: str) -> str | None:
        """The platform's name of the first question of a conversation."""
        rows = await self._database.rows(
            "SELECT q.message FROM conversations c JOIN questions q ON q.conversation_id = c.id "
            "WHERE c.platform = ? AND c.channel = ? AND c.thread = ? AND q.message IS NOT NULL "
            "ORDER BY q.id LIMIT 1",
            (platform, channel, thread),
        )
        return str(rows[0]["message"]) if rows else None

    async def take_interrupted(self, platform: str, since: datetime) -> list[tuple[str, str]]:
        """Note as failed what was asked after ``since`` and never answered.

        (channel, message) of each question; only a run that was killed leaves any.
        """
        async with self._database.transaction() as db:
            rows = await db.execute_fetchall(
                "SELECT q.id, c.channel, q.message FROM questions q "
                "JOIN conversations c ON c.id = q.conversation_id "
                "LEFT JOIN replies r ON r.question_id = q.id "
                "WHERE c.platform = ? AND q.created_at > ? AND q.message IS NOT NULL "
                "AND r.id IS NULL ORDER BY q.id",
                (platform, since.astimezone(UTC).isoformat(timespec="milliseconds")),
            )
            for question, _, _ in rows:
                await db.execute(
                    "INSERT INTO replies (question_id, text, status, model, prompt_tokens, "
                    "tokens, queued_ms, first_token_ms, latency_ms, created_at) "
                    "VALUES (?, '', 'failed', '', 0, 0, 0, 0, 0, ?)",
                    (question, now()),
                )
            return [(str(channel), str(message)) for _, channel, message in rows]

    async def reply_to(self, question_id: int) -> int | None:
        """The id of the reply to a question."""
        rows = await self._database.rows(
            "SELECT id FROM replies WHERE question_id = ?", (question_id,)
        )
        return int(rows[0][0]) if rows else None

    async def reply(self, reply_id: int) -> sqlite3.Row | None:
        rows = await self._database.rows("SELECT * FROM replies WHERE id = ?", (reply_id,))
        return rows[0] if rows else None


def _columns(reply: StoredReply) -> tuple[object, ...]:
    return (
        reply.text, reply.status, reply.model, reply.version, reply.verified, reply.small_talk,
        reply.prompt_tokens, reply.tokens, reply.queued_ms, reply.first_token_ms,
        reply.latency_ms, now(),
    )  # fmt: skip


async def _check_pairs(db: aiosqlite.Connection, used_pairs: Sequence[UsedPair]) -> None:
    rows = await db.execute_fetchall(
        "SELECT id, answer FROM pairs WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([drawn.pair_id for drawn in used_pairs]),),
    )
    known = {tuple(row) for row in rows}
    for drawn in used_pairs:
        if (drawn.pair_id, drawn.answer) not in known:
            raise WithdrawnError(f"the pair {drawn.pair_id} was removed or changed")


async def _link(db: aiosqlite.Connection, reply_id: int, reply: StoredReply) -> None:
    """Note what the reply drew on and offers, and whose words it may repeat."""
    await db.executemany(
        "INSERT INTO suggestions (reply_id, pair_id, score, embedder) "
        "SELECT ?, id, ?, embedder FROM pairs WHERE id = ?",
        [(reply_id, offered.score, offered.pair_id) for offered in reply.suggestions],
    )
    await db.executemany(  # the pair's vector gave the score
        "INSERT INTO drawn_on (reply_id, pair_id, score, embedder) "
        "SELECT ?, id, ?, embedder FROM pairs WHERE id = ?",
        [(reply_id, drawn.score, drawn.pair_id) for drawn in reply.used_pairs],
    )
    # An approved answer has no author but those whom it repeats itself.
    await db.execute(
        "INSERT INTO repeats (reply_id, person) "
        "SELECT d.reply_id, p.person FROM drawn_on d JOIN pairs p ON p.id = d.pair_id "
        "WHERE d.reply_id = ?1 AND p.person IS NOT NULL "
        "UNION SELECT d.reply_id, q.person FROM drawn_on d JOIN pairs p ON p.id = d.pair_id "
        "JOIN replies r ON r.id = p.reply_id JOIN questions q ON q.id = r.question_id "
        "WHERE d.reply_id = ?1 "
        "UNION SELECT d.reply_id, s.person FROM drawn_on d JOIN pairs p ON p.id = d.pair_id "
        "JOIN repeats s ON s.reply_id = p.reply_id WHERE d.reply_id = ?1 AND p.person IS NULL",
        (reply_id,),
    )
    if reply.used_pairs:
        nearest = reply.used_pairs[0]
        same = reply.quoted and nearest.score == 1
        await _note_source(db, reply_id, nearest.pair_id, same=same)


async def _note_source(
    db: aiosqlite.Connection, reply_id: int, pair_id: int, *, same: bool
) -> None:
    """A known pair's own words are no new knowledge. Where the question is the pair's, verdicts are
    about the pair; to another question its answer may be wrong and right all the same. A reply that
    shows what was said of itself has no source."""
    await db.execute(
        "UPDATE replies SET copied = 1, "
        "source_reply = iif(?3 AND p.reply_id <> ?1, p.reply_id, NULL), "
        "source_pair = iif(?3 AND p.reply_id IS NULL, p.id, NULL) "
        "FROM pairs p WHERE replies.id = ?1 AND p.id = ?2 AND trim(p.answer) = trim(replies.text)",
        (reply_id, pair_id, same),
    )
