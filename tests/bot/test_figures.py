"""Numbers in answers, compared with what is known."""

from hypothesis import given
from hypothesis import strategies as st

from bot.figures import figures, keeps_to


@given(st.text(), st.text())
def test_what_is_known_keeps_to_itself(answer: str, more: str):
    """Alone and among other knowledge."""
    assert keeps_to(answer, [more, answer])


@given(st.integers(0, 10**12))
def test_writing_a_number_otherwise_changes_nothing(number: int):
    """Thousands may be separated, zeros may lead."""
    assert figures(f"{number:,}원") == figures(f"{number}") == figures(f"00{number}")


def test_a_new_number_is_noticed():
    """Also beside known ones, and in the fraction."""
    assert keeps_to("3.3%를 뗍니다", ["세율은 3.3%입니다"])
    assert not keeps_to("3.5%를 뗍니다", ["세율은 3.3%입니다"])
    assert not keeps_to("7월 25일과 26일", ["7월 25일"])
