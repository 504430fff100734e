"""What an empty conversation shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.domains import Domain
from bot.knowledge.packs import Pack, StarterPacks
from bot.platforms.web.chat.starter_pack import StarterPackBox
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import MARK
from bot.texts import Language, say


class Welcome:
    """Who this is, what one could ask, and what the field came with; built inside the current
    element. ``may_change``: who looks may load and remove that."""

    def __init__(
        self,
        domain: Domain,
        language: Language,
        on_ask: Callable[[str], Any],
        pack: Pack | None,
        starters: StarterPacks,
        *,
        may_change: bool,
    ) -> None:
        self._hero = Tag("section", "hero")
        self._pack: StarterPackBox | None = None
        with self._hero:
            drawing(MARK)
            Tag("h1", "", "Reactune")
            Tag("p", "", say("web_tagline", language))
            with Tag("div", "examples"):
                for example in domain.examples:
                    button = Tag("button", "example", example, type="button")
                    button.on("click", partial(on_ask, example), args=[])
            if pack:
                self._pack = StarterPackBox(starters, domain, pack, language, may_change=may_change)

    def loading(self, domain: str) -> None:
        """The starter pack of a domain is being loaded or was removed, by whomever."""
        if self._pack:
            self._pack.show(domain)

    def delete(self) -> None:
        self._hero.delete()
