"""What an empty conversation shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.domains import Domain
from bot.texts import Language, say
from bot.web.icons import MARK
from bot.web.parts import Tag, drawing


def welcome(domain: Domain, language: Language, on_ask: Callable[[str], Any]) -> Tag:
    """Who this is, and what one could ask; built inside the current element."""
    hero = Tag("section", "hero")
    with hero:
        drawing(MARK)
        Tag("h1", "", "Reactune")
        Tag("p", "", say("web_tagline", language))
        with Tag("div", "examples"):
            for example in domain.examples:
                button = Tag("button", "example", example, type="button")
                button.on("click", partial(on_ask, example), args=[])
    return hero
