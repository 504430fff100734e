"""What a round may learn from: approved answers, and answers that people rejected."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.database import Database

_MOST = 1000  # rows of each sort: a round takes fewer


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One answer. ``pair_id`` None: it is no approved pair.

    ``quality``: the mean of its verdicts, or the score it was taught with; ``votes``: how many
    gave one. ``judges``: who says so; ``people``: everybody who is in it, the asker included.
    ``fresh``: the round has claimed a label of it.
    """

    kind: Literal["approved", "taught", "correction", "rejected"]
    pair_id: int | None
    question: str
    answer: str
    quality: float
    votes: int
    judges: tuple[str, ...]
    people: tuple[str, ...]
    fresh: bool


_CLAIMED = (
    "EXISTS (SELECT 1 FROM labels l WHERE l.reply_id = r.id AND l.round_id = :round) "
    "OR EXISTS (SELECT 1 FROM corrections c WHERE c.reply_id = r.id AND c.round_id = :round)"
)
_VOTERS = "(SELECT json_group_array(person) FROM verdicts v WHERE v.reply_id = r.id)"
# Whose words an approved answer may repeat.
_REPEATED = "(SELECT json_group_array(person) FROM repeats s WHERE s.reply_id = r.id)"
# Of what earlier rounds have used, another sample each time: a round turns the circle on which ids
# lie (Knuth's multiplicative hash) by half of it and a bit.
_DRAWN = "(id * 2654435761 + :round * 2246822519) % 4294967296"

_ACCEPTED = f"""
    SELECT * FROM (
        SELECT p.id, p.question, p.answer, p.score AS quality, p.person AS author,
            q.person AS asker, {_VOTERS} AS voters, {_REPEATED} AS repeated,
            CASE WHEN p.reply_id IS NULL THEN 'taught' WHEN EXISTS (
                SELECT 1 FROM corrections c WHERE c.reply_id = r.id AND c.state = 'live'
                AND c.text = p.answer) THEN 'correction' ELSE 'approved' END AS kind,
            p.round_id IS :round OR {_CLAIMED} AS fresh
        FROM pairs p LEFT JOIN replies r ON r.id = p.reply_id
        LEFT JOIN questions q ON q.id = r.question_id
        WHERE p.domain = :domain AND p.score > 0
    ) WHERE fresh = :fresh ORDER BY iif(fresh, -id, {_DRAWN}) LIMIT {_MOST}"""  # noqa: S608
# What a correction puts right is rejected too. Copies of approved words are nobody's mistake.
_REJECTED = f"""
    SELECT * FROM (
        SELECT r.id, q.text AS question, r.text AS answer, q.person AS asker,
            (SELECT avg(score) FROM verdicts v WHERE v.reply_id = r.id) AS quality,
            {_VOTERS} AS voters, {_REPEATED} AS repeated,
            (SELECT c.person FROM corrections c WHERE c.reply_id = r.id AND c.state = 'live'
                AND c.text <> r.text ORDER BY c.id DESC LIMIT 1) AS author,
            {_CLAIMED} AS fresh
        FROM replies r JOIN questions q ON q.id = r.question_id
        WHERE q.domain = :domain AND r.status = 'done' AND r.text <> '' AND NOT r.copied
            AND NOT EXISTS (SELECT 1 FROM reviews w WHERE w.reply_id = r.id
                AND w.ruling IS NOT 'rejected')
    ) WHERE (author IS NOT NULL OR quality < 0) AND fresh = :fresh
    ORDER BY iif(fresh, -id, {_DRAWN}) LIMIT {_MOST}"""  # noqa: S608


class TrainingData:
    """Reads what a round has claimed and a sample of what rounds before it had."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, domain: str, round_id: int) -> list[TrainingRow]:
        """Everything for the round, what it claimed first; at most 1,000 of each sort."""
        found: list[TrainingRow] = []
        for fresh in (True, False):
            given = {"domain": domain, "round": round_id, "fresh": fresh}
            found += [_accepted(row) for row in await self._database.rows(_ACCEPTED, given)]
            found += [_rejected(row) for row in await self._database.rows(_REJECTED, given)]
        return found


def _accepted(row: sqlite3.Row) -> TrainingRow:
    voters = json.loads(row["voters"])
    # Who corrects or teaches answers for it; an approved answer has its voters.
    judges = voters if row["kind"] == "approved" else [row["author"]]
    return TrainingRow(
        row["kind"], row["id"], row["question"], row["answer"], row["quality"], len(voters),
        _known(judges), _people(row), bool(row["fresh"]),
    )  # fmt: skip


def _rejected(row: sqlite3.Row) -> TrainingRow:
    voters = json.loads(row["voters"])
    return TrainingRow(
        "rejected", None, row["question"], row["answer"], row["quality"] or -1.0, len(voters),
        _known([row["author"], *voters]), _people(row), bool(row["fresh"]),
    )  # fmt: skip


def _people(row: sqlite3.Row) -> tuple[str, ...]:
    voters, repeated = json.loads(row["voters"]), json.loads(row["repeated"])
    return _known([row["author"], row["asker"], *voters, *repeated])


def _known(people: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for person in people if person))
