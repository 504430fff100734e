"""Shows an answer where it belongs: growing below its mark, whole at once, or as a choice."""

from bot.answering.footer import footer_lines, mark_above
from bot.answering.service import Answer
from bot.domains import Domain
from bot.messages import Reply
from bot.platforms.base import AnswerView, Shown
from bot.platforms.chat.message_display import EDIT_EVERY_S
from bot.texts import Language, say


async def follow(answer: Answer, view: AnswerView, domain: Domain, language: Language) -> None:
    """Show ``answer`` until it has ended. Only what the model says grows; what is known is whole
    at once."""
    mark = mark_above(answer.response, domain, language)
    if answer.response.stream:
        async for text in answer.updates(every=EDIT_EVERY_S):
            if answer.reply is None:
                await view.show(text, mark=mark)
    reply = await answer.finished()
    if reply is None or reply.status == "failed":
        await view.say(say("failed", language, reference=f"Q{answer.question_id}"))
    elif not reply.text:
        await view.say(say("stopped" if reply.status == "stopped" else "empty_answer", language))
    else:
        await view.end(shown(reply, domain, language))


def shown(reply: Reply, domain: Domain, language: Language) -> Shown:
    """A reply as people see it. The form for corrections is one press away where nobody approved
    the words for this very question."""
    mark = mark_above(reply, domain, language)
    return Shown(
        reply.text,
        mark,
        footer_lines(reply, domain, language),
        correctable=bool(mark) or any(source.similar for source in reply.sources),
        offered=reply.suggestions,
    )
