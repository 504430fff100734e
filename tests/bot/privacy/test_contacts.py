"""Phone numbers and e-mail addresses are masked."""

import pytest

from tests.bot.privacy.examples import ADDRESSES, ALL, PHONES


@pytest.mark.parametrize(("text", "masked"), PHONES)
def test_phones_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked


@pytest.mark.parametrize(("text", "masked"), ADDRESSES)
def test_addresses_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked
