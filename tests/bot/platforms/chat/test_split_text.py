"""Long answers are cut into messages."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.chat.split_text import split

WORDS = st.lists(
    st.sampled_from(
        ["세금", "신고. ", "\n", "\n\n", "\n```\n", "\n```python\n", "x = 1", " ", "가" * 50]
    )
).map("".join)


def bare(text: str) -> str:
    """Without white space and fences, which a cut may add or drop."""
    return re.sub(r"`{3,}(python)?|\s", "", text)


@given(WORDS, st.integers(60, 200))
@example("```python\n" + "x = 1\n" * 60, 60)
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int):
    """Whatever it is made of."""
    pieces = split(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert bare("".join(pieces)) == bare(text)


def test_a_short_answer_is_one_piece():
    """As it is."""
    assert split("짧은 답", 100) == ["짧은 답"]


def test_it_is_cut_between_paragraphs():
    """Where there is one in the second half."""
    assert split("가" * 60 + "\n\n" + "나" * 60, 100) == ["가" * 60, "나" * 60]


def test_a_cut_code_block_stays_code():
    """Closed in one piece, opened in the next, in the same language."""
    first, second, *_ = split("```python\n" + "value = 1\n" * 20 + "```", 120)
    assert first.startswith("```python\n")
    assert first.endswith("\n```")
    assert second.startswith("```python\n")


@pytest.mark.parametrize("text", ["가" * 100_000, "word " * 20_000, "\n" * 5000])
def test_very_long_text_is_cut(text: str):
    """With or without boundaries."""
    assert all(len(piece) <= 2000 for piece in split(text, 2000))
