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

Kind = Literal["number", "negation", "opposite", "name", "question_word", "word"]

# Each line: words of which a question means one and not the other.
_OPPOSITES: tuple[tuple[str, ...], ...] = (
    ("최대", "최소"), ("최고", "최저"), ("최초", "최종"), ("상한", "하한"),
    ("이상", "미만", "이하", "초과"), ("이전", "이후"), ("증가", "감소"), ("인상", "인하"),
    ("가입", "탈퇴"), ("취득", "양도"), ("매입", "매출"), ("수입", "수출"),
    ("국내", "국외", "해외"),
    ("내국인", "외국인"), ("개인", "법인"), ("본인", "배우자"), ("신규", "기존"), ("등록", "말소"),
    ("개업", "폐업"), ("입사", "퇴사"), ("입금", "출금"), ("설치", "삭제"),
    ("가능", "불가능", "불가"), ("포함", "제외"), ("유료", "무료"), ("평일", "주말", "공휴일"),
    ("오전", "오후"), ("월별", "연간"), ("매월", "매년"),
    ("enable", "disable"), ("open", "close"), ("open", "closed"), ("add", "remove"),
    ("install", "uninstall"), ("start", "stop"), ("before", "after"), ("minimum", "maximum"),
    ("least", "most"), ("lowest", "highest"), ("first", "last"),
    ("increase", "decrease"),
    ("import", "export"), ("upload", "download"), ("send", "receive"), ("buy", "sell"),
    ("allow", "block"), ("internal", "external"), ("domestic", "international"),
    ("weekday", "weekend"), ("monthly", "yearly", "annual"), ("lock", "unlock"), ("join", "leave"),
)  # fmt: skip
# What is said of one of these says nothing of another.
_NAMES = (
    "일본", "미국", "중국", "독일", "영국", "프랑스", "베트남", "홍콩", "싱가포르", "대만",
    "캐나다",
    "호주", "인도", "태국", "러시아", "이탈리아", "스페인", "필리핀", "인도네시아", "말레이시아",
    "멕시코", "브라질", "스위스", "네덜란드", "북한",
    "japan", "germany", "france", "china", "india", "canada", "australia", "singapore",
    "vietnam",
    "spain", "italy", "mexico", "brazil", "korea", "switzerland", "netherlands", "ireland",
)  # fmt: skip
# How long something takes is asked with "when" and with "how much".
_HOW_LONG = re.compile(
    r"얼마\s*(?:안|만|전|후|동안|지나|나\s?걸)|몇\s*(?:년|개월|달|주|일|시간)|며칠"
    r"|how (?:long|often|soon)"
)
_QUESTION_WORDS = {
    "when": re.compile(
        r"언제|몇\s*(?:월|일|시)(?![가-힣])|기한|마감|\bwhen\b|what (?:time|date|day)"
    ),
    "who": re.compile(r"누구|누가|\bwho(?:m|se)?\b"),
    "where": re.compile(r"어디|어느\s*(?:곳|관청|기관|부서)|\bwhere\b"),
    "why": re.compile(r"왜(?=\s|\?|$)|이유|\bwhy\b"),
    "how much": re.compile(
        r"얼마|몇\s*(?:%|퍼센트|프로|원|명|개|번|회|배|건|평|제곱)|how (?:much|many|far)"
    ),
}
# Too loose to part questions in different words: "어떻게 되나요" asks for anything.
_LOOSE_QUESTION_WORDS = {
    "how": re.compile(r"어떻게|방법|어떡|\bhow (?:do|can|should|to)\b"),
    "what": re.compile(r"무엇|뭐|뭔|이?란(?=\s|\?|$)|무슨|\bwhat (?:is|are|does)\b"),
}
_NEGATION = re.compile(
    r"않|없|못|아니|아닌|(?<![가-힣])안\s?(?=[가-힣]{1,4}(?:면|나|아|어|해|하|되|돼|내|받|쓰|냈|했))"
    r"|말아야|\b(?:not|no|never|cannot|unable|without)\b|n't\b",
)
_QUANTITY = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\d])\s*(%|퍼센트|[가-힣]{1,2})?")
_UNITS = frozenset(
    {"%", "퍼센트", "원", "만원", "만", "억", "억원", "천", "천원", "년", "년도", "월", "일", "시",
     "분", "개월", "주", "명", "개", "번", "회", "배", "호", "층", "조", "항", "세", "살", "건",
     "차", "기"}
)  # fmt: skip
# From which share of a stored question's pieces on another one is worded alike.
_ALIKE = 0.5
_STANDS = 0.6  # share of a word's pieces that must stand in the pair, for the word to stand there
_ANY_PIECE = 0.3  # the same of a word of the stored question, which may be left out or shortened
_WORD = re.compile(r"[가-힣]+|[a-z]{3,}")
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:으로부터|에서는|에서도|으로는|에게는|이라도|까지는|부터는|으로|에서|에게|에는|한테"
    r"|부터|까지|이란|라도|처럼|보다|마다|이나|은|는|이|가|을|를|의|에|도|로|과|와|만|란|나|랑)$"
)
_VERB = re.compile(
    r".+(?:요|까|니|죠|지|면|서|한|된|할|해|려고|나|하고|했|하는|되는|있는|없는|받는|인|던|어|야|네|데|때)$"
)
# Words of asking, and words that any question may have or lack.
_ASIDE = re.compile(
    r"^(?:언제|얼마|무엇|뭐|뭘|뭔|어디|누가|누구|어떻게|어떡|왜|몇|알려|궁금|무슨|어느|어떤)"
    r"|^(?:경우|기준|때|그|이|저|것|수|안|못|좀|혹시|지금|제가|저는|우리|대해|정도|보통)$"
    r"|^(?:the|and|for|our|your|you|how|what|when|where|who|why|does|can|should|this|that|are|was|will"
    r"|have|has|get|need|must|may|please|many|much|long|often|from|into|with)$"
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
        self._opposites = [tuple(map(_plain, row)) for row in (*_OPPOSITES, *terms.opposites)]
        self._names = sorted(set(map(_plain, (*_NAMES, *terms.names))), key=len, reverse=True)

    def differences(self, asked: str, question: str, answer: str) -> tuple[Difference, ...]:
        """Where ``asked`` wants something else than the pair says; empty: nothing was found."""
        want, have, said = map(self._read, (asked, question, answer))
        alike = _is_alike(want, have)
        return (
            *_numbers(want, have, said, alike=alike),
            *_negations(want, have),
            *self._opposed(want, have),
            *self._named(want, f"{have} {said}"),
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


def _numbers(want: str, have: str, said: str, *, alike: bool) -> Iterable[Difference]:
    """Who asks in other words may tell of numbers that are not asked about: "it is 2 weeks ago"."""
    ours, question, answer = map(_quantities, (want, have, said))
    for number in ours:
        if number not in question and number not in answer and (question or alike):
            yield Difference("number", number, question[0] if question else "")
    if question and not ours:
        yield Difference("number", "", question[0])


def _quantities(text: str) -> list[str]:
    """Numbers with the units that stand at them: "17번", "10%"."""
    found = []
    for match in _QUANTITY.finditer(text):
        unit = match.group(1) or ""
        unit = next((unit[:size] for size in (2, 1) if unit[:size] in _UNITS), "")
        number = re.match(r"[\d,]*(?:\.\d+)?", match.group(0))
        figures = number.group(0).replace(",", "").rstrip(".") if number else ""
        found.append(f"{figures}{'%' if unit == '퍼센트' else unit}")
    return found


def _negations(want: str, have: str) -> Iterable[Difference]:
    ours, theirs = _NEGATION.findall(want), _NEGATION.findall(have)
    if len(ours) % 2 != len(theirs) % 2:
        yield Difference("negation", ours[0] if ours else "", theirs[0] if theirs else "")


def _other_question_word(want: str, have: str, *, loose: bool) -> Iterable[Difference]:
    ours, theirs = _question_words(want, loose=loose), _question_words(have, loose=loose)
    if ours and theirs and not set(ours) & set(theirs):
        yield Difference("question_word", ours[0], theirs[0])


def _question_words(text: str, *, loose: bool) -> list[str]:
    patterns = {**_QUESTION_WORDS, **(_LOOSE_QUESTION_WORDS if loose else {})}
    found = [kind for kind, pattern in patterns.items() if pattern.search(text)]
    return [*found, "when", "how much"] if _HOW_LONG.search(text) else found


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
    return bool(_ASIDE.search(word)) or len(word) < 3 or word[:2] in pair


def _noun(word: str) -> str:
    """``word`` without its particle; empty where it is a verb, or a word of asking."""
    bare = _PARTICLE.sub("", word)
    verb = bare == word and not word.isascii() and _VERB.fullmatch(word)
    return "" if verb or len(bare) < 2 or _ASIDE.search(bare) else bare


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
