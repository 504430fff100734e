"""What one question negates and another affirms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.negations import negated_otherwise


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("환급을 받을 수 없는 경우는?", "환급을 받을 수 있는 경우는?"),
        ("신고를 안 하면?", "신고를 하면?"),
        ("신고안하면 벌금이 있나요?", "신고하면 벌금이 있나요?"),
        ("등록안되면 어떻게 하나요?", "등록되면 어떻게 하나요?"),
        ("공제를 못 받나요?", "공제를 받나요?"),
        ("사업자가 아니면 어떻게 하나요?", "사업자이면 어떻게 하나요?"),
        ("when can i not cancel?", "when can i cancel?"),
        ("why doesn't the printer work?", "why does the printer work?"),
        ("can i enter without a badge?", "can i enter with a badge?"),
    ],
)
def test_a_negation_of_what_the_other_affirms_is_found(text: str, other: str):
    """In both languages, and on one side only."""
    assert negated_otherwise(text, other)
    assert not negated_otherwise(other, text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("신고하지 않으면 어떻게 되나요?", "신고를 안 하면 어떻게 되나요?"),
        ("신고안하면 어떻게 되나요?", "신고하지 않으면 어떻게 되나요?"),
        ("회사 안에 주차장이 있나요?", "회사에 주차장이 있나요?"),
        ("안내문은 어디 있나요?", "설명서는 어디 있나요?"),
        ("이것을 감안하면 얼마인가요?", "이것을 더하면 얼마인가요?"),
        ("비밀번호를 안 알려주면 어떡하나요?", "암호를 모를 때 어떻게 하나요?"),
        ("notes are where?", "where are the notes?"),
    ],
)
def test_the_same_negation_and_words_that_look_like_one_are_none(text: str, other: str):
    """Another way to negate, a place, a guide, and what the other does not speak of."""
    assert not negated_otherwise(text, other)


@given(st.text(max_size=200))
def test_no_text_negates_itself(text: str):
    """Whatever it holds."""
    assert not negated_otherwise(text, text)
