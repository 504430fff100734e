"""The lines of our own below an answer."""

from collections.abc import Iterable

from bot.domains import Domain
from bot.messages import Reply
from bot.texts import LANGUAGES, Language, say

# What the bot shows in place of an answer; read back from a platform it is none.
NO_ANSWERS = frozenset(
    say(key, language) for key in ("abstained", "stopped", "empty_answer") for language in LANGUAGES
)


def notes(reply: Reply, domain: Domain, language: Language) -> list[str]:
    """What a reader must know about ``reply``: cut off, not backed by knowledge, or by what."""
    lines = []
    if reply.status == "stopped":
        lines.append(say("stopped", language))
    if reply.status != "abstained" and is_marked(reply.verified, domain):
        lines.append(say("unverified", language))
    if sources := shown_sources(reply.sources, domain):
        lines.append(say("sources", language, sources=sources))
    return lines


def is_marked(verified: bool, domain: Domain) -> bool:
    """Readers are told that nothing approved stands behind an answer."""
    return not verified and domain.unknown == "mark"


def shown_sources(sources: Iterable[str], domain: Domain) -> str:
    """What an answer rests on, each source once; empty where there is nothing to show."""
    return ", ".join(dict.fromkeys(s for s in sources if s)) if domain.sources else ""
