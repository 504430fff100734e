"""What a tax office counts with stays, however much it looks like what identifies a person."""

import pytest

from tests.bot.privacy.examples import ALL, LOOKALIKES


@pytest.mark.parametrize("text", LOOKALIKES)
def test_lookalikes_stay(text: str):
    """Alone, and in a Korean sentence."""
    assert ALL.mask(text) == text
    assert ALL.mask(f"문의: {text} 맞나요?") == f"문의: {text} 맞나요?"
