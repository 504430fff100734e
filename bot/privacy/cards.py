"""Sixteen digits, or a few less: a card, or four amounts that happen to look like one."""

import re
from collections.abc import Sequence
from itertools import takewhile

from stdnum import luhn

SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4)}
_ISSUER = re.compile(
    r"4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Visa, Mastercard
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}"  # Amex, JCB, Diners
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d|9\d{3})\d{12}"  # Discover, UnionPay, Korean domestic
)


def has_issuer(digits: str) -> bool:
    """Somebody issues cards that begin like this and are as long."""
    return bool(_ISSUER.fullmatch(digits))


def is_whole(digits: str) -> bool:
    """An issuer's, and the check digit holds."""
    return has_issuer(digits) and luhn.is_valid(digits)


def are_amounts(groups: Sequence[str], before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether four groups of four digits are a list of amounts, as far as their form tells.

    ``before``, ``behind``: the nearest groups of the same row, the nearest first, five at most. One
    may be a year before a card, its expiry date or a price behind it; another card may follow.
    """
    if any(group[0] == "0" for group in groups):  # no amount is written so
        return False
    rounded = all(group[-1] == "0" for group in groups)  # as one of 10,000 cards is
    begun = _amounts(before) >= 2
    card_follows = any(is_whole("".join(behind[at : at + 4])) for at in (0, 1))
    goes_on = _amounts(behind) >= 2 and not card_follows
    return rounded or begun or goes_on


def _amounts(groups: Sequence[str]) -> int:
    return len(list(takewhile(lambda group: group[0] != "0", groups)))
