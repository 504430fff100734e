"""What holds for every kind of identifier."""

import pytest

from bot.privacy.identifiers import Kind
from bot.privacy.masker import TOKENS, Masker
from tests.bot.privacy.examples import ALL, IDENTIFIERS, LOOKALIKES, PHONE, RRN


def test_the_tables_are_long_enough():
    """Sixty each were asked for, and none twice."""
    assert len({text for text, _ in IDENTIFIERS}) == len(IDENTIFIERS) >= 60
    assert len(set(LOOKALIKES)) == len(LOOKALIKES) >= 60


@pytest.mark.parametrize(("text", "masked"), IDENTIFIERS)
def test_particles_and_brackets_change_nothing(text: str, masked: str):
    """Korean glues them on."""
    assert ALL.mask(f"「{text}」은") == f"「{masked}」은"


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_can_be_off(kind: Kind):
    """Then its numbers stay, and are not taken for another kind's."""
    masker = Masker(frozenset(Kind) - {kind})
    for text, masked in IDENTIFIERS:
        assert masker.mask(text) == (text if TOKENS[kind] in masked else masked)


def test_nothing_on_changes_nothing():
    """MASK=none."""
    assert all(Masker(frozenset()).mask(text) == text for text, _ in IDENTIFIERS)


def test_a_mask_says_the_kind_and_nothing_else():
    """Two people's numbers cannot be told apart behind it."""
    assert ALL.mask("010-1234-5678") == ALL.mask("010-9876-5432") == PHONE


TWO = ("900101-1234568", "010-1234-5678")


@pytest.mark.parametrize("pair", [TWO, TWO[::-1]])
@pytest.mark.parametrize("between", [" ", ", ", "/", "\n", "와 ", "은\u200b"])
def test_neighbours_are_masked_each(pair: tuple[str, str], between: str):
    """In either order, whatever is between them."""
    tokens = {"900101-1234568": RRN, "010-1234-5678": PHONE}
    assert ALL.mask(between.join(pair)) == between.join(tokens[number] for number in pair)
