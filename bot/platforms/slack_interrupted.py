"""What a killed run has left on Slack: questions without answer, messages that say "thinking"."""

from bot.platforms.slack_api import Message, SlackApi
from bot.platforms.slack_blocks import STOP, markdown, notes, words
from bot.platforms.slack_call import SlackError, UnclearError
from bot.platforms.slack_events import Me
from bot.platforms.slack_people import People
from bot.platforms.slack_text import fallback, unescaped
from bot.platforms.talk import Talk
from bot.texts import say

_THINKING = frozenset(say("thinking", language) for language in ("ko", "en"))


async def tell_interrupted(
    api: SlackApi,
    me: Me,
    talk: Talk,
    people: People,
    channel: str,
    question: str,
    thread: str | None = None,
) -> None:
    """Say so where the answer would be: in place of "thinking", below half an answer, or alone."""
    thread = thread or await talk.memory.conversation_of(channel, question) or question
    try:
        said = await api.replies(channel, thread, question)
    except (SlackError, UnclearError):
        said = []
    asker = next((m.get("user") for m in said if m["ts"] == question), None)
    text = say("not_answered", await people.language(asker))
    left = [m for m in said if await _is_left_over(m, me, talk, channel, question)]
    if not left:
        await api.post(channel, thread, text, words(text), after=question, kind="words")
    for message in left:
        shown = unescaped(message.get("text") or "")
        note = notes([text]) if message is left[-1] else []
        if shown in _THINKING:
            await api.update(channel, message["ts"], fallback(text), words(text), kind="words")
        else:
            blocks = [markdown(shown), *note]
            await api.update(channel, message["ts"], fallback(shown), blocks)


def stoppable(message: Message) -> str | None:
    """The question whose answer the stop button in ``message`` stops."""
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if element.get("action_id") == STOP:
                return str(element.get("value"))
    return None


async def _is_left_over(message: Message, me: Me, talk: Talk, channel: str, question: str) -> bool:
    """It has a stop button for ``question``, or is known as a piece of its answer."""
    if message.get("user") != me.user and message.get("bot_id") != me.bot:
        return False
    if stoppable(message) == question:
        return True
    answered = await talk.memory.question_answered_in(channel, message["ts"])
    return answered is not None and answered == await talk.memory.question_asked_in(
        channel, question
    )
