"""What a number is: whose registration, a card, an account, a phone, or nothing to hide.

Pure; knows one candidate at a time. bot.privacy finds the candidates in a text.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Literal

import phonenumbers
from stdnum.kr import brn

from bot.privacy import cards
from bot.privacy.resident_numbers import (
    CHECKED_UNTIL,
    RANDOM_SINCE,
    birth_date,
    check_digit_holds,
    is_company,
    is_foreigner,
    is_korean_barcode,
)


class Kind(StrEnum):
    """What can be masked; the values are the names that MASK takes."""

    RRN = "rrn"
    FOREIGNER = "foreigner"
    CARD = "card"
    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"


# "card?" is 카드 without 번호; an "amount" has 매출, 잔액 … right before it.
Label = Kind | Literal["card?", "amount", "other"] | None
Separator = Literal["", "-", ".", "/", " ", "mixed"]

_PERSON = (Kind.RRN, Kind.FOREIGNER)
_SPELLED = re.compile(r"\d\d[01]\d[0-3]\d[1-8]\d{6}|010[2-9]\d{7}|[2-9]\d{15}")
_MOBILE = re.compile(r"010[2-9]\d{7}")
_NOBODYS_PHONE = "0100001234"  # the tax office's, for receipts of buyers who give no number
_KOREAN_PHONE = re.compile(
    r"(?:(?P<abroad>(?:\+|00)82-?0?-?|82-?(?=0?10)0?)|0)"
    r"(?P<number>(?:2|1[016-9]|[3-6]\d|70|80|50\d)-?\d{3,4}-?\d{4})"
)
# How Korean banks group their numbers; 3-2-5 is a business number and never an account.
_BUSINESS = (3, 2, 5)
_MOST_PERSON_GROUPS = 5
_FILING_DIGITS = 12  # the last part of 접수번호: 123-2024-2-123456789012
_BANK_SHAPES = {
    *((3, 3, 6), (4, 3, 6), (3, 2, 6), (3, 2, 7), (6, 2, 6), (5, 2, 6), (3, 6, 5), (3, 6, 3)),
    *((4, 2, 7), (4, 4, 4), (3, 4, 4, 2), (3, 6, 2, 3), (3, 6, 2, 1), (4, 2, 6, 1), (3, 2, 6, 1)),
    (4, 4, 4, 1),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A candidate: its digits, the lengths of its groups, and what stands around it."""

    digits: str
    shape: tuple[int, ...]
    separator: Separator
    label: Label = None
    plus: bool = False
    joined: bool = False
    """A hyphen ties it to more digits: it is a part of something longer."""
    measured: bool = False
    """A fraction or a part of a word, if it stands in one piece."""
    amount: bool = False
    """A unit follows; so it is one amount, or a list of them."""
    listed: bool = False
    """It goes on as lists do, or is told to be added up."""
    beside_card_word: bool = False

    @property
    def bare(self) -> bool:
        return len(self.shape) == 1


def is_possible(digits: str, groups: int) -> bool:
    """A quick look; more than six groups are a number only if it was spelled digit by digit."""
    return groups <= 6 or (len(digits) in (11, 13, 16) and bool(_SPELLED.fullmatch(digits)))


def kind_of(number: Number) -> Kind | None:
    """The first that fits, the surest first."""
    spaced = number.separator == " " and not _is_paid_with(number)
    amounts = number.amount and (number.bare or spaced)
    if amounts or (number.bare and number.measured):
        return None
    if len(number.digits) == 13 and _is_person(number):
        return Kind.FOREIGNER if is_foreigner(number.digits) else Kind.RRN
    if _is_phone(number) and number.digits != _NOBODYS_PHONE:
        return Kind.PHONE
    if number.label == Kind.ACCOUNT and _is_labelled_account(number):
        return Kind.ACCOUNT
    if _is_card(number):
        return Kind.CARD
    return Kind.ACCOUNT if _is_account(number) else None


