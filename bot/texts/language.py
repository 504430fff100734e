"""The languages that the bot speaks, and how its words are kept."""

from typing import Literal

Language = Literal["ko", "en"]
Texts = dict[str, dict[Language, str]]
LANGUAGES: tuple[Language, ...] = ("ko", "en")
