"""Digits in a text, and how groups of them go on in a row, as amounts do."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.privacy.cards import are_amounts
from bot.privacy.identifiers import Kind
from bot.privacy.surroundings import is_added_up, is_bank_behind

_SEEN_BEHIND = 99  # characters that may be worth a look


class Item(NamedTuple):
    """A group of digits, or (with its kind) an address or a token."""

    start: int
    end: int
    kind: Kind | None
    close: bool
    """So near the one before that both may be groups of one number."""


def is_listed(plain: str, items: Sequence[Item], at: int, previous: Kind | None) -> bool:
    """The four groups from ``at`` on are amounts, by their form or by what stands around them.

    ``previous``: what the group before them belongs to.
    """
    row = [at]
    while len(row) < 8 and _goes_on(plain, items, row[-1] + 1):
        row.append(row[-1] + 1)
    groups = [plain[items[n].start : items[n].end] for n in row]
    joints = [plain[items[n - 1].end : items[n].start] for n in row[1:4]]
    begun = previous is None and _goes_on(plain, items, at)
    before = plain[items[at - 1].start : items[at - 1].end] if begun else ""
    after = plain[items[row[-1]].end :][:_SEEN_BEHIND].lstrip("0123456789 ")
    behind = [] if is_bank_behind(after) else groups[4:]  # an account is no amount either
    return are_amounts(groups[:4], joints, before, behind) or is_added_up(
        plain[items[row[3]].end :][:_SEEN_BEHIND]
    )


def _goes_on(plain: str, items: Sequence[Item], at: int) -> bool:
    """The group ``at`` has four digits, as the one before it, and only space parts them."""
    if not 0 < at < len(items) or not items[at].close or items[at - 1].kind:
        return False
    left, right = items[at - 1], items[at]
    four = left.end - left.start == right.end - right.start == 4
    return four and plain[left.end : right.start].isspace()
