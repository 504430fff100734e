"""Below an answer: what approved knowledge stands behind it, or that there is none."""

from collections.abc import Iterable

from bot.answering.footer import is_marked, shown_sources
from bot.domains import Domain
from bot.messages import Source
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say


class SourcesLine:
    """Built inside the current element; known and seen when the answer has ended."""

    def __init__(self) -> None:
        self._place = Tag("div", "backing")

    def reserve(self, domain: Domain) -> None:
        """Keep the room of a line while an answer is written, so that nothing jumps at its end."""
        if domain.unknown != "answer" or domain.sources:
            self._place.classes("reserved")

    def fill(
        self, domain: Domain, language: Language, *, verified: bool, sources: Iterable[Source]
    ) -> None:
        self._place.clear()
        with self._place:
            if is_marked(verified, domain):
                self._line("unverified", "warning", say("unverified", language))
            if text := shown_sources(sources, domain, language):
                self._line("sources", "book", say("sources", language, sources=text))

    def clear(self) -> None:
        self._place.clear()
        self._place.classes(remove="reserved")

    def _line(self, kind: str, name: str, text: str) -> None:
        with Tag("p", kind):
            drawing(icon(name))
            Tag("span", "", text.removeprefix("⚠️ "))
