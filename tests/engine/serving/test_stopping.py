"""Where an answer ends."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.serving.stopping import AnswerText, without_loop


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[a:b] for a, b in pairwise(edges)]


@given(st.lists(st.integers(0, 100)))
def test_a_stop_string_ends_the_answer_however_it_is_cut(cuts: list[int]):
    """Nothing of it is ever shown."""
    answer, shown = AnswerText(["\n질문:"]), ""
    for piece in pieces_of(" 5월 31일까지입니다.\n질문: 또?", cuts):
        shown += answer.push(piece)
    assert answer.ending == "stop"
    assert shown == answer.text == "5월 31일까지입니다."


@given(st.text("ab\n질문:. ", max_size=60), st.lists(st.integers(0, 60)))
def test_what_is_shown_is_the_answer(text: str, cuts: list[int]):
    """Without a stop string or loop, every character but the outer blanks arrives, in order."""
    answer, shown = AnswerText(["\n답:"]), ""
    for piece in pieces_of(text, cuts):
        shown += answer.push(piece)
    shown += answer.flush()
    if answer.ending is None:
        assert shown.rstrip() == answer.text == text.strip()


def test_the_beginning_of_a_stop_string_is_not_a_stop_string():
    """Text held back for it is shown once it turns out to be something else."""
    answer = AnswerText(["\n질문:"])
    assert answer.push("가\n질") == "가"
    assert answer.push("서") == "\n질서"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("먼저. " + "종합소득세는 매년 5월에 신고하고 납부하는 세금입니다. " * 2,
         "먼저. 종합소득세는 매년 5월에 신고하고 납부하는 세금입니다."),
        ("2019. " + "1. " * 40, "2019. 1."),
        ("네 " * 40, "네"),
        # Two sentences that end alike: the loop is found inside a sentence, which is kept whole.
        ("앞의 문장은 이렇게 끝나는 것입니다. 뒤의 문장은 저렇게 끝나는 것입니다. "
         "뒤의 문장은 저렇게 끝나는 것입니다. ",
         "앞의 문장은 이렇게 끝나는 것입니다. 뒤의 문장은 저렇게 끝나는 것입니다."),
    ],
)  # fmt: skip
def test_a_loop_is_said_once(text: str, kept: str):
    """The model's repetition ends the answer, and one copy of it stays."""
    answer = AnswerText()
    for character in text:
        answer.push(character)
    assert answer.ending == "loop"
    assert answer.text == kept


@pytest.mark.parametrize(
    "text",
    [
        "ㅋㅋㅋㅋㅋㅋ 네, 맞습니다.",
        "| 항목 | 금액 |\n|------|------|\n| 매출 | 1,000,000원 |\n| 매입 | 1,000,000원 |",
        "1월 25일, 4월 25일, 7월 25일, 10월 25일",
        "-" * 40 + "\n합계",
        "| 0 | 0 | 0 | 0 | 0 |",
        "1,000,000,000,000원",
    ],
)
def test_people_repeat_themselves_too(text: str):
    """Tables, rules, lists of dates and laughter are no loops."""
    answer = AnswerText()
    for character in text:
        answer.push(character)
    assert answer.ending is None


@given(st.text(max_size=20), st.text(min_size=1, max_size=30))
def test_any_unit_repeated_long_enough_is_a_loop(start: str, unit: str):
    """Whatever it is made of."""
    assert without_loop(start + unit * 70) is not None
