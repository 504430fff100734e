"""Digits in a text, and how groups of them go on in a row, as amounts do."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.privacy.cards import are_amounts
from bot.privacy.context_words import has_card_word, is_added_up, is_bank_behind
from bot.privacy.identifiers import Kind

_SEEN_BEHIND = 99  # characters that may be worth a look
_MOST_BESIDE = 5
# An expiry date, a code, a price.
_SHORT_GROUPS = re.compile(r"(?:[\s(/]{1,3}[0-9]{1,4}(?![0-9])){0,2}")


class Item(NamedTuple):
    """A group of digits, or (with its kind) an address or a token."""

    start: int
    end: int
    kind: Kind | None
    close: bool
    """So near the one before that both may be groups of one number."""


def is_listed(plain: str, items: Sequence[Item], at: int, since: int) -> bool:
    """The four groups from ``at`` on are amounts, by their form or by what stands around them.

    ``since``: the first group that is no part of what was found before.
    """
    first, last = _row(plain, items, at, 4, since)
    groups = [plain[item.start : item.end] for item in items[first : last + 1]]
    before, four = groups[: at - first][::-1], groups[at - first :][:4]
    after = _behind(plain, items, last).lstrip("0123456789 ")
    behind = [] if is_bank_behind(after) else groups[at - first + 4 :]  # nor is an account amounts
    return are_amounts(four, before, behind) or is_added_up(_behind(plain, items, at + 3))


def _behind(plain: str, items: Sequence[Item], at: int) -> str:
    """What follows the group ``at``, but nothing of an address: that will be masked itself."""
    start = items[at].end
    end = next((item.start for item in items[at + 1 : at + 4] if item.kind), start + _SEEN_BEHIND)
    return plain[start : min(end, start + _SEEN_BEHIND)]


def is_beside_card_word(plain: str, items: Sequence[Item], at: int, count: int, since: int) -> bool:
    """카드, 결제 … stands next to the row in which the ``count`` groups from ``at`` on are."""
    first, last = _row(plain, items, at, count, since)
    before = plain[items[first - 1].end if first else 0 : items[first].start]
    short = _SHORT_GROUPS.match(plain, items[last].end)
    end = short.end() if short else items[last].end
    following = next((item.start for item in items[last + 1 : last + 4] if item.start >= end), None)
    return has_card_word(before, plain[end:following])


def _row(plain: str, items: Sequence[Item], at: int, count: int, since: int) -> tuple[int, int]:
    """The first and the last group of the row, no more than five on either side."""
    first, last = at, at + count - 1
    while first > max(since, at - _MOST_BESIDE) and _goes_on(plain, items, first):
        first -= 1
    while last < at + count - 1 + _MOST_BESIDE and _goes_on(plain, items, last + 1):
        last += 1
    return first, last


def _goes_on(plain: str, items: Sequence[Item], at: int) -> bool:
    """The group ``at`` has four digits, as the one before it, and only space parts them."""
    if not 0 < at < len(items) or not items[at].close or items[at - 1].kind:
        return False
    left, right = items[at - 1], items[at]
    four = left.end - left.start == right.end - right.start == 4
    return four and plain[left.end : right.start].isspace()
