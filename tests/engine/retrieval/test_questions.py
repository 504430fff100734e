"""Which questions are the same one."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.questions import Wording, question_key
from tests.engine.retrieval.twins import LOOK_ALIKE, SAME

PACK = Path(__file__).parents[3] / "domains" / "tax-ko.jsonl"


def _same(a: str, b: str, cosine: float) -> bool:
    return Wording.of(a).same(Wording.of(b), cosine)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_the_same_in_other_clothes(a: str, b: str) -> None:
    """Politeness, spacing, punctuation, case and width make no new question."""
    assert _same(a, b, 0.95)


@pytest.mark.parametrize(("a", "b"), LOOK_ALIKE)
def test_look_alikes_are_different(a: str, b: str) -> None:
    """Numbers, negations, directions and other words make another question at any cosine."""
    assert not _same(a, b, 1.0)
    assert question_key(a) != question_key(b)


def test_no_two_facts_of_the_starter_pack_merge() -> None:
    """Of the pack's 53,956 couples of questions none is taken for the same."""
    rows = [json.loads(line) for line in PACK.read_text().splitlines()]
    wordings = [Wording.of(row["question"]) for row in rows]
    assert not [(a, b) for a, b in combinations(wordings, 2) if a.same(b, 1.0)]


@given(st.text())
def test_the_key_of_a_key_is_itself(text: str) -> None:
    """The normal form is stable, so a UNIQUE index can hold it."""
    assert question_key(question_key(text)) == question_key(text)


@given(st.text(), st.text())
def test_both_ways_alike(a: str, b: str) -> None:
    """a is the same as b exactly when b is the same as a, and everything is itself."""
    assert _same(a, b, 0.9) == _same(b, a, 0.9)
    assert _same(a, a, 0.0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_other_numbers_are_other_questions(a: int, b: int) -> None:
    """Only equal numbers give equal keys, with or without thousands separators."""
    assert (question_key(f"{a:,}원까지?") == question_key(f"{b}원까지")) == (a == b)


SIGNS = st.sampled_from("<>=≤≥≠±×÷→←↑↓♯♭#%‰+€₩👍👎🙂🙁✓✗")


@given(SIGNS, SIGNS)
def test_other_signs_are_other_questions(a: str, b: str) -> None:
    """Comparisons, arithmetic, arrows, sharps and emoji are read; spaces around them are not."""
    assert (question_key(f"값 {a} 는?") == question_key(f"값{b}는")) == (a == b)


@given(st.integers(0, 999), st.integers(0, 10**4), st.sampled_from(["", "0"]))
def test_a_comma_is_one_of_thousands_before_three_digits_alone(a: int, b: int, zero: str) -> None:
    """Elsewhere it parts two numbers: 1,2월 is not 12월."""
    tail = zero + str(b)
    assert (question_key(f"{a},{tail}월?") == question_key(f"{a}{tail}월?")) == (len(tail) == 3)


@given(st.text())
def test_no_key_begins_with_a_space(text: str) -> None:
    """In the database that marks a key which is still to be worked out."""
    assert not question_key(text).startswith(" ")


def test_a_megabyte_is_read_in_time() -> None:
    """A hostile text is normalised in linear time."""
    assert question_key("1 .~!" * 200_000).startswith("1 1")
