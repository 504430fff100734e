"""Whether two answers state the same fact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.same_answer import AnswerFingerprint


def same(a: str, b: str) -> bool:
    return AnswerFingerprint.of(a).same(AnswerFingerprint.of(b))


@given(st.text("가나다라마바사아자차 1234", min_size=30))
def test_an_answer_states_what_it_states(answer: str):
    """Whatever it is, and however it is spaced."""
    assert same(answer, f"  {answer} ") or len(AnswerFingerprint.of(answer).pairs) < 12


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_does_not_matter_which_is_first(a: str, b: str):
    """Both must say what the other says."""
    assert same(a, b) == same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("세율은 3.3%입니다.", "세율은 3.5%입니다."),
        ("7월 25일까지입니다.", "7월 25일까지이고 1월 25일까지입니다."),
        ("네, 공제됩니다.", "네, 공제됩니다."),
        ("복식부기는 차변과 대변으로 기록합니다.", "간편장부는 수입과 비용만 기록합니다."),
    ],
)
def test_other_numbers_other_words_or_hardly_any_words_are_another_fact(a: str, b: str):
    """A bare yes may answer anything."""
    assert not same(a, b)


def test_a_fact_may_be_worded_a_little_differently():
    """As approved answers of a model are."""
    assert same("부가가치세는 7월 25일까지 신고합니다.", "부가가치세는 07월 25일까지 신고하세요.")
