"""Where a question and a stored pair disagree, however alike they look. Pure text.

A cosine cannot see one word: "the least" and "the most", "with" and "without", another tax, country
or number leave it near 1. So words decide: a pair that disagrees with a question is never known to
answer it, whatever its score (docs/lab-notes.md has what that costs and saves).

Some words part any two questions: numbers, negations, opposites, names. Others only part questions
that are worded alike, where somebody has put one word in another's place: people who ask for the
same in their own words share few words with the stored question anyway.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.retrieval.agreement_words import (
    ASIDE,
    HOW_LONG,
    LOOSE_QUESTION_WORDS,
    NAMES,
    NEGATION,
    OPPOSITES,
    QUESTION_WORDS,
    REVERSING,
)
from engine.retrieval.quantities import PART_OF_A_WORD, is_year, quantities, unit_of

Kind = Literal["number", "negation", "opposite", "name", "question_word", "word"]

_ROLE = re.compile(r"([가-힣]{2,}?)(이|가|께서|에게|한테|께|로부터)(?=\s|$)")
# From which share of a stored question's pieces on another one is worded alike.
_ALIKE = 0.5
_STANDS = 0.7  # share of a word's pieces that must stand in the pair, for the word to stand there
_ANY_PIECE = 0.3  # the same of a word of the stored question, which may be left out or shortened
_WORD = re.compile(r"[가-힣]+|[a-z]{2,}")
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:으로부터|에서는|에서도|으로는|에게는|이라도|까지는|부터는|으로|에서|에게|에는|한테"
    r"|부터|까지|이란|라도|처럼|보다|마다|이나|은|는|이|가|을|를|의|에|도|로|과|와|만|란|나|랑)$"
)
_VERB = re.compile(
    r".+(?:요|까|니|죠|지|면|서|한|된|할|해|려고|나|하고|했|하는|되는|있는|없는|받는|인|던|어|야|네|데|때)$"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """``asked``: the word or number of the question; ``stored``: what the pair has instead, empty
    where it says nothing of the kind."""

    kind: Kind
    asked: str
    stored: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """A domain's own words, as its file has them. ``synonyms``: short form → full form;
    ``opposites`` and ``names`` are added to those that every domain has."""

    synonyms: Mapping[str, str] = field(default_factory=dict)
    opposites: Sequence[Sequence[str]] = ()
    names: Sequence[str] = ()


class Agreement:
    """Compares questions with pairs, by the words of one domain."""

    def __init__(self, terms: Terms | None = None) -> None:
        terms = terms or Terms()
        longest_first = sorted(terms.synonyms, key=len, reverse=True)
        self._synonyms = [(_plain(short), _plain(terms.synonyms[short])) for short in longest_first]
        self._opposites = [tuple(map(_plain, row)) for row in (*OPPOSITES, *terms.opposites)]
        self._names = sorted(set(map(_plain, (*NAMES, *terms.names))), key=len, reverse=True)

    def differences(
        self, asked: str, question: str, answer: str, source: str = ""
    ) -> tuple[Difference, ...]:
        """Where ``asked`` wants something else than the pair says; empty: nothing was found.

        ``source``: what the pair rests on; it may name what question and answer leave out.
        """
        want, have, said = map(self._read, (asked, question, answer))
        alike = _is_alike(want, have)
        return (
            *_numbers(want, have, said, alike=alike),
            *_negations(want, have),
            *self._opposed(want, have),
            *self._named(want, f"{have} {said} {self._read(source)}"),
            *_reversed(want, have),
            *_swapped(want, have),
            *_other_question_word(want, have, loose=alike),
            *(_other_words(want, have, said) if alike else ()),
        )

    def _read(self, text: str) -> str:
        text = _plain(text)
        for short, full in self._synonyms:
            if full not in text:
                text = text.replace(short, full)
        return text

    def _opposed(self, want: str, have: str) -> Iterable[Difference]:
        for row in self._opposites:
            ours, theirs = _present(row, want), _present(row, have)
            if ours and theirs and not set(ours) & set(theirs):
                yield Difference("opposite", ours[0], theirs[0])

    def _named(self, want: str, pair: str) -> Iterable[Difference]:
        """A longer name hides the shorter ones in it."""
        for name in self._names:
            begins = rf"(?<![^\W\d_]){re.escape(name)}" + (r"\b" if name.isascii() else "")
            if re.search(begins, want):
                want = re.sub(begins, " ", want)
                if name not in pair:
                    yield Difference("name", name)


def _reversed(want: str, have: str) -> Iterable[Difference]:
    """A word of one question that the other has with a 비- or 불- before it: 거주자, 비거주자."""
    ours, theirs = (
        {noun for word in _WORD.findall(text) if (noun := _noun(word))} for text in (want, have)
    )
    for word in sorted(ours | theirs):
        for prefix in REVERSING:
            bare = word.removeprefix(prefix)
            if bare == word or len(bare) < 2:
                continue
            if word in ours and bare in theirs and word not in theirs:
                yield Difference("opposite", word, bare)
            if word in theirs and bare in ours and word not in ours:
                yield Difference("opposite", bare, word)


def _swapped(want: str, have: str) -> Iterable[Difference]:
    """Giver and taker in each other's place: 부모가 자녀에게, 자녀가 부모에게."""
    ours, theirs = _roles(want), _roles(have)
    for noun, role in ours.items():
        other = theirs.get(noun, role)
        if role != other and {role, other} == {"giver", "taker"}:
            yield Difference("opposite", noun, noun)
            return


