"""What a round may learn from: approved answers, and answers that people rejected."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from storage.database import Database
from storage.judgement import Rank
from storage.picks import Pick

_MOST = 1000  # rows of each sort: a round takes fewer


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One answer. ``pair_id`` None: it is no approved pair.

    ``quality``: the mean of its verdicts, or the score it was taught with; ``votes``: how many
    gave one. ``judges``: who says so; ``people``: everybody who is in it, the asker included.
    ``fresh``: the round has claimed a label of it. ``picked``: the question is not the pair's own
    but other words, which people say mean it.
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
    picked: bool = False


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
        WHERE p.domain = :domain AND p.score > 0 AND p.rank > {Rank.PERSON:d}
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


# Each person's latest word on whether a pair answers a question, for questions that no pair has.
_PICKS = """
    SELECT key, pair_id, person, fits, decides, reply_id, round_id FROM (
        SELECT k.*, row_number() OVER (PARTITION BY key, pair_id, person ORDER BY id DESC) AS nth
        FROM picks k WHERE k.domain = :domain AND EXISTS (SELECT 1 FROM picks o
            WHERE (o.domain, o.key) = (k.domain, k.key) AND o.fits)
        AND NOT EXISTS (SELECT 1 FROM pairs s
            WHERE (s.domain, s.key) = (k.domain, k.key) AND s.score > 0)
    ) WHERE nth = 1 ORDER BY key, id"""
# The pair that was meant in a reply, and everybody without whom there would be no such answer.
_MEANT = f"""
    SELECT p.id, asked.text AS question, p.answer, p.person AS author, q.person AS asker,
        asked.person AS picker, a.id AS reply_id, {_VOTERS} AS voters, {_REPEATED} AS repeated
    FROM json_each(:meant) m
    JOIN pairs p ON p.id = json_extract(m.value, '$[0]') AND p.score > 0
    JOIN replies a ON a.id = json_extract(m.value, '$[1]')
    JOIN questions asked ON asked.id = a.question_id
    LEFT JOIN replies r ON r.id = p.reply_id LEFT JOIN questions q ON q.id = r.question_id"""  # noqa: S608


class TrainingData:
    """Reads what a round has claimed and a sample of what rounds before it had."""

    def __init__(
        self, database: Database, accepted: Callable[[Sequence[Pick]], int | None]
    ) -> None:
        """``accepted``: the pair that people's picks on one question agree on, if they do."""
        self._database = database
        self._accepted = accepted

    async def of(self, domain: str, round_id: int) -> list[TrainingRow]:
        """Everything for the round, what it claimed first; at most 1,000 of each sort."""
        found: list[TrainingRow] = []
        for fresh in (True, False):
            given = {"domain": domain, "round": round_id, "fresh": fresh}
            found += [_accepted(row) for row in await self._database.rows(_ACCEPTED, given)]
            found += [_rejected(row) for row in await self._database.rows(_REJECTED, given)]
        return found + await self._picked(domain, round_id)

    async def _picked(self, domain: str, round_id: int) -> list[TrainingRow]:
        """What people agree to mean in words that no pair has."""
        rows = await self._database.rows(_PICKS, {"domain": domain})
        meant = list[_Meant]()
        for _, of_question in groupby(rows, key=lambda row: str(row["key"])):
            said = list(of_question)
            pair_id = self._accepted([_pick(row) for row in said])
            if pair_id is not None:
                meant.append(
                    _Meant.of([row for row in said if row["pair_id"] == pair_id], round_id)
                )
        meant.sort(key=lambda one: _place(one, round_id))
        fresh = [one for one in meant if one.fresh][:_MOST]
        older = [one for one in meant if not one.fresh][:_MOST]
        return [row for some in (fresh, older) for row in await self._rows_of(some)]

    async def _rows_of(self, meant: Sequence["_Meant"]) -> list[TrainingRow]:
        places = json.dumps([(one.pair_id, one.reply_id) for one in meant])
        found = {
            (row["id"], row["reply_id"]): row
            for row in await self._database.rows(_MEANT, {"meant": places})
        }
        return [
            _picked(one, row) for one in meant if (row := found.get((one.pair_id, one.reply_id)))
        ]


@dataclass(frozen=True, slots=True)
class _Meant:
    """A pair that people mean by words which stand, the latest time, in the question of a reply."""

    pair_id: int
    reply_id: int
    quality: float
    judges: tuple[str, ...]
    people: tuple[str, ...]
    fresh: bool

    @classmethod
    def of(cls, said: Sequence[sqlite3.Row], round_id: int) -> "_Meant":
        """``said``: what everybody says of one pair and one question, in order of time."""
        fits = [row for row in said if row["fits"]]
        decided = [row for row in said if row["decides"]][-1:]
        counted = decided or said
        return cls(
            fits[0]["pair_id"],
            max(row["reply_id"] for row in fits),
            sum(1.0 if row["fits"] else -1.0 for row in counted) / len(counted),
            tuple(row["person"] for row in fits),
            tuple(row["person"] for row in said),
            any(row["round_id"] == round_id for row in fits),
        )


def _pick(row: sqlite3.Row) -> Pick:
    return Pick(row["pair_id"], row["person"], bool(row["fits"]), bool(row["decides"]))


def _place(meant: _Meant, round_id: int) -> int:
    """As the other sorts are ordered: of what is fresh the newest first, the rest is drawn."""
    if meant.fresh:
        return -meant.reply_id
    return (meant.reply_id * 2654435761 + round_id * 2246822519) % 4294967296


def _picked(meant: _Meant, row: sqlite3.Row) -> TrainingRow:
    people = _known([row["picker"], *meant.people, *_people(row)])
    return TrainingRow(
        "approved", meant.pair_id, row["question"], row["answer"], meant.quality,
        len(meant.judges), meant.judges, people, meant.fresh, picked=True,
    )  # fmt: skip


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
