"""When two questions are the same one: exactly, or said a little differently.

Both err towards "different": a pair kept twice costs a line, two facts merged cost an answer.
"""

import re
import unicodedata
from dataclasses import dataclass

_MEANT = frozenset("%‰#")  # beside all that Unicode calls a symbol: C++, < 30, ≤, →, ♯, 👎
_DECORATION = frozenset("~`")  # symbols that are none: 언제죠~
_BETWEEN_DIGITS = frozenset(".:/-~*")
_POWER = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹])")  # NFKC would make 102 of 10²
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:,\d{3})+(?!\d)")
# Of near-duplicates whose answers differ; measured 0.91 and more. No cosine tells look-alikes
# apart (0.87 to 0.999 on the table in the tests), so the words decide and this only guards.
NEAR = 0.85

# Endings and requests at the very end of a Korean question that only set its tone.
_TONE = re.compile(
    r"(?:\s*(?:(?:좀|한번|혹시)\s*)*"
    r"(?:알려\s?(?:줘요?|주세요|주실래요|주십시오|줄래요?|다오)|가르쳐\s?(?:줘요?|주세요)"
    r"|말해\s?(?:줘요?|주세요)|설명해\s?(?:줘요?|주세요)|궁금(?:해요?|합니다)|부탁(?:해요?|드려요|드립니다)))+$"
)
_ENDINGS = tuple(
    (re.compile(pattern + "$"), stem)
    for pattern, stem in (
        (r"(?:뭐예요|뭔가요|뭐야|뭡니까|무엇입니까|무엇이에요|무엇인가요)", "무엇"),
        (r"(?:하나요|합니까|하는가요|하는지요|하죠|하지요|해요|할까요)", "하"),
        (r"(?:되나요|됩니까|되는가요|되는지요|되죠|되지요|돼요|될까요)", "되"),
        (r"(?:있나요|있습니까|있는가요|있는지요|있죠|있어요|있을까요)", "있"),
        (r"(?:없나요|없습니까|없는가요|없는지요|없죠|없어요|없을까요)", "없"),
        (r"(?:인가요|입니까|이에요|이죠|이지요|인지요|일까요|예요)", ""),
        (r"(?<=얼마|언제|무엇|어디|누구)(?:죠|지요|지|야)", ""),
    )
)
_LEAD = re.compile(
    r"^(?:(?:@\S+|혹시|저기요?|안녕하세요|감사합니다|고맙습니다|그런데|질문(?:이|입니다|있어요)?"
    r"|please|hi|hello|hey|thanks"
    r"|(?:can|could) you (?:please )?tell me|tell me|i(?: would|'d) like to know)\b[\s,.!:]*)+"
)
# Thanks and sounds (ㅠㅠ, ㅎㅎ) behind a question.
_TAIL = re.compile(
    r"(?:[\s,.!?~…]*(?:감사합니다|고맙습니다|감사해요|고마워요?|부탁드립니다|thanks|thank you"
    r"|[ㄱ-ㅎㅏ-ㅣ\u1100-\u11ff]+))+"
    r"[\s.!?~…]*$"
)
_ENGLISH = re.compile(r"\b(?:the|an?)\b(?=\s+[a-z])|\bplease\b")
_PARTICLE = re.compile(r"(?<=[가-힣]{2})(?:은|는|이|가|을|를|이?란)(?=\s)|(?<=\s)좀(?=\s)")
_SHORT_FORMS = (("what's", "what is"), ("where's", "where is"), ("when's", "when is"))


def question_key(text: str) -> str:
    """The normal form of a question: equal keys mean the same question. Pure, stable, idempotent.

    NFKC and case folding; spaces and punctuation do not count, except where they part or sign
    numbers (``1.5``, ``3-4``, ``1,2``, ``1 2``, ``-5``, ``10%``), grade letters (``A-``) or negate
    (``!=``). Symbols count. Text of nothing else is its own key.

    Keys are stored: whoever changes this adds a migration that empties them, as the 7th does.
    """
    key = _folded(text)
    while (again := _essence(key)) != key:
        key = again
    return key or " ".join(_folded(text).split())


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's normal form, and the same without what only sets its tone."""

    key: str
    plain: str

    @classmethod
    def of(cls, question: str) -> "Wording":
        """Both forms of ``question``; worked out once where many are compared."""
        return cls(question_key(question), _plain(question))

    def same(self, other: "Wording", cosine: float) -> bool:
        """Whether two questions ask for the same fact in the same words.

        Equal keys; or equal but for politeness, topic and object particles and articles, if besides
        ``cosine`` (of any vectors that hold the questions) is at least NEAR. Numbers, negations,
        other words and another order always keep two questions apart.
        """
        return self.key == other.key or (cosine >= NEAR and self.plain == other.plain != "")


def _folded(text: str) -> str:
    text = _POWER.sub("^", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _essence(text: str) -> str:
    text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)
    kept: list[str] = []
    gap = ""  # what stood between the last kept character and this one
    for character in text:
        if not _counts(character):
            gap += character
            continue
        before = kept[-1] if kept else ""
        if character.isdecimal():
            kept.append(_sign(gap, after_digit=before.isdecimal()))
        elif character == "=" and gap.endswith("!"):
            kept.append("!")
        else:
            kept.append(_grade(before, gap, character))
        kept.append(character)
        gap = ""
    kept.append(_grade(kept[-1] if kept else "", gap, ""))
    return _folded("".join(kept))


def _counts(character: str) -> bool:
    """Letters, marks, numbers and symbols; not spaces, punctuation and control characters."""
    kind = unicodedata.category(character)[0]
    return character in _MEANT or (kind in "LMNS" and character not in _DECORATION)


def _grade(before: str, gap: str, after: str) -> str:
    """The minus of a grade (``A- 면``, ``A-면``); the hyphen of ``e-mail`` is none.

    A space keeps it apart from a letter that it would join to in the key.
    """
    if not gap.startswith("-") or not _is_latin(before):
        return ""
    if not _is_latin(after):
        return "-"
    return "" if gap == "-" else "- "


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _sign(gap: str, *, after_digit: bool) -> str:
    """What of ``gap``, which stands before a digit, belongs to the number."""
    if not after_digit:
        return "-" if gap.endswith("-") else ""
    if gap == "," or gap[:1] in _BETWEEN_DIGITS:
        return gap[:1]
    return " " if gap else ""


def _plain(text: str) -> str:
    """The question's key without what only sets its tone."""
    text = _TAIL.sub("", _LEAD.sub("", _folded(text).replace("’", "'").strip()))
    for short, long in _SHORT_FORMS:
        text = text.replace(short, long)
    text = _TONE.sub("", text.rstrip(" ?!.~…"))
    text = text.rstrip(" ?!.~…,")
    for ending, stem in _ENDINGS:
        text, replaced = ending.subn(stem, text)
        if replaced:
            break
    text = _PARTICLE.sub("", _ENGLISH.sub(" ", f" {text} "))
    return question_key(text)
