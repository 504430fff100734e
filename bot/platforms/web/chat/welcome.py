"""What an empty conversation shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.domains import Domain
from bot.knowledge.packs import Pack, StarterPacks
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import MARK
from bot.texts import Language, say


class StarterPackOffer:
    """Built inside the current element; shows how far the loading is, whoever began it."""

    def __init__(
        self, starters: StarterPacks, domain: Domain, pack: Pack, language: Language
    ) -> None:
        self._starters = starters
        self._domain = domain
        self._language = language
        say_ = partial(say, language=language)
        with Tag("section", "starter"):
            with Tag("div", "starter-words"):
                Tag("h2", "", say_("web_starter", title=domain.title, pairs=pack.pairs))
                Tag("p", "", _origin(pack, language))
            self._button = Tag("button", "primary", say_("web_starter_load"), type="button")
            self._button.on("click", self._load, args=[])
            self._progress = Tag("progress", max=1, aria_label=say_("web_starter_progress"))
            self._words = Tag("p", "starter-state", role="status")
        self.show(domain.name)

    def show(self, domain: str) -> None:
        if domain != self._domain.name:
            return
        loading = self._starters.loading(domain)
        state = loading.state if loading else "offered"
        self._button.set(hidden=None if state in ("offered", "failed") else True)
        self._progress.set(hidden=None if state == "running" else True)
        self._words.text = ""
        if loading:
            self._progress.set(value=loading.read / max(1, loading.total))
            self._words.text = say(
                f"web_starter_{state}", self._language, read=loading.read, total=loading.total
            )

    def _load(self) -> None:
        self._starters.load(self._domain)


def _origin(pack: Pack, language: Language) -> str:
    """Where the pairs are from, in one line."""
    sources = ", ".join(pack.sources)
    key = "web_starter_sources_more" if pack.more else "web_starter_sources"
    parts = [say(key, language, sources=sources)] if sources else []
    if pack.as_of:
        dates = " – ".join(dict.fromkeys((pack.as_of[0], pack.as_of[-1])))
        parts.append(say("web_starter_as_of", language, dates=dates))
    return " ".join(parts)


class Welcome:
    """Who this is, and what one could ask or load; built inside the current element."""

    def __init__(
        self,
        domain: Domain,
        language: Language,
        on_ask: Callable[[str], Any],
        pack: Pack | None,
        starters: StarterPacks,
    ) -> None:
        self._hero = Tag("section", "hero")
        self._offer: StarterPackOffer | None = None
        with self._hero:
            drawing(MARK)
            Tag("h1", "", "Reactune")
            Tag("p", "", say("web_tagline", language))
            with Tag("div", "examples"):
                for example in domain.examples:
                    button = Tag("button", "example", example, type="button")
                    button.on("click", partial(on_ask, example), args=[])
            if pack:
                self._offer = StarterPackOffer(starters, domain, pack, language)

    def loading(self, domain: str) -> None:
        """The starter pack of a domain is being loaded, by whomever."""
        if self._offer:
            self._offer.show(domain)

    def delete(self) -> None:
        self._hero.delete()
