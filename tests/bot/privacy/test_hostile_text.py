"""Whatever a text is made of: what masking promises holds, and it takes little time."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy.identifiers import Kind
from bot.privacy.masker import TOKENS, Masker
from tests.bot.privacy.examples import (
    ALL,
    IDENTIFIERS,
    LOOKALIKES,
)

PIECES = st.sampled_from(
    [text for text, _ in IDENTIFIERS]
    + LOOKALIKES
    + list(TOKENS.values())
    + [
        *"0123456789@-. \n+()/,:=₩원",
        "\u200b",
        "\u061c",
        "계좌 ",
        "주민번호",
        "승인번호 ",
        "카드",
        "(신한)",
    ]
    + [
        "a@b.com",
        "a@",
        ".com",
        "010",
        "900101",
        "1234568",
        "123",
        "국민은행",
        "\x00",
        "\udc80",
        "x",
    ]
)
HOSTILE = st.lists(PIECES, max_size=12).map("".join) | st.text(
    st.sampled_from("0123456789-. @abc\n+()[]주민계좌원\u200b０１"), max_size=60
)


@given(HOSTILE)
@example("a@b.com.123@c.com")
@example("a@b.com9001011234568")
@example("4100 4915 8569 1191 합계홍길동@세무서.kr")
def test_masking_twice_is_masking_once(text: str):
    """What was masked is read as the number that it was."""
    once = ALL.mask(text)
    assert ALL.mask(once) == once


@given(HOSTILE, st.sets(st.sampled_from(Kind)), st.sets(st.sampled_from(Kind)))
def test_the_order_does_not_matter(text: str, some: set[Kind], others: set[Kind]):
    """One kind after the other, in any order, or all at once."""
    one, other = Masker(frozenset(some)), Masker(frozenset(others))
    both = Masker(frozenset(some | others)).mask(text)
    assert one.mask(other.mask(text)) == other.mask(one.mask(text)) == both


@given(st.text().filter(lambda text: not any(c.isdecimal() or c in "@＠﹫" for c in text)))
def test_without_digits_and_at_signs_nothing_changes(text: str):
    """Every character stays as it was typed, seen or unseen."""
    assert ALL.mask(text) == text


WORDS = st.text(
    st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@+("), max_size=40
)

WRITTEN_AS_SUCH = [
    "900101-1234568",
    "750505-5999999",
    "4111-1111-1111-1111",
    "010-1234-5678",
    "+82-10-1234-5678",
    "a@b.com",
]


@given(st.sampled_from(WRITTEN_AS_SUCH), WORDS, WORDS)
def test_whatever_surrounds_stays(number: str, before: str, behind: str):
    """Of a number written as such, nothing but the number goes."""
    masked = ALL.mask(number)
    assert masked in TOKENS.values()
    assert ALL.mask(f"{before} 「{number}」 {behind}") == f"{before} 「{masked}」 {behind}"


HOSTILE_UNITS = [
    "4111 1111 1111 1111 ",
    "1",
    "1 ",
    "1-",
    "12-",
    "010-",
    "0 1 0 ",
    "900101-",
    "4111-",
    "a",
    "a.",
    "a1",
    "a@",
    "@",
    "a@b.",
    "a@b.c ",
    "1\u200b",
    "１",
    "110-123-",
    "(02)",
    "+82",
    "계좌",
    "주민번호 1",
    "[전화번호",
    "123456 1234567 ",
    " ",
    "\u0301",
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_time_grows_with_the_length(unit: str):
    """Four times the text takes about four times as long, never sixteen."""
    short, long = (unit * (size // len(unit)) for size in (5_000, 20_000))
    assert seconds(long) < 8 * seconds(short) + 0.02


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["1", "a1", "010-", "a@b."])
def test_a_megabyte_takes_seconds(unit: str):
    """A line of hostile text cannot hold up a chat for long."""
    assert seconds(unit * (1_000_000 // len(unit)), runs=1) < 60


def seconds(text: str, *, runs: int = 3) -> float:
    """The best of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        ALL.mask(text)
        times.append(time.process_time() - start)
    return min(times)
