"""Residents' and foreigners' registration numbers are masked."""

import pytest

from tests.bot.privacy.examples import ALL, RESIDENT_NUMBERS


@pytest.mark.parametrize(("text", "masked"), RESIDENT_NUMBERS)
def test_resident_numbers_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked
