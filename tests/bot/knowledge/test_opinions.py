"""What people's picks say of one question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.opinions import Opinions, accepted_by_all, opinions
from storage.picks import Pick

ME = "slack:me"
OTHERS = ["slack:a", "slack:b", "slack:c", "slack:d", "slack:e"]


def pick(person: str, pair: int = 1, *, fits: bool = True, decides: bool = False) -> Pick:
    return Pick(pair, person, fits, decides)


def against(person: str, pair: int = 1, *, decides: bool = False) -> Pick:
    return pick(person, pair, fits=False, decides=decides)


def said_by(people: list[str], *, decides: st.SearchStrategy[bool]) -> st.SearchStrategy:
    """Each person's latest word on some pairs."""
    one = st.builds(Pick, st.integers(1, 3), st.sampled_from(people), st.booleans(), decides)
    return st.lists(one, unique_by=lambda p: (p.pair_id, p.person))


STRANGERS = said_by(OTHERS, decides=st.just(False))
ANYBODY = said_by([ME, *OTHERS], decides=st.booleans())


@given(ANYBODY)
def test_whoever_picks_a_pair_gets_it(picks: list[Pick]):
    """Whatever all others say, and teachers among them."""
    said = opinions([*(p for p in picks if p.person != ME), pick(ME, 2)], ME)
    assert said.accepted == 2


@given(ANYBODY)
def test_nobody_gets_what_they_did_not_mean(picks: list[Pick]):
    """However many others mean it."""
    said = opinions([*(p for p in picks if (p.person, p.pair_id) != (ME, 2)), against(ME, 2)], ME)
    assert said.accepted != 2
    assert 2 in said.rejected


@given(STRANGERS)
def test_the_order_of_other_peoples_words_does_not_matter(picks: list[Pick]):
    """Only each person's latest does, and that is all there is of them."""
    assert opinions(picks, ME) == opinions(picks[::-1], ME)
    assert opinions(picks, ME) == opinions(sorted(picks, key=lambda p: p.person), ME)


@given(STRANGERS, st.sampled_from([1, 2, 3]), st.booleans())
def test_one_click_turns_no_accepted_answer_into_another(picks: list[Pick], pair: int, fits: bool):
    """It may leave a question open; another answer needs more."""
    before = accepted_by_all(picks)
    after = accepted_by_all([*picks, pick("slack:new", pair, fits=fits)])
    assert before is None or after in (before, None)


@given(STRANGERS)
def test_a_pair_is_accepted_by_two_at_least(picks: list[Pick]):
    """And by more than are against it."""
    found = accepted_by_all(picks)
    if found is not None:
        fits = [p.fits for p in picks if p.pair_id == found]
        assert sum(fits) >= 2
        assert sum(fits) > len(fits) - sum(fits)


@given(ANYBODY)
def test_no_pair_is_more_than_one_thing(picks: list[Pick]):
    """Accepted, rejected and doubted ones are apart."""
    said = opinions(picks, ME)
    assert not said.rejected & said.doubted
    assert said.accepted not in said.rejected | said.doubted


def test_one_stranger_decides_for_nobody_else():
    """Neither for a pair nor against it; the one that is opposed is only not offered."""
    assert opinions([pick("slack:a")], ME) == Opinions()
    assert opinions([against("slack:a")], ME) == Opinions(doubted=frozenset({1}))


def test_a_second_person_decides_for_all():
    """For a pair, and against it."""
    assert opinions([pick("slack:a"), pick("slack:b")], ME) == Opinions(1)
    both = [against("slack:a"), against("slack:b")]
    one = frozenset({1})
    assert opinions(both, ME) == Opinions(rejected=one, doubted_by_team=one)


def test_a_teacher_decides_for_all():
    """Alone, and against many."""
    assert opinions([pick("slack:t", decides=True)], ME) == Opinions(1)
    crowd = [against(person) for person in OTHERS]
    assert opinions([*crowd, pick("slack:t", decides=True)], ME) == Opinions(1)
    crowd = [pick(person) for person in OTHERS]
    said = opinions([*crowd, against("slack:t", decides=True)], ME)
    assert said == Opinions(rejected=frozenset({1}))


def test_of_teachers_the_latest_counts():
    """A rule may have changed."""
    first, second = pick("slack:t", decides=True), against("slack:s", decides=True)
    assert accepted_by_all([first, second]) is None
    assert accepted_by_all([second, first]) == 1
    other = pick("slack:s", 2, decides=True)
    assert accepted_by_all([first, other]) == 2


def test_a_teachers_pair_comes_before_that_of_the_others():
    """Also where they came later and are more."""
    said = [pick("slack:t", 1, decides=True), *(pick(person, 2) for person in OTHERS)]
    assert accepted_by_all(said) == 1


def test_of_two_pairs_that_people_accept_the_one_with_more_counts():
    """By two: one word more is one click. A word against the other one does not bring that up."""
    said = [pick(p, 2) for p in OTHERS[:3]] + [
        pick(p, 1) for p in (*OTHERS[3:], "slack:f", "slack:g")
    ]
    assert accepted_by_all(said) is None
    said.append(pick("slack:i", 1))
    assert accepted_by_all(said) == 1
    assert accepted_by_all([*said, against("slack:h", 2)]) == 1


def test_where_equally_many_mean_two_pairs_nothing_is_sure():
    """Both are offered."""
    said = opinions([pick(p, pair) for pair in (1, 2) for p in OTHERS[:2]], ME)
    assert said == Opinions()


@pytest.mark.parametrize("asker", ["", ME])
def test_without_picks_nothing_is_said(asker: str):
    """As with most questions."""
    assert opinions([], asker) == Opinions()


def test_browsers_without_a_name_are_one_person():
    """A second window decides nothing for others."""
    assert accepted_by_all([pick("web:1", 1), pick("web:2", 1)]) is None
    assert accepted_by_all([pick("web:1", 1), pick("slack:a", 1)]) == 1