def _is_person(number: Number) -> bool:
    """주민등록번호 or 외국인등록번호: by label, else by birth date, check digit and form."""
    whole = number.bare or number.shape == (6, 7)
    if whole and number.label in _PERSON:
        return True
    born = birth_date(number.digits)
    if born is None or number.label in _PERSON:
        return born is not None
    if number.digits.endswith("000"):  # a date and an amount
        return False
    if check_digit_holds(number.digits):
        return _is_checked_person(number, whole=whole)
    return whole and number.label != "other" and _may_lack_check_digit(number, born)


def _is_checked_person(number: Number, *, whole: bool) -> bool:
    if not whole:
        return number.separator != "." and not number.joined and _is_grouped(number.shape)
    return number.label != "other" or not (number.bare or is_company(number.digits, labelled=True))


def _is_grouped(shape: tuple[int, ...]) -> bool:
    """Spelled digit by digit, or in few groups that part after the birth date; not a list."""
    parts_after_date = 6 in accumulate(shape)
    return set(shape) == {1} or (parts_after_date and len(shape) <= _MOST_PERSON_GROUPS)


def _may_lack_check_digit(number: Number, born: date) -> bool:
    if born < CHECKED_UNTIL or is_company(number.digits):
        return False
    foreigner = is_foreigner(number.digits)
    random = born >= RANDOM_SINCE or foreigner
    if number.separator == " ":  # else a date and an amount, which mostly ends in 0
        return random and not foreigner and not number.digits.endswith("0")
    return not number.bare or (random and not is_korean_barcode(number.digits))


def _is_phone(number: Number) -> bool:
    """Area, exchange and line, apart or together; the library knows which are in use."""
    if number.bare and _MOBILE.fullmatch(number.digits):
        return True
    is_filing = number.joined and len(number.digits) == _FILING_DIGITS
    if number.bare and (number.label == "other" or is_filing):
        return False
    groups, at = [], 0
    for length in number.shape:
        groups.append(number.digits[at : at + length])
        at += length
    found = _KOREAN_PHONE.fullmatch("+" * number.plus + "-".join(groups))
    if found:
        national = found["number"].replace("-", "")
        parsed = phonenumbers.PhoneNumber(country_code=82, national_number=int(national))
        # The library's mobile ranges are those given out so far.
        return bool(_MOBILE.fullmatch("0" + national)) or phonenumbers.is_valid_number(parsed)
    spelled = set(number.shape) == {1} or (len(number.shape) > 3 and groups[0] == "010")
    if spelled and number.separator != "." and _MOBILE.fullmatch(number.digits):
        return True
    return number.plus and _is_foreign_phone(number)


def _is_foreign_phone(number: Number) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + number.digits))
    except phonenumbers.NumberParseException:
        return False


def _is_card(number: Number) -> bool:
    if not cards.has_issuer(number.digits):
        return False
    spelled = set(number.shape) == {1}
    if not (number.bare or spelled or number.shape in cards.SHAPES):
        return False
    spaced = number.separator == " "
    if number.label == Kind.CARD or (number.label == "card?" and not spaced):
        return True
    if spaced and (number.label == "amount" or number.listed):
        return _is_paid_with(number)  # a card that leaks is worse than a list that is masked
    return cards.is_whole(number.digits) and not (number.bare and number.label == "other")


def _is_paid_with(number: Number) -> bool:
    """A card by its digits, and by a word near it."""
    return number.beside_card_word and cards.is_whole(number.digits)


def _is_labelled_account(number: Number) -> bool:
    """With 계좌 or a bank's name before or behind it, any grouping will do."""
    if not 10 <= len(number.digits) <= 14 or number.shape == _BUSINESS or number.joined:
        return False
    if number.bare:
        return not (number.digits.endswith("0000") or brn.is_valid(number.digits))
    return number.separator in ("-", ".") or (
        number.separator == " " and number.shape in _BANK_SHAPES
    )


def _is_account(number: Number) -> bool:
    """Without a label only a bank's own grouping, with hyphens, and not a year in front."""
    like_a_date = number.shape[0] == 4 and number.digits[:2] in ("19", "20")
    return (
        number.shape in _BANK_SHAPES
        and number.separator == "-"
        and number.label != "other"
        and not (number.joined or like_a_date)
    )
