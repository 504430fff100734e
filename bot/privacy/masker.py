"""Masks what identifies people before anything is written or embedded.

The text is read through a plain copy (ASCII digits and signs, nothing invisible) that knows where
each of its characters came from, so that everything but the masked pieces stays as it was typed.
What a number is never depends on which kinds are masked, nor on what was masked before: masks are
read like the numbers that they replaced.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.privacy.cards import has_issuer
from bot.privacy.context_words import is_amount, is_bank_behind, is_in_word, label_before
from bot.privacy.digit_groups import Item, is_beside_card_word, is_listed
from bot.privacy.identifiers import Kind, Label, Number, Separator, is_possible, kind_of

TOKENS = {
    Kind.RRN: "[주민등록번호]",
    Kind.FOREIGNER: "[외국인등록번호]",
    Kind.CARD: "[카드번호]",
    Kind.ACCOUNT: "[계좌번호]",
    Kind.PHONE: "[전화번호]",
    Kind.EMAIL: "[이메일]",
}
_KINDS = {token: kind for kind, token in TOKENS.items()}
_INVISIBLE = ("Cf", "Cc", "Cs", "Mn", "Me")
_DASHES = "−ㅡー─━"
_LOCAL = r"A-Za-z0-9._%+'-"
# Words are glued to either end, so that Hangul counts only right before @ and in known domains.
_DOMAIN = r"\s{0,2}@\s{0,2}(?:[A-Za-z0-9가-힣-]+\.)+(?:[A-Za-z]{2,63}|한국|닷컴|닷넷|삼성)"
_ITEM = re.compile(
    # What still hangs on the address is taken along if it would itself become one.
    rf"(?P<email>(?:(?<![{_LOCAL}])[{_LOCAL}]++|(?<![가-힣{_LOCAL}])[가-힣{_LOCAL}]++(?<=[가-힣]))"
    rf"{_DOMAIN}(?:[{_LOCAL}]++(?=\s{{0,2}}@)|[가-힣{_LOCAL}]++(?<=[가-힣])(?={_DOMAIN}))?)"
    rf"|(?P<token>{'|'.join(map(re.escape, _KINDS))})|[0-9]+"
)
_JOINT = re.compile(r"\s{0,2}(?:[-./_()]{0,2}|,?\s?(?:뒤|뒷자리)[는에]?)\s{0,2}")
_DATE_END = re.compile(r"[0-9]{1,2}\.\s")
_MOST_GROUPS, _WIDEST = 16, 6
_LEAST_DIGITS, _MOST_DIGITS = 9, 16


class Masker:
    """Puts a token in the place of each identifier of the given kinds."""

    def __init__(self, kinds: frozenset[Kind]) -> None:
        self._kinds = kinds

    def mask(self, text: str) -> str:
        plain, origin = _plain(text)
        pieces, done = [], 0
        for start, end, kind in _identifiers(plain):
            if kind in self._kinds:
                pieces += [text[done : origin[start]], TOKENS[kind]]
                done = origin[end - 1] + 1
        return "".join([*pieces, text[done:]])


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain characters, and the place of each in the original."""
    table = {char: _plain_character(char) for char in set(text)}
    if all(table.values()):
        return "".join([table[char] for char in text]), range(len(text))
    origin = [place for place, char in enumerate(text) if table[char]]
    return "".join([table[text[place]] for place in origin]), origin


def _plain_character(char: str) -> str:
    """One character, or none for what cannot be seen."""
    if char < "\x7f" and char.isprintable():
        return char
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return char if char.isspace() else ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if category == "Pd" or char in _DASHES:
        return "-"
    if char in "·•・。":
        return "."
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 and not compatible.isdigit() else char


def _identifiers(plain: str) -> Iterator[tuple[int, int, Kind]]:
    """From left to right: where each identifier starts and ends, and what it is."""
    items: list[Item] = []
    for match in _ITEM.finditer(plain):
        kind = Kind.EMAIL if match["email"] else _KINDS.get(match[0])
        before = plain[items[-1].end : match.start()] if items else plain
        close = kind is None and len(before) <= _WIDEST and bool(_JOINT.fullmatch(before))
        if close and items and _DATE_END.match(plain, items[-1].start):
            close = False
        items.append(Item(*match.span(), kind, close))
    at, since, previous = 0, 0, None
    while at < len(items):
        start, end, kind, _ = items[at]
        count = 1
        if kind is None:
            count, start, kind = _longest(plain, items, at, previous, since)
            end = items[at + count - 1].end
        if kind and plain[start] != "[":
            yield start, end, kind
        at, previous = at + count, kind
        since = at if kind else since


def _longest(
    plain: str, items: Sequence[Item], at: int, previous: Kind | None, since: int
) -> tuple[int, int, Kind | None]:
    """The most groups from ``at`` on that are an identifier together: count, start, kind.

    ``previous``: what the group before belongs to; ``since``: the first that belongs to nothing.
    """
    start = items[at].start
    before = plain[items[at - 1].end if at else 0 : start]
    label: Label = None
    for count in reversed(list(_windows(plain, items, at))):
        groups = items[at : at + count]
        label = label or label_before(before, previous)
        end = groups[-1].end
        last = at + count == len(items)
        behind = plain[end : None if last else items[at + count].start]
        number = _number(plain, groups, before if at else f" {before}", behind, label, last=last)
        if number.separator == " " and has_issuer(number.digits):
            number = replace(
                number,
                listed=number.shape == (4, 4, 4, 4) and is_listed(plain, items, at, since),
                beside_card_word=is_beside_card_word(plain, items, at, count, since),
            )
        kind = kind_of(number)
        if kind == Kind.PHONE:
            start -= number.plus
            closed = plain.startswith(")", groups[0].end)
            start -= closed and plain[start - 1 : start] == "("
        if kind:
            return count, start, kind
    return 1, start, None


def _windows(plain: str, items: Sequence[Item], at: int) -> Iterator[int]:
    """How many groups from ``at`` on may be one number: close together, enough digits."""
    digits = ""
    for count, item in enumerate(items[at : at + _MOST_GROUPS], 1):
        if (count > 1 and not item.close) or len(digits) + item.end - item.start > _MOST_DIGITS:
            return
        digits += plain[item.start : item.end]
        if len(digits) >= _LEAST_DIGITS and is_possible(digits, count):
            yield count


def _number(
    plain: str, groups: Sequence[Item], before: str, behind: str, label: Label, *, last: bool
) -> Number:
    """The candidate with all that its surroundings say about it."""
    separators = {_separator(plain[left.end : right.start]) for left, right in pairwise(groups)}
    if label in (None, "amount") and is_bank_behind(behind):
        label = Kind.ACCOUNT
    in_word = label in (None, "amount", "other") and is_in_word(before, behind)
    digits = "".join(plain[group.start : group.end] for group in groups)
    return Number(
        digits=digits,
        shape=tuple(group.end - group.start for group in groups),
        separator=separators.pop() if len(separators) == 1 else "mixed" if separators else "",
        label=label,
        plus=before[-1:] == "+" and before != "+",
        joined=before == "-" or (not last and behind.rstrip("+(") == "-"),
        measured=in_word or before == ".",
        amount=digits[0] != "0" and is_amount(before, behind),
    )


def _separator(joint: str) -> Separator:
    if "-" in joint:
        return "-"
    if "." in joint:
        return "."
    return "/" if joint.strip() else " "
