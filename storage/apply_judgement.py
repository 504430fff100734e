"""After each change of what people think: what follows for what is known, in one transaction."""

from collections.abc import Sequence

import aiosqlite

from storage.database import Database, now
from storage.judgement import (
    ApprovedAnswer,
    Judge,
    PersonScore,
    Proposal,
    Rank,
    ReplyFeedback,
    Standing,
)

_AT_ONCE = 200
_COUNTED = 100  # people who say the same: more of them change nothing


async def apply_judgement(
    db: aiosqlite.Connection, reply_id: int, judge: Judge, done: frozenset[int] = frozenset()
) -> tuple[int, ...]:
    """Bring the pair and the review of a reply in line with ``judge``; to be called last in a
    transaction that changed a label, a correction or a ruling.

    So are a reply that it quotes, and those with the same words to the same question that it stands
    behind no more. Returns the corrections that counted until now and wait for more people or a
    decision from now on. ``done``: replies that quote this one.
    """
    waiting, gone = await _judged(db, reply_id, judge)
    for other in gone:
        waiting += (await _judged(db, other, judge))[0]
    for (source,) in await db.execute_fetchall(
        "SELECT source_reply FROM replies WHERE id = ? AND source_reply IS NOT NULL", (reply_id,)
    ):
        if source not in done | {reply_id}:
            waiting += await apply_judgement(db, source, judge, done | {reply_id})
    return waiting


async def renew_ranks(database: Database, judge: Judge) -> None:
    """Work out the ranks that a migration has emptied, and what waits by them."""
    while rows := await database.rows(
        "SELECT reply_id FROM pairs WHERE rank = 0 ORDER BY id LIMIT ?", (_AT_ONCE,)
    ):
        async with database.transaction() as db:
            for (reply_id,) in rows:
                await apply_judgement(db, reply_id, judge)
            await db.executemany(  # whatever came of it: it is looked at once
                "DELETE FROM pairs WHERE reply_id = ? AND rank = 0", [tuple(row) for row in rows]
            )


async def _judged(
    db: aiosqlite.Connection, reply_id: int, judge: Judge
) -> tuple[tuple[int, ...], list[int]]:
    """(corrections that wait from now on, replies whose words this one stands behind no more)"""
    feedback = await _feedback(db, reply_id, judge)
    if feedback is None:
        return (), []
    judgement = judge(feedback)
    for state, before, numbers in (
        ("pending", "live", judgement.waiting),
        ("live", "pending", judgement.counting),
    ):
        await db.executemany(
            "UPDATE corrections SET state = ?1, waits = ?1 = 'pending' "
            "WHERE id = ?3 AND state = ?2",
            [(state, before, number) for number in numbers],
        )
    said = await _who_says_so(db, reply_id)
    await _put_pair(db, feedback, judgement.approved)
    gone = said - await _who_says_so(db, reply_id)
    if judgement.disputed:
        await db.execute(
            "INSERT INTO reviews (reply_id, created_at) VALUES (?1, ?2) "
            "ON CONFLICT DO UPDATE SET reopened_at = iif(ruling IS NULL, NULL, ?2)",
            (reply_id, now()),
        )
    else:
        await db.execute("DELETE FROM reviews WHERE reply_id = ? AND ruling IS NULL", (reply_id,))
        await db.execute("UPDATE reviews SET reopened_at = NULL WHERE reply_id = ?", (reply_id,))
    return judgement.waiting, sorted(gone)


async def _who_says_so(db: aiosqlite.Connection, reply_id: int) -> set[int]:
    """Other replies whose pair has the question and the words of this one's."""
    rows = await db.execute_fetchall(
        "SELECT o.reply_id FROM pairs p JOIN pairs o ON (o.domain, o.key) = (p.domain, p.key) "
        "AND trim(o.answer) = trim(p.answer) AND o.reply_id <> p.reply_id "
        "WHERE p.reply_id = ? AND p.person IS NOT NULL AND o.person IS NOT NULL",
        (reply_id,),
    )
    return {row[0] for row in rows}


async def _feedback(db: aiosqlite.Connection, reply_id: int, judge: Judge) -> ReplyFeedback | None:
    rows = await db.execute_fetchall(
        "SELECT q.domain, q.text, (SELECT count(*) FROM questions e "
        "WHERE e.conversation_id = q.conversation_id AND e.id < q.id), r.text, r.status, q.person, "
        "v.ruling, v.decided_at, r.copied, r.source_pair IS NOT NULL, "
        "r.copied AND r.source_pair IS NULL AND r.source_reply IS NULL "
        "FROM replies r JOIN questions q ON q.id = r.question_id "
        "LEFT JOIN reviews v ON v.reply_id = r.id WHERE r.id = ?",
        (reply_id,),
    )
    for (
        domain, question, place, answer, status, asker, ruling, decided_at, copied, taught,
        answers_other_question,
    ) in rows:  # fmt: skip
        given, key = await _verdicts(db, reply_id, answer), judge.key_of(question)
        return ReplyFeedback(
            reply_id,
            domain,
            question,
            place,
            answer,
            status,
            asker,
            tuple(verdict for verdict, _ in given),
            await _proposals(db, reply_id, domain, key, judge),
            ruling,
            tuple(v for v, at in given if decided_at is not None and at > decided_at),
            bool(copied),
            bool(taught),
            bool(answers_other_question),
            await _rival(db, reply_id, domain, key),
        )
    return None


