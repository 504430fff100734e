"""How a known question that may be meant is shown: its words, and what speaks against it."""

import pytest

from bot.answering.suggestions import differing_words, marked_parts, words_only_asked
from bot.messages import Suggestion
from engine.retrieval.agreement import Difference

VAT = "VAT 확정신고는 언제까지 하나요?"


def test_words_of_the_known_question_are_marked_in_it():
    """In its own spelling, whatever the case of the word that was compared."""
    parts = marked_parts(Suggestion(1, VAT, differing=("vat", "일본")))
    assert parts == [("VAT", True), (" 확정신고는 언제까지 하나요?", False)]


def test_words_that_only_the_asker_said_cannot_be_marked():
    """They are named beside the question."""
    assert words_only_asked(Suggestion(1, VAT, differing=("vat", "일본"))) == ("일본",)


def test_kinds_of_question_words_are_no_words_to_show():
    """Nobody wrote "how much"; the others are there once, without blanks and with no particle."""
    found = (
        Difference("question_word", "when", "how much"),
        Difference("negation", "안 "),
        Difference("name", "일본", "독일"),
        Difference("word", "일본의"),
    )
    assert differing_words(found, VAT) == ("안", "일본", "독일")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("한도는", "한도"),
        ("세율이", "세율"),
        ("신고기한도", "신고기한"),
        ("공제한도", "공제한도"),
        ("연차휴가", "연차휴가"),
        ("취소하면", "취소하면"),
        ("얼마인가요", "얼마인가요"),
        ("vat", "vat"),
    ],
)
def test_a_word_is_shown_without_its_particle(asked: str, shown: str):
    """Where it is a noun: a verb, and a noun that ends like a particle, stay whole."""
    assert differing_words((Difference("word", asked),), VAT) == (shown,)


def test_a_word_of_the_known_question_is_shown_as_it_stands_there():
    """Not cut to what is compared, and so that it can be marked."""
    stored = "연차휴가의 신고기한은 언제인가요?"
    differing = differing_words((Difference("word", "", "신고"),), stored)
    assert differing == ("신고기한",)
    assert ("신고기한", True) in marked_parts(Suggestion(1, stored, differing=differing))


def test_a_word_that_is_the_difference_with_its_particle_keeps_it():
    """법인만 is not 법인도."""
    assert differing_words((Difference("opposite", "법인만", ""),), VAT) == ("법인만",)
