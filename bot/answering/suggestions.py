"""Known questions as they are offered to an asker who may have meant one of them."""

import unicodedata
from collections.abc import Iterable, Sequence

from bot.knowledge.retriever import Hit
from bot.messages import Reply, Suggestion
from bot.texts import Language, say
from engine.retrieval.agreement import Difference
from engine.retrieval.words import WORD, noun_of, without_particle


def as_suggestion(hit: Hit) -> Suggestion:
    """What is shown of a pair whose question may have been meant."""
    return Suggestion(
        hit.pair.id,
        hit.pair.question,
        hit.pair.source,
        hit.pair.as_of,
        differing_words(hit.differences, hit.pair.question),
    )


def differing_words(differences: tuple[Difference, ...], stored: str) -> tuple[str, ...]:
    """The words of both sides that part a question from the question ``stored``, each once and
    without its particle.

    That one asks "when" and the other "how much" is seen in the questions; of that the differences
    have no words, only kinds.
    """
    said = [d for d in differences if d.kind != "question_word"]
    sides = (w for d in said for w in _both_sides(d, _folded(stored)))
    words = dict.fromkeys(w.strip() for w in sides if w.strip())
    return tuple(word for word in words if not _has_particle(word, words))


def _both_sides(difference: Difference, stored: str) -> tuple[str, str]:
    """What the asker said, and what stands in the question ``stored``, as people read it.

    Only plain words have particles to lose: the 만 of 법인만 is the very difference.
    """
    if difference.kind != "word":
        return difference.asked, difference.stored
    whole = (w for w in WORD.findall(stored) if noun_of(w) == difference.stored)
    return (
        without_particle(difference.asked),
        without_particle(next(whole, difference.stored)) if difference.stored else "",
    )


def _has_particle(word: str, words: Iterable[str]) -> bool:
    """It is one of the others, with a syllable or two at its end: 일본의 beside 일본."""
    return any(w != word and word.startswith(w) and len(word) - len(w) <= 2 for w in words)


def words_only_asked(suggestion: Suggestion) -> tuple[str, ...]:
    """The differing words that the known question does not have, so that none can be marked."""
    question = _folded(suggestion.question)
    return tuple(word for word in suggestion.differing if word not in question)


def suggestion_text(suggestion: Suggestion, language: Language) -> str:
    """One choice as a line of text: the known question, and what speaks against it."""
    line = " ".join(suggestion.question.split())
    if not suggestion.differing:
        return line
    words = ", ".join(suggestion.differing)
    return f"{line} ({say('suggestion_differs', language, words=words)})"


def suggestion_object(suggestion: Suggestion) -> dict[str, object]:
    """One choice as every command prints it in JSON."""
    return {
        "question": suggestion.question,
        "source": suggestion.source,
        "as_of": suggestion.as_of,
        "differences": list(suggestion.differing),
    }


def reply_text(reply: Reply, language: Language) -> str:
    """The whole reply as plain text, its choices numbered."""
    return with_choices(reply.text, reply.suggestions, language)


def with_choices(text: str, offered: Sequence[Suggestion], language: Language) -> str:
    """``text`` with the choices below it, numbered."""
    choices = (
        f"{number}. {suggestion_text(suggestion, language)}"
        for number, suggestion in enumerate(offered, start=1)
    )
    return "\n".join([text, *choices])


def marked_parts(suggestion: Suggestion) -> list[tuple[str, bool]]:
    """The known question in parts, each with whether it differs from what was asked."""
    question = unicodedata.normalize("NFKC", suggestion.question)
    folded = _folded(question)
    if len(folded) != len(question):
        return [(question, False)]
    marks = [False] * len(question)
    for word in suggestion.differing:
        at = folded.find(word)
        if at >= 0:
            marks[at : at + len(word)] = [True] * len(word)
    parts: list[tuple[str, bool]] = []
    for character, marked in zip(question, marks, strict=True):
        if parts and parts[-1][1] == marked:
            parts[-1] = (parts[-1][0] + character, marked)
        else:
            parts.append((character, marked))
    return parts


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
