"""The lines of our own below an answer."""

from collections.abc import Iterable

from bot.domains import Domain
from bot.messages import Reply, Source
from bot.texts import LANGUAGES, Language, say

# What the bot shows in place of an answer; read back from a platform it is none.
NO_ANSWERS = frozenset(
    say(key, language)
    for key in ("abstained", "did_you_mean", "stopped", "empty_answer")
    for language in LANGUAGES
)
_LONGEST = 80  # characters of a source's name, or of its question


def footer_lines(reply: Reply, domain: Domain, language: Language) -> list[str]:
    """What a reader must know about ``reply``: cut off, not backed by knowledge, or by what."""
    lines = []
    if reply.status == "stopped":
        lines.append(say("stopped", language))
    if reply.status != "abstained" and is_marked(reply.verified, domain):
        lines.append(say("unverified", language))
    if sources := shown_sources(reply.sources, domain, language):
        lines.append(say("sources", language, sources=sources))
    return lines


def is_marked(verified: bool, domain: Domain) -> bool:
    """Readers are told that nothing approved stands behind an answer."""
    return not verified and domain.unknown != "answer"


def shown_sources(sources: Iterable[Source], domain: Domain, language: Language) -> str:
    """What an answer rests on, each source once; empty where there is nothing to show.

    That the question was another one is told: whoever reads it sees whether it fits.
    """
    if not domain.sources:
        return ""
    lines = (_shown(source, language) for source in sources)
    return ", ".join(dict.fromkeys(words for words in lines if words))


def _shown(source: Source, language: Language) -> str:
    name, question = _short(source.name), _short(source.question)
    if not source.similar:
        return name
    if not question:
        return say("source_similar", language)
    key = "source_of" if name else "source_unnamed"
    return say(key, language, source=name, question=question)


def _short(text: str) -> str:
    """One line of it: whatever it holds, it stays in its place."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
