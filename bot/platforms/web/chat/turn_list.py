"""The turns that a tab shows of its conversation."""

from collections.abc import Callable
from math import inf

from bot.platforms.web.chat.turn_view import TurnView
from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import ChatLog
from bot.texts import Language


class TurnList:
    """Each under the id of its question. ``person`` is who looks at them."""

    def __init__(
        self,
        context: WebContext,
        log: ChatLog,
        person: str,
        language: Language,
        notice: Callable[[str], None],
    ) -> None:
        self._context = context
        self._log = log
        self._person = person
        self._language = language
        self._notice = notice
        self._turns: dict[int, TurnView] = {}

    def __len__(self) -> int:
        return len(self._turns)

    @property
    def first(self) -> float:
        """The id of the first question; infinite without any."""
        return min(self._turns, default=inf)

    @property
    def last_reply(self) -> int | None:
        replies = [turn.reply_id for _, turn in sorted(self._turns.items()) if turn.reply_id]
        return replies[-1] if replies else None

    def get(self, question_id: int) -> TurnView | None:
        return self._turns.get(question_id)

    def add(self, question_id: int, question: str, domain: str) -> TurnView:
        """At the end."""
        with self._log:
            turn = self._turns[question_id] = TurnView(
                self._context,
                question,
                question_id=question_id,
                domain=self._context.domain(domain),
                person=self._person,
                language=self._language,
                notice=self._notice,
            )
        return turn

    def of_reply(self, reply_id: int) -> TurnView | None:
        return next((turn for turn in self._turns.values() if turn.reply_id == reply_id), None)

    def clear(self) -> None:
        self._log.clear()
        self._turns.clear()
