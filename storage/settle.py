"""After each change of what people think: what follows for what is known, in one transaction."""

import aiosqlite

from storage.database import now
from storage.opinions import Approved, Judge, Opinions, Proposal, Verdict


async def settle(db: aiosqlite.Connection, reply_id: int, judge: Judge) -> None:
    """Bring the pair and the review of a reply in line with ``judge``; to be called last in a
    transaction that changed a label, a correction or a ruling."""
    opinions = await _opinions(db, reply_id)
    if opinions is None:
        return
    judgement = judge(opinions)
    await _put_pair(db, opinions, judgement.approved)
    if judgement.disputed:
        await db.execute(
            "INSERT INTO reviews (reply_id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (reply_id, now()),
        )
    else:
        await db.execute("DELETE FROM reviews WHERE reply_id = ? AND ruling IS NULL", (reply_id,))


async def _opinions(db: aiosqlite.Connection, reply_id: int) -> Opinions | None:
    rows = list(
        await db.execute_fetchall(
            "SELECT q.domain, q.text, (SELECT count(*) FROM questions e "
            "WHERE e.conversation_id = q.conversation_id AND e.id < q.id), r.text, r.status, "
            "v.ruling FROM replies r JOIN questions q ON q.id = r.question_id "
            "LEFT JOIN reviews v ON v.reply_id = r.id WHERE r.id = ?",
            (reply_id,),
        )
    )
    if not rows:
        return None
    domain, question, place, answer, status, ruling = rows[0]
    verdicts = await _verdicts(db, "reply_id", reply_id)
    corrections = [
        Proposal(number, person, text, await _verdicts(db, "correction_id", number))
        for number, person, text in await db.execute_fetchall(
            "SELECT id, person, text FROM corrections WHERE reply_id = ? AND state = 'live' "
            "ORDER BY id",
            (reply_id,),
        )
    ]
    return Opinions(
        reply_id, domain, question, place, answer, status, verdicts, tuple(corrections), ruling
    )


async def _verdicts(db: aiosqlite.Connection, on: str, number: int) -> tuple[Verdict, ...]:
    rows = await db.execute_fetchall(
        f"SELECT person, score FROM verdicts WHERE {on} = ? ORDER BY person",  # noqa: S608
        (number,),
    )
    return tuple(Verdict(person, score) for person, score in rows)


async def _put_pair(
    db: aiosqlite.Connection, opinions: Opinions, approved: Approved | None
) -> None:
    if approved is None:
        await db.execute("DELETE FROM pairs WHERE reply_id = ?", (opinions.reply_id,))
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
            opinions.domain, opinions.question, approved.key, approved.answer, approved.score,
            approved.support, approved.person, opinions.reply_id, now(),
        ),
    )  # fmt: skip
