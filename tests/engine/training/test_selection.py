"""What of all examples a round trains on, and what it is judged by."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.prompt import Turn
from engine.training.examples import ACCEPTED, KINDS, Example
from engine.training.selection import (
    Candidate,
    answer_in_context,
    balanced,
    deduplicated,
    select,
    split_by_group,
    with_answer_in_context,
    with_replay,
    worth_learning,
)

EXAMPLE = Example("부가세율은?", "10%입니다.")
_some = st.builds(
    Example,
    question=st.sampled_from(["가", "나", "다", "라", "마", "바"]),
    answer=st.sampled_from(["하나", "둘", "셋"]),
    kind=st.sampled_from(KINDS),
    group=st.sampled_from(["", "one", "two"]),
)
examples_ = st.lists(_some, max_size=20)


@pytest.mark.parametrize(
    ("example", "worth"),
    [
        (EXAMPLE, True),
        (replace(EXAMPLE, answer="\u200e "), False),
        (replace(EXAMPLE, answer="부가세율은"), False),
        (replace(EXAMPLE, answer="a" * 8001), False),
    ],
    ids=["good", "empty", "echo", "endless"],
)
def test_what_teaches_nothing_is_known(example: Example, worth: bool) -> None:
    """Empty answers, echoes of the question and endless ones are not worth learning."""
    assert worth_learning(example) is worth


def test_a_correction_beats_an_approval_and_an_older_correction() -> None:
    """Of several answers to one question the strongest kind's latest stays."""
    rows = [
        replace(EXAMPLE, answer=f"{n}", kind=kind)
        for n, kind in enumerate(["correction", "correction", "approved", "taught"])
    ]
    assert deduplicated(rows) == [rows[1]]


NEIGHBOURS = (Turn("소득세율은?", "6%부터입니다."), Turn("법인세율은?", "9%부터입니다."))


def test_a_row_whose_answer_is_missing_before_it_recalls_its_own_pair() -> None:
    """It stands nearest, in the place of the farthest; one that is alone is recalled alone."""
    own = Turn(EXAMPLE.question, EXAMPLE.answer)
    row = replace(EXAMPLE, recalled=NEIGHBOURS)
    assert with_answer_in_context(row).recalled == (NEIGHBOURS[1], own)
    assert with_answer_in_context(EXAMPLE).recalled == (own,)


def test_a_row_that_can_be_read_stays_as_it_is() -> None:
    """Another phrasing of the same fact gives the answer, whatever its stops and spaces."""
    row = replace(EXAMPLE, recalled=(Turn("부가세는 몇 %?", "10% 입니다"), *NEIGHBOURS))
    assert answer_in_context(row)
    assert with_answer_in_context(row) == row


def test_a_rejected_answer_is_not_put_in_sight() -> None:
    """What people reject must not be shown to the model as known."""
    row = replace(EXAMPLE, kind="rejected", recalled=NEIGHBOURS)
    assert with_answer_in_context(row) == row


@given(examples_)
def test_deduplicating_leaves_one_accepted_answer_a_question(rows: list[Example]) -> None:
    """No accepted question is lost or twice, no answer is both accepted and rejected, and doing it
    again changes nothing."""
    kept = deduplicated(rows)
    keys = [e.key for e in kept if e.accepted]
    assert len(keys) == len(set(keys))
    assert set(keys) == {e.key for e in rows if e.accepted}
    wanted = {(e.key, e.answer) for e in kept if e.accepted}
    assert not wanted & {(e.key, e.answer) for e in kept if not e.accepted}
    assert deduplicated(kept) == kept


@given(examples_, st.floats(0, 2), st.integers(0, 3))
def test_balance_caps_only_what_was_rejected(rows: list[Example], share: float, seed: int) -> None:
    """Accepted rows all stay; rejected ones are at most their share, and all if they fit."""
    kept = balanced(rows, rejected=share, seed=seed)
    accepted = [e for e in rows if e.accepted]
    assert [e for e in kept if e.accepted] == accepted
    most = int(share * len(accepted))
    assert len(kept) - len(accepted) == min(most, len(rows) - len(accepted))


@given(examples_, st.floats(0.01, 0.99), st.integers(0, 3), st.randoms())
def test_no_group_is_on_both_sides(
    rows: list[Example], share: float, seed: int, random: Random
) -> None:
    """Groups stay whole, both sides have one where two can be judged by, and order does not
    matter."""
    split = split_by_group(rows, heldout=share, seed=seed)
    train = {e.together for e in split if e.split == "train"}
    heldout = {e.together for e in split if e.split == "heldout"}
    assert not train & heldout
    judged = {e.together for e in split if e.accepted}
    assert heldout <= judged
    if len(judged) > 1:
        assert train & judged
        assert heldout
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = split_by_group(shuffled, heldout=share, seed=seed)
    assert {e.together for e in again if e.split == "heldout"} == heldout


@given(examples_, examples_, st.integers(0, 10), st.integers(0, 3))
def test_replay_adds_only_other_questions(
    new: list[Example], older: list[Example], most: int, seed: int
) -> None:
    """New rows stay as they are; what is replayed asks something else, or has the right answer
    where a wrong one is new, and is at most ``most``."""
    both = with_replay(new, older, most=most, seed=seed)
    assert both[: len(new)] == new
    added = both[len(new) :]
    assert len(added) <= most
    assert not {(e.key, e.accepted) for e in added} & {(e.key, e.accepted) for e in new}


@given(examples_, st.data(), st.integers(0, 12), st.integers(0, 3))
def test_a_selection_is_what_is_fresh_and_some_of_the_rest(
    rows: list[Example], data: st.DataObject, most: int, seed: int
) -> None:
    """At most ``most``, one accepted answer a question; what is fresh stays before what is older,
    and all of it that is accepted where there is room."""
    fresh = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    candidates = [
        Candidate(e, new, at) for at, (e, new) in enumerate(zip(rows, fresh, strict=True))
    ]
    chosen = select(candidates, most=most, seed=seed)
    assert len(chosen) <= most
    keys = [e.key for e in chosen if e.accepted]
    assert len(keys) == len(set(keys))
    assert all(worth_learning(example) for example in chosen)
    accepted = {c.example.key for c in candidates if c.fresh and c.example.accepted}
    if most >= len(rows):
        assert accepted <= set(keys)
    is_fresh = {id(c.example): c.fresh for c in candidates}
    for example in (e for e in chosen if e.accepted and not is_fresh[id(e)]):
        strength = ACCEPTED.index(example.kind)
        rivals = [e for e in rows if e.accepted and e.key == example.key and is_fresh[id(e)]]
        assert all(ACCEPTED.index(rival.kind) < strength for rival in rivals)
