"""How a known question that may be meant is shown: its words, and what speaks against it."""

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
    assert differing_words(found) == ("안", "일본", "독일")
