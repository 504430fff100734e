"""The lines of our own below an answer."""

from collections.abc import Sequence

from bot.domains import Domain
from bot.messages import Reply
from bot.texts import Language, say


def notes(reply: Reply, domain: Domain, language: Language) -> list[str]:
    """What a reader must know about ``reply``: cut off, not backed by knowledge, or by what."""
    lines = []
    if reply.status == "stopped":
        lines.append(say("stopped", language))
    if not reply.verified and reply.status != "abstained" and domain.unknown == "mark":
        lines.append(say("unverified", language))
    if reply.verified and domain.sources and (sources := _distinct(reply.sources)):
        lines.append(say("sources", language, sources=", ".join(sources)))
    return lines


def _distinct(sources: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(source for source in sources if source))
