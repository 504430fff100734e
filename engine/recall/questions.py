"""When two questions are the same one: exactly, or said a little differently.

Both err towards "different": a pair kept twice costs a line, two facts merged cost an answer.
"""

import re
import unicodedata
from dataclasses import dataclass

_MEANT = frozenset("%+#<>=±$€£¥₩°")  # signs that a question can hang on: C++, 10%, < 30
_BETWEEN_DIGITS = frozenset(".:/-~")
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
        (r"(?:하나요|합니까|하는가요|하는지요|하죠|하지요|해요|할까요)", "하"),
        (r"(?:되나요|됩니까|되는가요|되는지요|되죠|되지요|돼요|될까요)", "되"),
        (r"(?:있나요|있습니까|있는가요|있는지요|있죠|있어요|있을까요)", "있"),
        (r"(?:없나요|없습니까|없는가요|없는지요|없죠|없어요|없을까요)", "없"),
        (r"(?:인가요|입니까|이에요|이죠|이지요|인지요|일까요|예요)", ""),
        (r"(?<=얼마|언제|무엇|어디|누구)(?:죠|지요|지|야)", ""),
    )
)
_LEAD = re.compile(
    r"^(?:혹시|저기요?|안녕하세요|질문(?:이|입니다|있어요)?|please|hi|hello|hey"
    r"|(?:can|could) you (?:please )?tell me|tell me|i(?: would|'d) like to know)\b[\s,.!:]*"
)
_ENGLISH = re.compile(r"\b(?:the|a|an|please)\b")
_PARTICLE = re.compile(r"(?<=[가-힣]{2})(?:은|는|이|가|을|를)(?=\s)|(?<=\s)좀(?=\s)")
_SHORT_FORMS = (("what's", "what is"), ("where's", "where is"), ("when's", "when is"))


def question_key(text: str) -> str:
    """The normal form of a question: equal keys mean the same question. Pure, stable, idempotent.

    NFKC and case folding; spaces and punctuation do not count, except where they part or sign
    numbers (``1.5``, ``3-4``, ``1 2``, ``-5``, ``10%``). Text of nothing else is its own key.
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
        """See same_question."""
        return self.key == other.key or (cosine >= NEAR and self.plain == other.plain != "")


def same_question(a: str, b: str, cosine: float) -> bool:
    """Whether two questions ask for the same fact in the same words.

    Equal keys; or equal but for politeness, topic and object particles and articles, if besides
    ``cosine`` (of any vectors that hold the questions) is at least NEAR. Numbers, negations,
    other words and another order always keep two questions apart.
    """
    return Wording.of(a).same(Wording.of(b), cosine)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _essence(text: str) -> str:
    kept: list[str] = []
    gap = ""  # what stood between the last kept character and this one
    for character in text:
        if unicodedata.category(character)[0] not in "LNM" and character not in _MEANT:
            gap += character
            continue
        if character.isdecimal():
            kept.append(_sign(gap, after_digit=bool(kept) and kept[-1].isdecimal()))
        kept.append(character)
        gap = ""
    return _folded("".join(kept))


def _sign(gap: str, *, after_digit: bool) -> str:
    """What of ``gap``, which stands before a digit, belongs to the number."""
    if not after_digit:
        return "-" if gap.endswith(("-", "−")) else ""
    if gap == ",":
        return ""
    if gap and gap[0] in _BETWEEN_DIGITS:
        return gap[0]
    return " " if gap else ""


def _plain(text: str) -> str:
    """The question's key without what only sets its tone."""
    text = _LEAD.sub("", _folded(text).replace("’", "'").strip())
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
