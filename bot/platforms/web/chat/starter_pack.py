"""What a field comes with, in an empty conversation: offered, being loaded, or loaded."""

from functools import partial
from typing import Literal

import structlog

from bot.domains import Domain
from bot.knowledge.packs import Pack, StarterPacks
from bot.platforms.web.ui.elements import Tag
from bot.texts import Language, say
from storage.errors import StorageError

_log = structlog.get_logger("web")


class StarterPackBox:
    """Built inside the current element; shows where it stands, whoever loads or removes it.

    ``may_change``: who looks may load and remove it; others see it only while it is loaded.
    """

    def __init__(
        self,
        starters: StarterPacks,
        domain: Domain,
        pack: Pack,
        language: Language,
        *,
        may_change: bool,
    ) -> None:
        self._starters = starters
        self._domain = domain
        self._pack = pack
        self._language = language
        self._may_change = may_change
        say_ = partial(say, language=language)
        self._box = Tag("section", "starter")
        with self._box:
            with Tag("div", "starter-words"):
                self._title = Tag("h2")
                Tag("p", "", _origin(pack, language))
            self._load = Tag("button", "primary", say_("web_starter_load"), type="button")
            self._load.on("click", lambda: starters.load(domain), args=[])
            self._remove = Tag("button", "secondary", say_("web_starter_remove"), type="button")
            self._remove.on("click", self._removed, args=[])
            self._progress = Tag("progress", max=1, aria_label=say_("web_starter_progress"))
            self._words = Tag("p", "starter-state", role="status")
        self.show(domain.name)

    def show(self, domain: str) -> None:
        """The pack of ``domain`` has moved on."""
        if domain != self._domain.name:
            return
        loading = self._starters.loading(domain)
        state = loading.state if loading else "loaded" if self._pack.loaded else "offered"
        is_loaded = state in ("done", "loaded") or bool(state == "running" and self._pack.loaded)
        pairs = self._pack.loaded if state == "loaded" else self._pack.pairs
        title = "web_starter_loaded" if is_loaded else "web_starter"
        self._title.text = say(title, self._language, title=self._domain.title, pairs=pairs)
        self._box.set(hidden=_unless(is_loaded or self._may_change))
        self._load.set(hidden=_unless(state in ("offered", "failed", "removed")))
        self._remove.set(hidden=_unless(is_loaded and self._may_change))
        self._progress.set(hidden=_unless(state == "running"))
        self._words.text = ""
        if loading:
            self._progress.set(value=loading.read / max(1, loading.total))
            self._words.text = say(
                f"web_starter_{state}", self._language, read=loading.read, total=loading.total
            )

    async def _removed(self) -> None:
        try:
            await self._starters.remove(self._domain.name)
        except StorageError as error:
            _log.error("starter pack not removed", domain=self._domain.name, error=str(error))
            self._words.text = say("web_starter_not_removed", self._language)


def _unless(shown: bool) -> Literal[True] | None:
    """The attribute ``hidden``."""
    return None if shown else True


def _origin(pack: Pack, language: Language) -> str:
    """Where the pairs are from, in one line."""
    sources = ", ".join(pack.sources)
    key = "web_starter_sources_more" if pack.more else "web_starter_sources"
    parts = [say(key, language, sources=sources)] if sources else []
    if pack.as_of:
        dates = " – ".join(dict.fromkeys((pack.as_of[0], pack.as_of[-1])))
        parts.append(say("web_starter_as_of", language, dates=dates))
    return " ".join(parts)
