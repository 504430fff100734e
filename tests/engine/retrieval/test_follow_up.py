"""Which questions stand alone."""

import pytest

from engine.retrieval.follow_up import stands_alone


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("종합소득세는 언제까지 신고하나요?", True),
        ("간이과세자 기준 금액은 얼마인가요?", True),
        ("What is depreciation?", True),
        ("언제까지 내야 하나요?", False),
        ("신고 기한은 언제인가요", False),
        ("필요한 서류는 무엇인가요", False),
        ("방금 말한 세율이 맞나요", False),
        ("해당 기한은 언제인가요", False),
        ("Can I deduct that?", False),
    ],
)
def test_only_a_question_with_a_topic_stands_alone(question: str, alone: bool):
    """Later in a conversation, others may be about anything."""
    assert stands_alone(question, place=3) is alone
