"""The numbers that a text tells, with their units: 17번, 10%, 1,500만 원, 2024년. Pure."""

import re

PART_OF_A_WORD = "~"  # stands as the unit of such a number: "2주택"
_NUMBER = re.compile(r"(?<![\d.a-z])(?:\d[\d,]*(?:\.\d+)?)(?!\d)\s?(%|[가-힣]*)")
_YEAR = re.compile(r"(?:19|20)\d\d년?(?:도)?")
# The longest first: of 1,500만 원 the unit is 만.
_UNITS = (
    "퍼센트", "프로", "만원", "억원", "천원", "개월", "년도", "호봉",
    "%", "만", "억", "천", "원", "년", "월", "일", "시", "분", "주", "달",
    "명", "인", "개", "번", "회", "배", "호", "층", "조", "항", "세", "살",
    "건", "차", "기", "대", "장", "곳", "위", "급", "점", "평",
)  # fmt: skip
# What may follow a unit in the same word: "3일까지" tells of days, "2주택" of no weeks.
_AFTER = re.compile(
    r"(?:이상|이하|미만|초과|이내|이전|이후|안|내|간|마다|당|씩|째|쯤|정도|짜리|동안|까지|부터|에서|에게|에는"
    r"|인가요|인지요|입니까|이에요|예요|에도|으로|로|이면|이라|인데|이고|이나|이|가|은|는|을|를|의|에|도|와|과|만|면|인|전|후|뒤|분|치|도에는|도에|도)*"
)
_SAME_UNIT = {
    "퍼센트": "%",
    "프로": "%",
    "년도": "년",
    "만원": "만",
    "억원": "억",
    "천원": "천",
    "살": "세",
}


def quantities(text: str) -> list[str]:
    """Every number in ``text``, lower case, with the unit that stands at it: "17번", "10%".

    A number that is part of another word has none ("2주택"): it is "2~".
    """
    return [found for match in _NUMBER.finditer(text) if (found := _quantity(match))]


def unit_of(quantity: str) -> str:
    """The unit alone; empty without one."""
    return quantity.lstrip("0123456789.")


def unit_at(word: str) -> str:
    """The unit that ``word`` begins with, as quantities tell it; empty for none."""
    unit = next((unit for unit in _UNITS if word.startswith(unit)), "")
    return _SAME_UNIT.get(unit, unit)


def is_year(quantity: str) -> bool:
    """A calendar year, told with or without 년."""
    return bool(_YEAR.fullmatch(quantity))


def _quantity(match: re.Match[str]) -> str:
    figures = re.match(r"[\d,]*(?:\.\d+)?", match.group(0))
    number = figures.group(0).replace(",", "").rstrip(".") if figures else ""
    word = match.group(1) or ""
    for unit in _UNITS:
        if word.startswith(unit) and _AFTER.fullmatch(word[len(unit) :]):
            return number + _SAME_UNIT.get(unit, unit)
    return number if not word or _AFTER.fullmatch(word) else f"{number}{PART_OF_A_WORD}"
