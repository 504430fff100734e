"""What is copied of an answer: its words, never without what they are worth."""

from bot.answering.footer import is_marked, one_persons_mark, shown_sources
from bot.answering.suggestions import reply_text
from bot.domains import Domain
from bot.messages import Reply
from bot.texts import Language, say


def copied_text(reply: Reply, domain: Domain, language: Language) -> str:
    """As it may go into somebody's mail: a draft must not pass for the truth there."""
    match reply.outcome:
        case "suggested":
            return reply_text(reply, language)
        case "verified":
            return f"{reply.text}\n\n✅ {verified_line(reply, domain, language)}"
        case "unverified" if reply.said_by:
            return f"⚠️ {one_persons_mark(reply.said_by, language)}\n\n{reply.text}"
        case "unverified" if is_marked(reply.verified, domain):
            return f"{say('web_copied_draft', language)}\n\n{reply.text}"
    return reply.text


def verified_line(reply: Reply, domain: Domain, language: Language) -> str:
    """That it is verified, and by what."""
    words = say("web_verified", language)
    sources = shown_sources(reply.sources, domain, language)
    return f"{words} · {say('sources', language, sources=sources)}" if sources else words
