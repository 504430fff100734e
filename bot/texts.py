"""Everything that the bot itself says, in Korean and English; the words are in bot/wording."""

from bot.wording import (
    answering,
    chat_page,
    commanding,
    correcting,
    counting,
    reporting,
    review_page,
    training_page,
)
from bot.wording.language import LANGUAGES, Language, Texts

__all__ = ["LANGUAGES", "TEXTS", "TOPICS", "Language", "say"]

TOPICS = (
    answering,
    chat_page,
    commanding,
    correcting,
    counting,
    reporting,
    review_page,
    training_page,
)
TEXTS: Texts = {key: text for topic in TOPICS for key, text in topic.TEXTS.items()}


def say(key: str, language: Language, **values: object) -> str:
    """The text ``key`` in ``language`` with its values filled in."""
    return TEXTS[key][language].format(**values)
