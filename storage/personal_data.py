"""What is stored about one person, to be handed out or forgotten."""

import json
from collections.abc import AsyncIterator, Set
from typing import Any

import aiosqlite

from storage.apply_judgement import apply_judgement
from storage.database import Database, now
from storage.judgement import Judge

_AT_ONCE = 1000
_PARTS = {
    "question": "SELECT q.id, q.created_at, c.platform, c.channel, q.domain, q.text AS question, "
    "r.text AS answer FROM questions q JOIN conversations c ON c.id = q.conversation_id "
    "LEFT JOIN replies r ON r.question_id = q.id WHERE q.person = ? AND q.id > ? "
    "ORDER BY q.id LIMIT ?",
    "label": "SELECT l.id, l.created_at, l.reply_id, l.correction_id, l.emoji, l.score "
    "FROM labels l WHERE l.person = ? AND l.present AND l.id > ? ORDER BY l.id LIMIT ?",
    "correction": "SELECT k.id, k.created_at, q.text AS question, k.text AS correction, k.state "
    "FROM corrections k JOIN replies r ON r.id = k.reply_id "
    "JOIN questions q ON q.id = r.question_id WHERE k.person = ? AND k.id > ? "
    "ORDER BY k.id LIMIT ?",
    # Whoever says that an answer is not to their question has not seen the question that it is to:
    # one that was asked elsewhere may be private.
    "pick": "SELECT k.id, k.created_at, q.text AS question, CASE WHEN p.reply_id IS NULL "
    "OR (a.platform, a.channel) = (c.platform, c.channel) THEN p.question END AS known_question, "
    "k.fits FROM picks k JOIN pairs p ON p.id = k.pair_id JOIN replies r ON r.id = k.reply_id "
    "JOIN questions q ON q.id = r.question_id JOIN conversations c ON c.id = q.conversation_id "
    "LEFT JOIN replies s ON s.id = p.reply_id LEFT JOIN questions b ON b.id = s.question_id "
    "LEFT JOIN conversations a ON a.id = b.conversation_id WHERE k.person = ? AND k.id > ? "
    "ORDER BY k.id LIMIT ?",
    "pair": "SELECT p.id, p.created_at, p.domain, p.question, p.answer, p.source FROM pairs p "
    "WHERE p.person = ? AND p.id > ? ORDER BY p.id LIMIT ?",
}


