"""Thirteen digits: a person's registration number, a company's, or a barcode."""

import re
from datetime import UTC, date, datetime, timedelta

from stdnum import ean
from stdnum.exceptions import ValidationError
from stdnum.kr import rrn

# Since October 2020 new registration numbers end in random digits: nothing is left to check.
RANDOM_SINCE = date(2020, 10, 1)
CHECKED_UNTIL = date(1930, 1, 1)  # who was born before has an old number
_OLDEST_DAYS = 125 * 366
_KOREAN_TIME = timedelta(hours=9)
# Registry office, kind of company, first digit of the running number, which reaches 300,000 only
# at Seoul's (1101).
_COMPANY = re.compile(
    r"(?:1101(?:1[1-5]|2[12]|3\d)|(?:1[1-9]|2[0-2])\d\d(?:1[1-5]|2[12]|3\d)[0-2])"
)
_LABELLED_COMPANY = re.compile(r"(?:1[1-9]|2[0-8])\d{4}")


def is_foreigner(digits: str) -> bool:
    return digits[6] in "5678"


def birth_date(digits: str) -> date | None:
    """None if there was no such day, or nobody born on it can be alive or born yet."""
    try:
        born = rrn.get_birth_date(digits)
    except ValidationError:
        return None
    today = (datetime.now(UTC) + _KOREAN_TIME).date()
    return born if 0 <= (today - born).days <= _OLDEST_DAYS else None


def check_digit_holds(digits: str) -> bool:
    """A foreigner's is two higher than a citizen's, which the library does not know."""
    foreign = 2 if is_foreigner(digits) else 0
    return (int(rrn.calc_check_digit(digits[:12])) + foreign) % 10 == int(digits[12])


def is_company(digits: str, *, labelled: bool = False) -> bool:
    """법인등록번호: an office, a kind of company, and a check digit of its own."""
    total = sum(int(digit) * (1, 2)[place % 2] for place, digit in enumerate(digits[:12]))
    form = _LABELLED_COMPANY if labelled else _COMPANY
    return bool(form.match(digits)) and -total % 10 == int(digits[12])


def is_korean_barcode(digits: str) -> bool:
    return digits.startswith("880") and ean.is_valid(digits)
