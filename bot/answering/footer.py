"""The lines of our own above and below an answer."""

import re
from collections.abc import Iterable
from typing import Protocol

from bot.domains import Domain
from bot.messages import OnePerson, Outcome, Reply, Source
from bot.texts import LANGUAGES, Language, say

# What the bot shows in place of an answer; read back from a platform it is none.
NO_ANSWERS = frozenset(
    say(key, language)
    for key in ("abstained", "did_you_mean", "stopped", "empty_answer")
    for language in LANGUAGES
)
_EMOJI = re.compile(r"^(?::\w+:|\W)+")  # Slack tells an emoji by its name: ":warning: …"
_MARKS = frozenset(
    _EMOJI.sub("", say(key, language)) for key in ("draft", "one_person") for language in LANGUAGES
)
_DOT = " · "
_LONGEST = 80  # characters of a source's name, or of its question


class Marked(Protocol):
    """An answer, on its way or stored."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def said_by(self) -> OnePerson | None: ...


def footer_lines(reply: Reply, domain: Domain, language: Language) -> list[str]:
    """What a reader must know about ``reply``: cut off, and what stands behind it, or nothing."""
    lines = []
    if reply.status == "stopped":
        lines.append(say("stopped", language))
    if reply.outcome == "verified":
        lines.append(verified_line(reply.sources, domain, language))
    if reply.said_by:
        lines.append(say("one_person_below", language))
    elif reply.outcome == "unverified" and is_marked(reply.verified, domain):
        lines.append(say("unverified", language))
    return lines


def verified_line(sources: Iterable[Source], domain: Domain, language: Language) -> str:
    """Approved words: what they rest on and as of when, else who approved them.

    A domain that keeps its sources to itself shows the mark alone.
    """
    sources = tuple(sources)
    shown = shown_sources(sources, domain, language)
    backing = say("sources", language, sources=shown) if shown else ""
    if not backing and domain.sources and sources:
        backing = approved_by(sources[0], language)
    return say("verified_by", language, backing=backing) if backing else say("verified", language)


def approved_by(source: Source, language: Language) -> str:
    """Who approved a pair that names no source; never a person's name."""
    by = say("approved_by_people" if source.from_people else "approved_as_taught", language)
    return f"{by} ({_as_of(source, language)})" if source.as_of else by


def mark_above(answer: Marked, domain: Domain, language: Language) -> str:
    """The line above the model's own words, from the first one on, or above one person's; empty
    above others."""
    if answer.said_by:
        return f"⚠️ {one_persons_mark(answer.said_by, language)}"
    marked = answer.outcome == "unverified" and is_marked(False, domain)
    return say("draft", language) if marked else ""


def one_persons_mark(by: OnePerson, language: Language) -> str:
    """By whom, and since when; people on other platforms have no name that tells anything."""
    platform = by.person.partition(":")[0] if by.person else "bot"
    who = say(f"one_person_on_{platform}", language)
    return _DOT.join((say("one_person", language), who, by.since))


def without_mark(text: str) -> str:
    """A message of ours, read back from a platform, without the line above a draft."""
    first, _, rest = text.partition("\n")
    words = _EMOJI.sub("", first).partition(_DOT)[0].strip()
    return rest.lstrip("\n") if words in _MARKS else text


def is_no_answer(text: str) -> bool:
    """A message of ours that stands in place of an answer; a choice has its questions below."""
    return text.partition("\n")[0] in NO_ANSWERS


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
    name, question = _short(source.name), _short(source.question) if source.similar else ""
    details = [_as_of(source, language)] if source.as_of and (name or source.similar) else []
    if not name and source.similar:
        key = "source_unnamed" if question else "source_similar"
        name = say(key, language, question=question)
    elif question:
        details.append(say("source_answers", language, question=question))
    elif source.similar:
        details.append(say("source_similar", language))
    return f"{name} ({', '.join(details)})" if details else name


def _as_of(source: Source, language: Language) -> str:
    return say("source_as_of", language, date=_short(source.as_of))


def _short(text: str) -> str:
    """One line of it: whatever it holds, it stays in its place."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
