"""What waits for somebody with authority, and the way there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say
from storage.corrections import Correction, Disputed

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class WaitingReviews:
    """``unapproved``: corrections that only one person stands behind, and that are shown as theirs;
    ``proposed``: the corrections of each disputed reply; ``votes``: how many are for and against
    a correction, where anybody is."""

    corrections: list[Correction]
    unapproved: list[Correction]
    disputed: list[Disputed]
    proposed: Mapping[int, list[Correction]]
    votes: Mapping[int, tuple[int, int]]


async def read_waiting(context: WebContext) -> WaitingReviews:
    """The oldest first; what is beyond a hundred comes when these are decided."""
    corrections = context.knowledge.corrections
    pending = await corrections.pending(last=_AT_ONCE)
    unapproved = await corrections.unapproved(last=_AT_ONCE)
    disputed = await corrections.disputed(last=_AT_ONCE)
    proposed = await corrections.of_replies([d.reply_id for d in disputed])
    shown = {c.id for some in (pending, unapproved, *proposed.values()) for c in some}
    votes = await corrections.votes(list(shown))
    return WaitingReviews(pending, unapproved, disputed, proposed, votes)


class ReviewLink:
    """Leads to the page for reviewers, with the number of things that wait there."""

    def __init__(
        self, context: WebContext, language: Language, on_failed: Callable[[Exception], None]
    ) -> None:
        self._context = context
        self._language = language
        self._on_failed = on_failed
        with Tag("a", "quiet review-link", href="/review"):
            drawing(icon("inbox"))
            Tag("span", "", say("web_review", language))
            self._count = Tag("span", "count")

    async def count(self) -> None:
        """Bring the number up to date."""
        try:
            found = await read_waiting(self._context)
        except Exception as error:
            self._on_failed(error)
            return
        count = len(found.corrections) + len(found.unapproved) + len(found.disputed)
        self._count.text = str(count) if count else ""
        self._count.set(title=say("web_waiting", self._language, count=count))