# Verdicts on replies that quote a text are verdicts on that text.
_ON_QUOTES = (
    "reply_id IN (SELECT id FROM replies WHERE source_reply = ?1 AND trim(text) = trim(?2))"
)


async def _verdicts(
    db: aiosqlite.Connection, reply_id: int, text: str
) -> Sequence[tuple[PersonScore, float]]:
    """Each person's latest on the reply and on quotes of it, and when it was given."""
    rows = await db.execute_fetchall(
        "SELECT person, score, decides, changed_at FROM verdicts WHERE reply_id = ?1 "  # noqa: S608
        f"OR {_ON_QUOTES} ORDER BY changed_at, score",
        (reply_id, text),
    )
    latest = {
        person: (PersonScore(person, score, bool(decides)), at)
        for person, score, decides, at in rows
    }
    return [latest[person] for person in sorted(latest)]


async def _proposals(
    db: aiosqlite.Connection, reply_id: int, domain: str, key: str, judge: Judge
) -> tuple[Proposal, ...]:
    found = []
    for number, author, text, decides, decided, waits in await db.execute_fetchall(
        "SELECT id, person, text, decides, decided_by IS NOT NULL, waits FROM corrections "
        "WHERE reply_id = ? AND (state = 'live' OR state = 'pending' AND waits) ORDER BY id",
        (reply_id,),
    ):
        rows = await db.execute_fetchall(
            "SELECT person, score, decides FROM verdicts "  # noqa: S608
            f"WHERE person <> ?3 AND (correction_id = ?4 OR {_ON_QUOTES}) "
            "ORDER BY changed_at, score",
            (reply_id, text, author, number),
        )
        others = {
            person: PersonScore(person, 1.0)
            for person in await _same_words(db, reply_id, domain, key, text, author, judge)
        }
        others |= {row[0]: PersonScore(row[0], row[1], bool(row[2])) for row in rows}
        own = PersonScore(author, 1.0, bool(decides))
        verdicts = (own, *(others[person] for person in sorted(others)))
        found.append(Proposal(number, author, text, verdicts, bool(decided), bool(waits)))
    return tuple(found)


async def _same_words(
    db: aiosqlite.Connection,
    reply_id: int,
    domain: str,
    key: str,
    text: str,
    author: str,
    judge: Judge,
) -> list[str]:
    """Who else has given these words to the same question, when it was asked another time."""
    rows = await db.execute_fetchall(
        "SELECT DISTINCT c.person, q.text FROM corrections c JOIN replies r ON r.id = c.reply_id "
        "JOIN questions q ON q.id = r.question_id WHERE trim(c.text) = trim(?) AND q.domain = ? "
        "AND c.reply_id <> ? AND c.person <> ? AND (c.state = 'live' OR c.state = 'pending' "
        "AND c.waits) ORDER BY c.id LIMIT ?",
        (text, domain, reply_id, author, _COUNTED),
    )
    same = {question: judge.key_of(question) == key for _, question in rows}
    return [person for person, question in rows if same[question]]


async def _rival(db: aiosqlite.Connection, reply_id: int, domain: str, key: str) -> Standing | None:
    """The best of what answers the question beside this reply, or is what the reply copies."""
    rows = await db.execute_fetchall(
        "SELECT rank, support FROM pairs WHERE score > 0 AND rank > 0 AND reply_id IS NOT ?1 "
        "AND (domain = ?2 AND key = ?3 OR id IN (SELECT p.id FROM replies r "
        "JOIN drawn_on d ON d.reply_id = r.id JOIN pairs p ON p.id = d.pair_id "
        "WHERE r.id = ?1 AND r.copied AND trim(p.answer) = trim(r.text))) "
        "ORDER BY rank DESC, support DESC LIMIT 1",
        (reply_id, domain, key),
    )
    return next((Standing(Rank(rank), people) for rank, people in rows), None)


async def _put_pair(
    db: aiosqlite.Connection, feedback: ReplyFeedback, approved: ApprovedAnswer | None
) -> None:
    if approved is None:
        await db.execute("DELETE FROM pairs WHERE reply_id = ?", (feedback.reply_id,))
        return
    await db.execute(
        "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, rank, support, "
        "person, reply_id, created_at) VALUES (?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (reply_id) DO UPDATE SET answer = excluded.answer, score = excluded.score, "
        "rank = excluded.rank, support = excluded.support, person = excluded.person, "
        "created_at = iif(answer = excluded.answer, created_at, excluded.created_at), "
        "vector = iif(answer = excluded.answer, vector, NULL) "
        "WHERE (answer, score, rank, support, person) IS NOT "
        "(excluded.answer, excluded.score, excluded.rank, excluded.support, excluded.person)",
        (
            feedback.domain, feedback.question, approved.key, approved.answer, approved.score,
            approved.rank, approved.people, approved.person, feedback.reply_id, now(),
        ),
    )  # fmt: skip