def _roles(text: str) -> dict[str, str]:
    found = {}
    for noun, particle in _ROLE.findall(text):
        found[noun] = "giver" if particle in ("이", "가", "께서") else "taker"
    return found


def _numbers(want: str, have: str, said: str, *, alike: bool) -> Iterable[Difference]:
    """A number that one side does not tell.

    People tell numbers along that nobody asks about ("it is 2 weeks ago"): in other words than the
    stored question's only years count, and numbers of a kind that the pair tells another of.
    """
    ours, question, answer = map(quantities, (want, have, said))
    kinds = {unit_of(number) for number in (*question, *answer)}
    for number in ours:
        if number in question or number in answer:
            continue
        if alike or is_year(number) or unit_of(number) in kinds:
            yield Difference("number", number, question[0] if question else "")
    if not ours and (counted := [q for q in question if unit_of(q) != PART_OF_A_WORD]):
        yield Difference("number", "", counted[0])


def _negations(want: str, have: str) -> Iterable[Difference]:
    ours, theirs = NEGATION.findall(want), NEGATION.findall(have)
    if len(ours) % 2 != len(theirs) % 2:
        yield Difference("negation", ours[0] if ours else "", theirs[0] if theirs else "")


def _other_question_word(want: str, have: str, *, loose: bool) -> Iterable[Difference]:
    ours, theirs = _question_words(want, loose=loose), _question_words(have, loose=loose)
    if ours and theirs and not set(ours) & set(theirs):
        yield Difference("question_word", ours[0], theirs[0])


def _question_words(text: str, *, loose: bool) -> list[str]:
    patterns = {**QUESTION_WORDS, **(LOOSE_QUESTION_WORDS if loose else {})}
    found = [kind for kind, pattern in patterns.items() if pattern.search(text)]
    return [*found, "when", "how much"] if HOW_LONG.search(text) else found


def _is_alike(want: str, have: str) -> bool:
    pieces = _pieces(have)
    return bool(pieces) and len(pieces & _pieces(want)) >= _ALIKE * len(pieces)


def _other_words(want: str, have: str, said: str) -> Iterable[Difference]:
    """Words in place of others: of the question, those that the pair nowhere has; of the stored
    question, those that are not asked for."""
    ours, theirs = _pieces(want), _pieces(have)
    pair = theirs | _pieces(said)
    for word in _WORD.findall(want):
        if not _stands(word, pair):
            yield Difference("word", word)
    for word in map(_noun, _WORD.findall(have)):
        if word and _share(word, ours) < _ANY_PIECE:
            yield Difference("word", "", word)


def _stands(word: str, pair: frozenset[str]) -> bool:
    """Of a Korean verb the beginning is enough: endings say how politely one asks."""
    if noun := _noun(word):
        return _share(noun, pair) >= _STANDS
    return bool(ASIDE.search(word)) or len(word) < 3 or word[:2] in pair


def _noun(word: str) -> str:
    """``word`` without its particle; empty where it is a verb, or a word of asking."""
    bare = _PARTICLE.sub("", word)
    verb = bare == word and not word.isascii() and _VERB.fullmatch(word)
    return "" if verb or len(bare) < 2 or ASIDE.search(bare) else bare


def _share(word: str, pieces: frozenset[str]) -> float:
    own = _pieces(word)
    return len(own & pieces) / len(own) if own else 1.0


def _pieces(text: str) -> frozenset[str]:
    """Two neighbouring letters within a Korean word; the beginning of a Latin one."""
    found = set[str]()
    for word in _WORD.findall(text):
        if word.isascii():
            found.add(word[:5])
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


def _present(words: Iterable[str], text: str) -> list[str]:
    """Which of ``words`` stand in ``text``: Latin ones whole, Korean ones at a word's beginning or
    within a compound; a longer one hides a shorter one within it."""
    found = []
    for word in sorted(words, key=len, reverse=True):
        pattern = rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
        if re.search(pattern, text):
            found.append(word)
            text = re.sub(pattern, " ", text)
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
