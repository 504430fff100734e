"""What was said in a thread, read back from Slack when the database does not know it."""

from collections.abc import Sequence

import structlog

from bot.answering.footer import is_no_answer, without_mark
from bot.feedback.corrections import correction_in
from bot.platforms.slack.client import Message, SlackClient, kind_of
from bot.platforms.slack.events import BotIdentity, Post
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import readable, unescaped
from engine.model.prompt import Turn

_log = structlog.get_logger("slack")


async def turns_before(api: SlackClient, me: BotIdentity, post: Post) -> Sequence[Turn]:
    """The questions and answers before ``post``; none when Slack does not tell."""
    try:
        messages = await api.replies(post.channel, post.thread)
    except (SlackError, UnknownResultError) as error:
        _log.warning("thread not read back", error=str(error))
        return []
    return turns_of([m for m in messages if float(m["ts"]) < float(post.ts)], me)


def turns_of(messages: Sequence[Message], me: BotIdentity) -> list[Turn]:
    """What people said up to an answer is its question; the pieces of an answer are joined."""
    turns: list[Turn] = []
    asked: list[str] = []
    answered: list[str] = []
    for message in messages:
        text = message.get("text") or ""
        if message.get("user") == me.user or message.get("bot_id") == me.bot:
            said = without_mark(unescaped(text))
            if kind_of(message) != "words" and not is_no_answer(said):
                answered.append(said)
            continue
        words = readable(text, me.user, {})
        if message.get("bot_id") or not text or correction_in(words) is not None:
            continue
        if answered:
            turns += _turn(asked, answered)
            asked, answered = [], []
        asked.append(words)
    return turns + _turn(asked, answered)


def _turn(asked: list[str], answered: list[str]) -> list[Turn]:
    if not asked or not answered:
        return []
    return [Turn("\n".join(asked), "\n\n".join(answered))]
