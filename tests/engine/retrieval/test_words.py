"""Words and pieces of words of a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.words import noun_of, pieces_of, share, stands, verb_noun_of

WORDS = st.text(st.sampled_from("부가세신고기한언제까지하나요abc"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("신고를", "신고"),
        ("회사에서는", "회사"),
        ("신고기한은", "신고"),
        ("창고", "창고"),
        ("monitor", "monitor"),
        ("하나요", ""),
        ("언제까지", ""),
        ("얼마인가요", ""),
        ("the", ""),
        ("은", ""),
    ],
)
def test_a_noun_loses_its_particle(word: str, noun: str):
    """And what it says only for its kind; verbs and words of asking are none."""
    assert noun_of(word) == noun


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("취소하면", "취소"),
        ("신고했는데", "신고"),
        ("먹으면", ""),
        ("얼마할까요", ""),
        ("창고", ""),
    ],
)
def test_a_verb_may_be_made_of_a_noun(word: str, noun: str):
    """취소하다 is; native ones are not."""
    assert verb_noun_of(word) == noun


def test_pieces_are_pairs_of_letters_and_beginnings():
    """Korean words overlap, Latin ones are told by how they begin."""
    assert pieces_of("세금계산서 monitors") == {"세금", "금계", "계산", "산서", "monit"}
    assert pieces_of("3 × 4") == frozenset()


@given(WORDS, st.text(max_size=50))
def test_a_word_stands_in_every_text_that_holds_it(word: str, rest: str):
    """Beside whatever else."""
    assert share(word, pieces_of(f"{rest} {word}")) == 1.0
    assert stands(word, pieces_of(f"{rest} {word}"))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_share_is_a_part(word: str, text: str):
    """From none to all."""
    assert 0.0 <= share(word, pieces_of(text)) <= 1.0


def test_a_word_of_which_too_little_is_there_does_not_stand():
    """부가가치세 is no 부가세."""
    assert not stands("부가세", pieces_of("부가가치세"))
    assert not stands("정수기", pieces_of("소화기 점검"))
