"""What the bot itself says is there in each language, with the same values in it."""

import string
from collections import Counter

from bot.texts import LANGUAGES, TEXTS, TOPICS, say


def values(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}


def test_everything_is_said_in_both_languages():
    """With the same values to fill in."""
    for key, texts in TEXTS.items():
        assert texts.keys() == set(LANGUAGES), key
        assert len({frozenset(values(text)) for text in texts.values()}) == 1, key


def test_no_text_is_kept_twice():
    """A key belongs to one topic."""
    counted = Counter(key for topic in TOPICS for key in topic.TEXTS)
    assert counted.total() == len(counted)


def test_a_text_is_filled_in():
    """By name."""
    assert "3번째" in say("busy", "ko", position=3)
