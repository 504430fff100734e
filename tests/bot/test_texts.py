"""What the bot itself says is there in each language, with the same values in it."""

import string
from collections import Counter

import pytest

from bot.texts import LANGUAGES, TEXTS, TOPICS


def values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


@pytest.mark.parametrize("key", TEXTS)
def test_each_text_is_told_in_both_languages_with_the_same_values(key: str):
    """Nobody reads less than others."""
    texts = TEXTS[key]
    assert texts.keys() == set(LANGUAGES)
    assert len({frozenset(values(text)) for text in texts.values()}) == 1


def test_no_text_is_kept_twice():
    """A key belongs to one topic."""
    counted = Counter(key for topic in TOPICS for key in topic.TEXTS)
    assert counted.total() == len(counted)