class PersonalData:
    """Everything about one person, named as in the other tables (``slack:U1``)."""

    def __init__(self, database: Database, judge: Judge) -> None:
        self._database = database
        self._judge = judge

    async def data(self, person: str) -> AsyncIterator[dict[str, Any]]:
        """Each thing stored about ``person``, with its ``kind``, oldest first within a kind."""
        for kind, sql in _PARTS.items():
            after, rows = 0, await self._database.rows(sql, (person, 0, _AT_ONCE))
            while rows:
                for row in rows:
                    after, *_ = row
                    yield {"kind": kind, **{k: row[k] for k in row.keys() if k != "id"}}  # noqa: SIM118
                rows = await self._database.rows(sql, (person, after, _AT_ONCE))

    async def forget(self, person: str) -> dict[str, int]:
        """Remove all of it for good; how many of each kind went.

        What others know through ``person`` goes too: answers that may repeat their words, whoever
        asked, and pairs that rest on these. Versions that were trained on them are marked, and a
        round without them is wanted in each of their domains.
        """
        counts: dict[str, int] = {}
        async with self._database.transaction() as db:
            touched = await db.execute_fetchall(
                "SELECT reply_id FROM corrections WHERE person = ?1 UNION "
                "SELECT coalesce(l.reply_id, k.reply_id) FROM labels l "
                "LEFT JOIN corrections k ON k.id = l.correction_id WHERE l.person = ?1 UNION "
                "SELECT reply_id FROM repeats WHERE person = ?1 UNION "
                "SELECT o.reply_id FROM pairs p JOIN pairs o "  # who has said the same
                "ON (o.domain, o.key) = (p.domain, p.key) AND trim(o.answer) = trim(p.answer) "
                "WHERE p.person = ?1 AND p.reply_id IS NOT NULL AND o.reply_id IS NOT NULL",
                (person,),
            )
            await self._mark_versions(db, person)
            await _leave_reports(db, person)
            await db.execute(
                "UPDATE replies SET text = '' "
                "WHERE id IN (SELECT reply_id FROM repeats WHERE person = ?)",
                (person,),
            )
            await db.execute("DELETE FROM repeats WHERE person = ?", (person,))
            for kind, table in (
                ("label", "labels"), ("correction", "corrections"), ("pick", "picks"),
                ("pair", "pairs"), ("question", "questions"),
            ):  # fmt: skip
                gone = await db.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608
                counts[kind] = gone.rowcount
            await db.execute("DELETE FROM judged_scores WHERE person = ?", (person,))
            # Events bear the names of those who made them.
            platform, _, user = person.partition(":")
            await db.execute(
                "DELETE FROM handled WHERE platform = ? AND instr(event || ':', ':' || ? || ':')",
                (platform, user),
            )
            for table in ("corrections", "reviews"):
                await db.execute(
                    f"UPDATE {table} SET decided_by = NULL WHERE decided_by = ?",  # noqa: S608
                    (person,),
                )
            await db.execute(
                "DELETE FROM conversations WHERE NOT EXISTS "
                "(SELECT 1 FROM questions q WHERE q.conversation_id = conversations.id)"
            )
            for (reply_id,) in touched:
                await apply_judgement(db, reply_id, self._judge)
        await self._database.fold()
        return counts

    async def _mark_versions(self, db: aiosqlite.Connection, person: str) -> None:
        await db.execute(
            "INSERT INTO wanted_rounds (domain, reason, created_at) "
            "SELECT v.domain, 'forgotten', ?2 FROM versions v "
            "JOIN trained_on t ON t.version = v.name WHERE t.person = ?1 "
            # A round that has read their words and has not said yet whose they are.
            "UNION SELECT r.domain, 'forgotten', ?2 FROM rounds r WHERE r.state = 'running' "
            "AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.round_id = r.id) "
            "ON CONFLICT (domain) DO UPDATE SET created_at = excluded.created_at",
            (person, now()),
        )
        await db.execute(
            "UPDATE versions SET tainted_at = ?2 WHERE tainted_at IS NULL "
            "AND name IN (SELECT version FROM trained_on WHERE person = ?1)",
            (person, now()),
        )
        await db.execute("DELETE FROM trained_on WHERE person = ?", (person,))


async def _leave_reports(db: aiosqlite.Connection, person: str) -> None:
    """Reports of training show some questions with their answers: none any more that this person
    asked or answered, nor one of others where an answer holds their words."""
    rows = await db.execute_fetchall(
        "SELECT text FROM questions WHERE person = ?1 "
        "UNION SELECT question FROM pairs WHERE person = ?1 "
        "UNION SELECT q.text FROM questions q JOIN replies r ON r.question_id = q.id "
        "JOIN repeats s ON s.reply_id = r.id WHERE s.person = ?1",
        (person,),
    )
    taught_texts = {text for (text,) in rows}
    rows = await db.execute_fetchall(
        "SELECT text FROM corrections WHERE person = ?1 "
        "UNION SELECT answer FROM pairs WHERE person = ?1",
        (person,),
    )
    own_texts = {text for (text,) in rows}
    for number, report in await db.execute_fetchall(
        "SELECT id, report FROM rounds WHERE report IS NOT NULL"
    ):
        kept = json.dumps(_without(json.loads(report), taught_texts, own_texts), ensure_ascii=False)
        if kept != report:
            await db.execute("UPDATE rounds SET report = ? WHERE id = ?", (kept, number))


def _without(report: Any, questions: Set[str], own_texts: Set[str]) -> Any:
    """``told`` with empty texts wherever one of the ``questions`` is told of, or an
    answer holds what was ``said``."""
    if isinstance(report, list):
        return [_without(part, questions, own_texts) for part in report]
    if not isinstance(report, dict):
        return report
    theirs = any(report.get(key) in questions for key in ("question", "group"))
    theirs |= any(
        words in str(report.get(key, "")) for key in ("before", "after") for words in own_texts
    )
    return {
        key: "" if theirs and isinstance(value, str) else _without(value, questions, own_texts)
        for key, value in report.items()
    }
