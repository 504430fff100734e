"""The approved pairs of one domain, searched by meaning."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.embedders.base import Vectors, unit
from engine.retrieval.index import Index, Pair
from engine.retrieval.lexical import Rarity, grams
from tests.support.fakes import FAKE_VERIFIER as VERIFIER

WORDS = st.text("가나다라 ab12", min_size=1, max_size=8)
STEPS = st.lists(
    st.tuples(st.integers(0, 8), WORDS, st.sampled_from(["put", "put", "put", "remove"])),
    max_size=40,
)


def vector(seed: str) -> Vectors:
    """A direction of its own for each text."""
    numbers = np.random.default_rng(list(seed.encode())).normal(size=(1, 8))
    return unit(numbers)[0]


def filled(*questions: str) -> Index:
    index = Index(8, VERIFIER)
    index.put_many(
        [Pair(n, question) for n, question in enumerate(questions)],
        np.stack([vector(question) for question in questions]),
    )
    return index


@given(STEPS, WORDS)
def test_whatever_was_put_and_removed_it_finds_what_a_plain_list_finds(
    steps: list[tuple[int, str, str]], asked: str
) -> None:
    """After any puts, replacements and removals the hits equal those of a sorted dictionary."""
    index, model = Index(8, VERIFIER), dict[int, str]()
    for pair_id, question, what in steps:
        if what == "put":
            index.put(pair_id, f"{question} {pair_id}번", vector(question))
            model[pair_id] = question
        else:
            index.remove(pair_id)
            model.pop(pair_id, None)
    rarity = Rarity()
    pieces = {pair_id: grams(f"{question} {pair_id}번") for pair_id, question in model.items()}
    for piece in pieces.values():
        rarity.add(piece)
    near = {
        pair_id: VERIFIER.likeness(
            float(vector(question) @ vector(asked)),
            rarity.overlap(grams(asked), pieces[pair_id], frozenset()),
        )
        for pair_id, question in model.items()
    }
    found = [hit.pair_id for hit in index.search(asked, vector(asked), 9)]
    assert len(index) == len(model)
    assert sorted(found) == sorted(model)
    assert [near[pair_id] for pair_id in found] == pytest.approx(
        sorted(near.values(), reverse=True), abs=1e-5
    )


def test_many_at_once_are_like_one_after_the_other() -> None:
    """put_many finds what as many puts find, across several growths."""
    questions = [f"{n}번째 물음" for n in range(500)]
    one = Index(8, VERIFIER)
    for n, question in enumerate(questions):
        one.put(n, question, vector(question))
    for question in questions[::50]:
        hits = filled(*questions).search(question, vector(question), 3)
        assert hits == one.search(question, vector(question), 3)


def test_a_stored_question_is_known_for_certain() -> None:
    """The very question that is stored comes first with the score 1, however it is punctuated."""
    index = filled("부가세 신고는?", "법인세 신고는?", *(f"세금 {n}" for n in range(60)))
    hit = index.search("부가세  신고는", vector("법인세 신고는?"), 1)[0]
    assert (hit.pair_id, hit.score) == (0, 1.0)


def test_of_the_same_question_the_better_supported_is_found() -> None:
    """A duplicate with less support is silent, and speaks again when the better one is gone."""
    index = Index(8, VERIFIER)
    index.put(1, "한도가 있나요?", vector("한도"), support=1.0, answer="없음")
    index.put(2, "한도가 있습니까?", vector("한도"), support=3.0, answer="있음")
    assert [hit.pair_id for hit in index.search("한도?", vector("한도"), 5)] == [2]
    index.remove(2)
    assert [hit.pair_id for hit in index.search("한도?", vector("한도"), 5)] == [1]


def test_look_alikes_are_both_found() -> None:
    """Another number is another question, even with the same vector."""
    index = Index(8, VERIFIER)
    index.put(1, "1기 신고는?", vector("신고"))
    index.put(2, "2기 신고는?", vector("신고"))
    assert len(index.search("신고는?", vector("신고"), 5)) == 2


def test_pairs_left_out_are_as_if_never_stored() -> None:
    """``without`` hides a pair from one search only."""
    index = filled("가나다", "라마바")
    assert [hit.pair_id for hit in index.search("가나다", vector("가나다"), 5, without={0})] == [1]
    assert index.search("가나다", vector("가나다"), 1)[0].pair_id == 0


def test_the_same_fact_in_other_words_is_no_rival() -> None:
    """Stored paraphrases with one answer do not make each other look uncertain."""

    def score(second_answer: str) -> float:
        index = Index(8, replace(VERIFIER, base=-42.0))
        index.put(1, "부가세 신고 기한", vector("기한"), answer="25일까지")
        index.put(2, "부가세 내는 날짜", vector("기한"), answer=second_answer)
        index.put(3, "사무실 위치", vector("위치"), answer="3층")
        return index.search("부가세 언제", vector("기한"), 1)[0].score

    assert score("25일까지.") > score("31일까지")


def test_words_of_the_answer_count_more_than_the_manner_of_asking() -> None:
    """Of pairs as near in meaning, the one whose answer is about it beats one asked alike."""
    index = Index(8, VERIFIER)
    index.put(1, "임차료 냈는데 이거 어떻게 해?", vector("세금"), answer="비용으로 적습니다")
    index.put(2, "환급 신청", vector("세금"), answer="간이과세자는 환급받지 못합니다")
    asked = "간이과세자인데 이거 어떻게 해?"
    assert [hit.pair_id for hit in index.search(asked, vector("세금"), 2)] == [2, 1]


@pytest.mark.parametrize("pairs", [0, 1, 2])
def test_small_packs_are_searched_too(pairs: int) -> None:
    """Nothing, one and two pairs give as many hits, with scores in [0, 1]."""
    questions = [f"물음 {n}" for n in range(pairs)]
    index = filled(*questions) if questions else Index(8, VERIFIER)
    hits = index.search("전혀 다른 것", vector("다른"), 5)
    assert len(hits) == pairs
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)


@pytest.mark.parametrize(
    "vectors", [np.ones((1, 7)), np.ones((2, 8)), np.full((1, 8), np.nan)], ids=str
)
def test_wrong_vectors_change_nothing(vectors: Vectors) -> None:
    """A wrong shape or NaN is refused before anything is stored."""
    index = Index(8, VERIFIER)
    with pytest.raises(ValueError, match=r"shape|finite"):
        index.put_many([Pair(1, "물음")], vectors)
    assert len(index) == 0


@pytest.mark.parametrize("change", [lambda index: index.remove(99), lambda index: index.remove(1)])
def test_removing_is_never_an_error(change: Callable[[Index], None]) -> None:
    """Unknown ids and ids removed twice are fine."""
    index = filled("가", "나")
    change(index)
    change(index)
    assert 0 in index
