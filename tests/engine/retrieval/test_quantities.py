"""The numbers that a text tells, with their units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.quantities import PART_OF_A_WORD, is_year, quantities, unit_of

UNITS = ["%", "만", "원", "년", "월", "일", "명", "번", "회", "세", ""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("17번 창고", ["17번"]),
        ("세율은 10%인가요, 20 퍼센트인가요?", ["10%", "20%"]),
        ("1,500만 원", ["1500만"]),
        ("2.5개월까지", ["2.5개월"]),
        ("3일까지 내면", ["3일"]),
        ("2024년도에는", ["2024년"]),
        ("65살 이상", ["65세"]),
        ("1세대 2주택", ["1~", "2~"]),
        ("port 6379?", ["6379"]),
        ("a4 용지와 v2", []),
        ("번호 없음", []),
    ],
)
def test_numbers_have_the_unit_that_stands_at_them(text: str, found: list[str]):
    """The same unit in one spelling; part of a word is no unit."""
    assert quantities(text) == found


@given(st.integers(0, 10**9), st.sampled_from(UNITS), st.sampled_from(["", "까지", "이상", "은"]))
def test_every_number_is_found(number: int, unit: str, particle: str):
    """With and without commas, whatever particle follows."""
    if not unit and particle:
        return
    assert quantities(f"약 {number}{unit}{particle} 정도") == [f"{number}{unit}"]
    assert quantities(f"약 {number:,}{unit}{particle} 정도") == [f"{number}{unit}"]


@given(st.integers(0, 10**6), st.sampled_from(UNITS))
def test_the_unit_is_told_alone(number: int, unit: str):
    """Of what ``quantities`` found."""
    assert unit_of(f"{number}{unit}") == unit


def test_a_number_in_a_word_has_that_for_its_unit():
    """It counts nothing of its own."""
    assert unit_of(quantities("2주택")[0]) == PART_OF_A_WORD


@pytest.mark.parametrize(
    ("number", "year"),
    [("2024년", True), ("2024", True), ("1999", True), ("3년", False), ("2024만", False)],
)
def test_a_calendar_year_is_no_span(number: str, year: bool):
    """With or without 년."""
    assert is_year(number) is year


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str):
    """And each quantity begins with a digit."""
    assert all(found[0].isdecimal() for found in quantities(text))
