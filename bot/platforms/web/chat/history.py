"""What was said in a conversation, with all that belongs below it, as it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.messages import OnePerson, Reply, Source, Status, Suggestion
from bot.platforms.web.context import WebContext
from engine.retrieval.questions import question_key
from storage.conversations import Exchange
from storage.corrections import Correction
from storage.judgement import Rank
from storage.pairs import Pair


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A question and, if it was answered, the reply with what this person thinks of it."""

    question_id: int
    question: str
    domain: str
    reply: Reply | None
    chosen: str | None
    corrections: list[Correction]


async def read_history(
    context: WebContext, exchanges: list[Exchange], person: str
) -> list[PastTurn]:
    """Put to each exchange what was said about it."""
    replies = [e.reply_id for e in exchanges if e.reply_id is not None]
    chosen = await context.label_service.votes_of(replies, person)
    behind = await context.knowledge.pairs.of_replies(replies)
    offered = await context.choices.suggestions(replies)
    corrections = await context.knowledge.corrections.of_replies(replies, person)
    return [
        PastTurn(
            e.question_id,
            e.question,
            e.domain,
            _reply(e, behind.get(e.reply_id or 0, ()), offered.get(e.reply_id or 0, ())),
            chosen.get(e.reply_id or 0),
            corrections.get(e.reply_id or 0, []),
        )
        for e in exchanges
    ]


def _reply(e: Exchange, pairs: Sequence[Pair], offered: Sequence[Suggestion]) -> Reply | None:
    if e.reply_id is None or e.reply is None or e.status is None:
        return None
    status = cast("Status", e.status)
    asked = question_key(e.question)
    rests_on = tuple(Source.of(p, same=question_key(p.question) == asked) for p in pairs)
    nearest = next(iter(pairs), None)
    is_one_persons = nearest and nearest.rank == Rank.PERSON and nearest.answer == e.reply
    return Reply(
        e.reply_id,
        e.question_id,
        e.reply,
        status,
        bool(e.verified),
        rests_on if e.verified else (),
        tuple(offered),
        OnePerson.of(nearest) if nearest and is_one_persons and not e.verified else None,
    )
