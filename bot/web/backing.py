"""Below an answer: what approved knowledge stands behind it, or that there is none."""

from collections.abc import Iterable

from bot.domains import Domain
from bot.notes import is_marked, shown_sources
from bot.texts import Language, say
from bot.web.icons import icon
from bot.web.parts import Tag, drawing


class Backing:
    """Built inside the current element; known before the answer is, and seen when it has ended."""

    def __init__(self) -> None:
        self._place = Tag("div", "backing")

    def fill(
        self, domain: Domain, language: Language, *, verified: bool, sources: Iterable[str]
    ) -> None:
        self._place.clear()
        with self._place:
            if is_marked(verified, domain):
                self._line("unverified", "warning", say("unverified", language))
            if told := shown_sources(sources, domain):
                self._line("sources", "book", say("sources", language, sources=told))

    def clear(self) -> None:
        self._place.clear()

    def _line(self, kind: str, name: str, text: str) -> None:
        with Tag("p", kind):
            drawing(icon(name))
            Tag("span", "", text.removeprefix("⚠️ "))
