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
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.retrieval.agreement_words import (
    COUNTED,
    DECISIVE,
    HOW_LONG,
    LOOSE_QUESTION_WORDS,
    NAMES,
    OPPOSITES,
    PERIODS,
    QUESTION_WORDS,
    REVERSING,
    WANTED,
)
from engine.retrieval.negations import negated_otherwise
from engine.retrieval.quantities import PART_OF_A_WORD, is_year, quantities, unit_at, unit_of
from engine.retrieval.questions import Wording
from engine.retrieval.words import WORD, noun_of, pieces_of, share, stands, verb_noun_of

Kind = Literal["number", "negation", "opposite", "name", "question_word", "word"]

_ONLY = re.compile(r"([가-힣]{2,})만(?=\s|$)")
_TOPIC_WORDS = 3
_ROLE = re.compile(r"([가-힣]{2,}?)(이|가|께서|에게|한테|께|로부터)(?=\s|$)")
# From which share of a stored question's pieces on another one is worded alike.
_ALIKE = 0.5
_ANY_PIECE = 0.3  # the same of a word of the stored question, which may be left out or shortened


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
        self, asked: str, questions: Sequence[str], answer: str, source: str = ""
    ) -> tuple[Difference, ...]:
        """Where ``asked`` wants something else than a fact says; empty: nothing was found.

        ``questions``: the wordings in which the fact is known, the nearest first. Where ``asked``
        is worded like some of them, these are what it is compared with: another wording has no say
        in whether one word stands in another's place. ``source``: what the fact rests on; it may
        name what question and answer leave out.
        """
        compared = [self._compared(asked, at, questions, answer, source) for at in questions]
        alike = [found for is_alike, found in compared if is_alike]
        return min(alike or [found for _, found in compared], key=len, default=())

    def same(self, asked: str, question: str) -> bool:
        """Both ask for the same in the same words: short forms, politeness and particles aside."""
        return self.plain(asked) == self.plain(question) != ""

    def plain(self, question: str) -> str:
        """What remains of a question without short forms, politeness and particles."""
        return Wording.of(self._read(question)).plain

    def _compared(
        self, asked: str, question: str, questions: Sequence[str], answer: str, source: str
    ) -> tuple[bool, tuple[Difference, ...]]:
        """(whether ``asked`` is worded like ``question``, where they differ)."""
        want, have = self._read(asked), self._read(question)
        others = [self._read(other) for other in questions if other != question]
        said = " ".join([self._read(answer), *others])
        alike = _is_alike(want, have)
        return alike, (
            *_numbers(want, have, said, alike=alike),
            *_negated(want, have),
            *self._opposed(want, have),
            *self._named(want, f"{have} {said} {self._read(source)}"),
            *_reversed(want, have),
            *_swapped(want, have),
            *_limited(want, have),
            *_other_period(want, have),
            *_other_count(want, have),
            *_bare(want, have),
            *_other_question_word(want, have, loose=alike),
            *(_other_words(want, have, said, others) if alike else ()),
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
            if ours and theirs and not ours.keys() & theirs.keys():
                yield Difference("opposite", next(iter(ours)), next(iter(theirs)))
            elif sum(ours.values()) == sum(theirs.values()) and ours != theirs:
                # One stands in the other's place: 상속재산과 상속재산, 상속재산과 증여재산.
                more, less = (next(iter(a - b)) for a, b in ((ours, theirs), (theirs, ours)))
                yield Difference("opposite", more, less)

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
        {noun for word in WORD.findall(text) if (noun := noun_of(word))} for text in (want, have)
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


def _limited(want: str, have: str) -> Iterable[Difference]:
    """법인만 is not 법인도, nor 법인 alone."""
    theirs = _ONLY.findall(have)
    for noun in _ONLY.findall(want):
        if noun not in theirs and noun in have:
            yield Difference("opposite", f"{noun}만", noun)


def _other_period(want: str, have: str) -> Iterable[Difference]:
    ours, theirs = (
        [kind for kind, pattern in PERIODS.items() if pattern.search(text)] for text in (want, have)
    )
    if ours and theirs and not set(ours) & set(theirs):
        yield Difference("opposite", ours[0], theirs[0])


def _other_count(want: str, have: str) -> Iterable[Difference]:
    """몇 명 asks for people, 몇 년 for years."""
    ours, theirs = _counted(want), _counted(have)
    if ours and theirs and not ours & theirs:
        yield Difference("question_word", f"몇 {min(ours)}", f"몇 {min(theirs)}")


def _counted(text: str) -> set[str]:
    return {"일" if days else unit_at(word) for word, days in COUNTED.findall(text)} - {""}


def _bare(want: str, have: str) -> Iterable[Difference]:
    """A topic alone ("부가가치세") asks nothing, and so not what is stored either."""
    words = WORD.findall(want)
    asks = _question_words(want, loose=True) or any(not noun_of(word) for word in words)
    if not asks and len(words) <= _TOPIC_WORDS and _question_words(have, loose=True):
        yield Difference("question_word", "", _question_words(have, loose=True)[0])


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


def _negated(want: str, have: str) -> Iterable[Difference]:
    if found := negated_otherwise(want, have):
        yield Difference("negation", found, "")
    elif found := negated_otherwise(have, want):
        yield Difference("negation", "", found)


def _other_question_word(want: str, have: str, *, loose: bool) -> Iterable[Difference]:
    ours, theirs = _question_words(want, loose=loose), _question_words(have, loose=loose)
    if ours and theirs and not set(ours) & set(theirs):
        yield Difference("question_word", ours[0], theirs[0])
    elif decisive := sorted((DECISIVE & set(ours)) - set(theirs)):
        yield Difference("question_word", decisive[0], theirs[0] if theirs else "")
    for kind, asks in WANTED.items():
        if asks.search(want) and not LOOSE_QUESTION_WORDS[kind].search(have):
            yield Difference("question_word", kind, theirs[0] if theirs else "")


def _question_words(text: str, *, loose: bool) -> list[str]:
    rest, long = HOW_LONG.subn(" ", text)
    patterns = {**QUESTION_WORDS, **(LOOSE_QUESTION_WORDS if loose else {})}
    found = [kind for kind, pattern in patterns.items() if pattern.search(rest)]
    return [*found, "how long", "when"] if long else found


def _is_alike(want: str, have: str) -> bool:
    pieces = pieces_of(have)
    return bool(pieces) and len(pieces & pieces_of(want)) >= _ALIKE * len(pieces)


def _other_words(want: str, have: str, said: str, others: Sequence[str]) -> Iterable[Difference]:
    """Words in place of others: of the question, those that the fact nowhere has; of the stored
    question, those that are not asked for and that its ``others``, wordings of the fact, have too.
    """
    ours, pair = pieces_of(want), pieces_of(have) | pieces_of(said)
    rest = [pieces_of(other) for other in others]
    for word in WORD.findall(want):
        if not _stands(word, pair):
            yield Difference("word", word)
    for word in filter(None, map(noun_of, WORD.findall(have))):
        if share(word, ours) < _ANY_PIECE and all(stands(word, pieces) for pieces in rest):
            yield Difference("word", "", word)


def _stands(word: str, pair: frozenset[str]) -> bool:
    """Of verbs only those that are made of a noun are looked at: native ones have many synonyms."""
    return stands(noun_of(word) or verb_noun_of(word), pair)


def _present(words: Iterable[str], text: str) -> Counter[str]:
    """Which of ``words`` stand in ``text``, and how often: Latin ones whole, Korean ones at a
    word's beginning or within a compound; a longer one hides a shorter one within it."""
    found = Counter[str]()
    for word in sorted(words, key=len, reverse=True):
        pattern = rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
        text, times = re.subn(pattern, " ", text)
        if times:
            found[word] = times
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


PLAIN_WORDS = Agreement()  # for a domain that has no words of its own
