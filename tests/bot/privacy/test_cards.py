"""Card numbers are masked, alone and in groups as amounts are written too."""

import pytest

from tests.bot.privacy.examples import ALL, CARD, CARDS, PHONE


@pytest.mark.parametrize(("text", "masked"), CARDS)
def test_cards_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked


def test_a_phone_behind_a_card_is_no_amount():
    """Its first group has four digits as well."""
    assert ALL.mask("4123 5678 9012 3450 0507 1234 5678") == f"{CARD} {PHONE}"
