"""What an empty conversation shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.domains import Domain
from bot.texts import Language, say
from bot.web.icons import MARK
from bot.web.offer import Offer
from bot.web.parts import Tag, drawing
from bot.web.starter import Pack, Starters


class Welcome:
    """Who this is, and what one could ask or load; built inside the current element."""

    def __init__(
        self,
        domain: Domain,
        language: Language,
        on_ask: Callable[[str], Any],
        pack: Pack | None,
        starters: Starters,
    ) -> None:
        self._hero = Tag("section", "hero")
        self._offer: Offer | None = None
        with self._hero:
            drawing(MARK)
            Tag("h1", "", "Reactune")
            Tag("p", "", say("web_tagline", language))
            with Tag("div", "examples"):
                for example in domain.examples:
                    button = Tag("button", "example", example, type="button")
                    button.on("click", partial(on_ask, example), args=[])
            if pack:
                self._offer = Offer(starters, domain, pack, language)

    def loading(self, domain: str) -> None:
        """The starter pack of a domain is being loaded, by whomever."""
        if self._offer:
            self._offer.show(domain)

    def delete(self) -> None:
        self._hero.delete()
