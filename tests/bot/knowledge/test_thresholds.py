"""From which score a pair counts as known: what people judge, and nobody alone."""

import math
from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.thresholds import MAX_WRONG, Thresholds, steady_threshold, weighed
from engine.retrieval.calibration import NEVER, Judgement, find_threshold
from engine.retrieval.verifier import EMBEDDINGGEMMA, NANO_E5, shipped
from storage.database import Database
from storage.picks import Judged, Picks
from tests.support.fakes import FAKE_VERIFIER

SHIPPED = [Judgement(0.7, right=True)] * 30
PEOPLE = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 300), max_size=8)
SHARES = st.floats(0.01, 1.0)


def judged(counts: dict[str, int], score: float = 0.5, *, fits: bool = True) -> list[Judged]:
    return [Judged(score, fits, person) for person, n in counts.items() for _ in range(n)]


def shares(own: Sequence[Judged], weights: Sequence[Judgement]) -> dict[str, float]:
    """What each person weighs, as a part of the whole."""
    whole = sum(j.weight for j in weights)
    found = defaultdict[str, float](float)
    for one, weight in zip(own, weights, strict=False):
        found[one.person] += weight.weight / whole if whole else 0.0
    return found


@given(PEOPLE, st.integers(0, 60), SHARES)
def test_nobody_weighs_more_than_the_share(counts: dict[str, int], shipped: int, share: float):
    """However many judgements they gave, and however few others there are."""
    own = judged(counts)
    found = shares(own, weighed(own, SHIPPED[:1] * shipped, share))
    assert all(part <= share + 1e-9 for part in found.values())


@given(PEOPLE, st.integers(0, 60), SHARES)
def test_every_weight_is_a_number_from_0_to_1(counts: dict[str, int], shipped: int, share: float):
    """And so a threshold comes out of it."""
    found = weighed(judged(counts), SHIPPED[:1] * shipped, share)
    assert all(0.0 <= j.weight <= 1.0 for j in found)
    assert 0.0 <= find_threshold(found, MAX_WRONG).value <= NEVER


@given(PEOPLE, st.sampled_from("abcdefgh"), SHARES)
def test_more_judgements_never_bring_shipped_ones_back(
    counts: dict[str, int], person: str, share: float
):
    """They fade as the team's own grow."""
    more = counts | {person: counts.get(person, 0) + 1}
    before, after = (
        sum(j.weight for j in weighed(judged(c), SHIPPED, share)[len(judged(c)) :])
        for c in (counts, more)
    )
    assert after <= before + 1e-9


def test_shipped_judgements_fade_with_a_team_of_its_own():
    """All of them without one, half of each at a hundred, none from two hundred on."""
    for people, left in ((0, 30), (10, 15), (20, 0), (30, 0)):
        own = judged({f"web:{n}": 10 for n in range(people)})
        found = weighed(own, SHIPPED, 0.2)
        assert sum(j.weight for j in found if j.score == 0.7) == pytest.approx(left)


def test_one_person_alone_makes_little_of_them_fade():
    """Their share of it, after a thousand judgements as after forty."""
    for count in (40, 1000):
        found = weighed(judged({"web:busy": count}), SHIPPED, 0.2)
        assert sum(j.weight for j in found if j.score == 0.7) == pytest.approx(24)


def test_one_person_alone_does_not_bring_the_threshold_down():
    """With "right" at low scores, where others have seen wrong ones."""
    shipped = [*[Judgement(0.7, right=True)] * 200, *[Judgement(0.3, right=False)] * 200]
    found = weighed(judged({"web:busy": 1000}, 0.1), shipped, 0.2)
    assert find_threshold(found, MAX_WRONG).value == 0.7


def test_of_too_few_people_and_nothing_shipped_nothing_counts():
    """There is no share that they could have; without anything nothing is known."""
    assert {j.weight for j in weighed(judged({"web:a": 9, "web:b": 9}), [], 0.2)} == {0.0}
    assert weighed([], [], 0.2) == []


def test_enough_people_need_nothing_shipped():
    """Five of whom each has a fifth: all count as much as who said least."""
    own = judged({"a": 4, "b": 4, "c": 8, "d": 4, "e": 400})
    found = shares(own, weighed(own, [], 0.2))
    assert all(part == pytest.approx(0.2) for part in found.values())


async def test_a_domain_keeps_its_own_promise(database: Database):
    """What it accepts, or one in twenty; never a number that is none."""
    found = Thresholds(Picks(database), {"strict": 0.001})
    assert (found.most_wrong("strict"), found.most_wrong("tax-ko")) == (0.001, MAX_WRONG)
    assert (await found.of("strict", "fake", FAKE_VERIFIER)).value == NEVER
    known = await found.of("tax-ko", "fake", FAKE_VERIFIER)
    assert (known.value, known.wrong) == (0.7, 0.0)
    assert not math.isnan(known.judged)


@given(
    st.sampled_from([NANO_E5, EMBEDDINGGEMMA]),
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60),
)
def test_one_person_alone_moves_no_threshold(kind: str, judged_: list[tuple[float, bool]]):
    """However often they judge, and whatever."""
    shipped_ones = shipped(kind).judged
    own = [Judged(score, fits, "web:troll") for score, fits in judged_]
    moved = steady_threshold(own, shipped_ones, 0.3, 0.05)
    assert moved.value == find_threshold(shipped_ones, 0.05).value


def test_a_team_moves_it():
    """Many people who find high scores wrong lift it."""
    own = [Judged(0.9, False, f"web:{n}") for n in range(40)]
    moved = steady_threshold(own, shipped(EMBEDDINGGEMMA).judged, 0.3, 0.05)
    assert moved.value > find_threshold(shipped(EMBEDDINGGEMMA).judged, 0.05).value
