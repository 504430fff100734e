"""Below an answer: that its words are approved, and what they rest on."""

from bot.answering.footer import shown_sources
from bot.domains import Domain
from bot.messages import Reply
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say


class SourcesLine:
    """Built inside the current element; empty below an answer that nobody has approved."""

    def __init__(self) -> None:
        self._place = Tag("p", "backing")

    def fill(self, reply: Reply, domain: Domain, language: Language) -> None:
        self.clear()
        if reply.outcome != "verified":
            return
        with self._place:
            with Tag("span", "verified"):
                drawing(icon("verified"))
                Tag("span", "", say("web_verified", language))
            if sources := shown_sources(reply.sources, domain, language):
                Tag("span", "sources", say("sources", language, sources=sources))

    def clear(self) -> None:
        self._place.clear()
