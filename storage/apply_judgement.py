"""After each change of what people think: what follows for what is known, in one transaction."""

from collections.abc import Sequence

import aiosqlite

from storage.database import now
from storage.judgement import ApprovedAnswer, Judge, PersonScore, Proposal, ReplyFeedback


async def apply_judgement(db: aiosqlite.Connection, reply_id: int, judge: Judge) -> tuple[int, ...]:
    """Bring the pair and the review of a reply in line with ``judge``; to be called last in a
    transaction that changed a label, a correction or a ruling.

    A reply that quotes another one brings that in line as well. Returns the corrections that
    counted until now and wait for a decision from now on.
    """
    feedback = await _feedback(db, reply_id)
    if feedback is None:
        return ()
    judgement = judge(feedback)
    contested = judgement.contested
    for number in contested:
        await db.execute(
            "UPDATE corrections SET state = 'pending' WHERE id = ? AND state = 'live'", (number,)
        )
    await _put_pair(db, feedback, judgement.approved)
    if judgement.disputed:
        await db.execute(
            "INSERT INTO reviews (reply_id, created_at) VALUES (?, ?) ON CONFLICT DO UPDATE "
            "SET ruling = NULL, decided_by = NULL, decided_at = NULL",
            (reply_id, now()),
        )
    else:
        await db.execute("DELETE FROM reviews WHERE reply_id = ? AND ruling IS NULL", (reply_id,))
    for (source,) in await db.execute_fetchall(
        "SELECT source_reply FROM replies WHERE id = ? AND source_reply IS NOT NULL", (reply_id,)
    ):
        contested += await apply_judgement(db, source, judge)
    return contested


async def _feedback(db: aiosqlite.Connection, reply_id: int) -> ReplyFeedback | None:
    rows = await db.execute_fetchall(
        "SELECT q.domain, q.text, (SELECT count(*) FROM questions e "
        "WHERE e.conversation_id = q.conversation_id AND e.id < q.id), r.text, r.status, "
        "v.ruling, v.decided_at, r.copied, r.source_pair IS NOT NULL, "
        "r.copied AND r.source_pair IS NULL AND r.source_reply IS NULL, "
        "(WITH RECURSIVE quoted (id) AS (SELECT r.source_reply UNION "
        "SELECT s.source_reply FROM replies s JOIN quoted ON quoted.id = s.id) "
        "SELECT count(id) FROM quoted) "
        "FROM replies r JOIN questions q ON q.id = r.question_id "
        "LEFT JOIN reviews v ON v.reply_id = r.id WHERE r.id = ?",
        (reply_id,),
    )
    for (
        domain, question, place, answer, status, ruling, decided_at, copied, taught,
        answers_other_question, quote_depth,
    ) in rows:  # fmt: skip
        given = await _verdicts(db, reply_id, answer)
        return ReplyFeedback(
            reply_id,
            domain,
            question,
            place,
            answer,
            status,
            tuple(verdict for verdict, _ in given),
            await _proposals(db, reply_id),
            ruling,
            tuple(v for v, at in given if decided_at is not None and at > decided_at),
            bool(copied),
            bool(taught),
            bool(answers_other_question),
            quote_depth,
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
        "SELECT person, score, changed_at FROM verdicts WHERE reply_id = ?1 "  # noqa: S608
        f"OR {_ON_QUOTES} ORDER BY changed_at, score",
        (reply_id, text),
    )
    latest = {person: (PersonScore(person, score), at) for person, score, at in rows}
    return [latest[person] for person in sorted(latest)]


async def _proposals(db: aiosqlite.Connection, reply_id: int) -> tuple[Proposal, ...]:
    found = []
    for number, author, text, decided in await db.execute_fetchall(
        "SELECT id, person, text, decided_by IS NOT NULL FROM corrections "
        "WHERE reply_id = ? AND state = 'live' ORDER BY id",
        (reply_id,),
    ):
        rows = await db.execute_fetchall(
            "SELECT person, score FROM verdicts WHERE person <> ?3 AND (correction_id = ?4 "  # noqa: S608
            f"OR {_ON_QUOTES}) ORDER BY changed_at, score",
            (reply_id, text, author, number),
        )
        others = {person: PersonScore(person, score) for person, score in rows}
        verdicts = (PersonScore(author, 1.0), *(others[person] for person in sorted(others)))
        found.append(Proposal(number, author, text, verdicts, bool(decided)))
    return tuple(found)


async def _put_pair(
    db: aiosqlite.Connection, feedback: ReplyFeedback, approved: ApprovedAnswer | None
) -> None:
    if approved is None:
        await db.execute("DELETE FROM pairs WHERE reply_id = ?", (feedback.reply_id,))
        return
    await db.execute(
        "INSERT INTO pairs (domain, question, key, answer, source, as_of, score, support, person, "
        "reply_id, created_at) VALUES (?, ?, ?, ?, '', '', ?, ?, ?, ?, ?) "
        "ON CONFLICT (reply_id) DO UPDATE SET answer = excluded.answer, score = excluded.score, "
        "support = excluded.support, person = excluded.person, "
        "vector = iif(answer = excluded.answer, vector, NULL) "
        "WHERE (answer, score, support, person) IS NOT "
        "(excluded.answer, excluded.score, excluded.support, excluded.person)",
        (
            feedback.domain, feedback.question, approved.key, approved.answer, approved.score,
            approved.support, approved.person, feedback.reply_id, now(),
        ),
    )  # fmt: skip
