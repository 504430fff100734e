"""What was said in a conversation, with all that belongs below it, as it is stored."""

from dataclasses import dataclass
from typing import cast

from bot.messages import Reply, Status
from bot.web.chat import Chat
from storage.corrections import Correction
from storage.messages import Exchange


@dataclass(frozen=True, slots=True)
class Said:
    """A question and, if it was answered, the reply with what this person thinks of it."""

    question_id: int
    question: str
    domain: str
    reply: Reply | None
    chosen: str | None
    corrections: list[Correction]


async def read_said(chat: Chat, exchanges: list[Exchange], person: str) -> list[Said]:
    """Put to each exchange what was said about it."""
    replies = [e.reply_id for e in exchanges if e.reply_id is not None]
    chosen = await chat.labeling.chosen(replies, person)
    behind = await chat.knowledge.pairs.behind(replies)
    corrections = await chat.knowledge.corrections.of_replies(replies, person)
    return [
        Said(
            e.question_id,
            e.question,
            e.domain,
            _reply(e, tuple(pair.source for pair in behind.get(e.reply_id or 0, ()))),
            chosen.get(e.reply_id or 0),
            corrections.get(e.reply_id or 0, []),
        )
        for e in exchanges
    ]


def _reply(e: Exchange, sources: tuple[str, ...]) -> Reply | None:
    if e.reply_id is None or e.reply is None or e.status is None:
        return None
    status = cast("Status", e.status)
    rests_on = sources if e.verified else ()
    return Reply(e.reply_id, e.question_id, e.reply, status, bool(e.verified), rests_on)
