"""Numbers of bank accounts are masked."""

import pytest

from tests.bot.privacy.examples import ACCOUNT, ACCOUNTS, ALL


@pytest.mark.parametrize(("text", "masked"), ACCOUNTS)
def test_accounts_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked


def test_a_label_reaches_over_a_list():
    """The second account is one as well; an amount behind it is not."""
    assert ALL.mask("계좌 110123456789 110123456780") == f"계좌 {ACCOUNT} {ACCOUNT}"
    assert ALL.mask("110-123-456789 1200000000") == f"{ACCOUNT} 1200000000"
