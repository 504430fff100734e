"""Everything that the bot itself says, in Korean and English; one file for each topic."""

from bot.texts import (
    answering,
    commands,
    corrections,
    statistics,
    training,
    web_chat,
    web_review,
    web_training,
)
from bot.texts.language import LANGUAGES, Language, Texts

__all__ = ["LANGUAGES", "TEXTS", "TOPICS", "Language", "say"]

TOPICS = (
    answering,
    commands,
    corrections,
    statistics,
    training,
    web_chat,
    web_review,
    web_training,
)
TEXTS: Texts = {key: text for topic in TOPICS for key, text in topic.TEXTS.items()}


def say(key: str, language: Language, **values: object) -> str:
    """The text ``key`` in ``language`` with its values filled in."""
    return TEXTS[key][language].format(**values)
