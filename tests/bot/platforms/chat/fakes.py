"""A question on a chat platform, and an AnswerView that keeps what is shown."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.messages import Incoming
from bot.platforms.base import Shown

QUESTION = Incoming(
    "chat", "C1", "T1", "U1", "언제?", "tax-ko", message="M1", events=("E1", "C1:M1")
)


class Screen:
    """An AnswerView that keeps what was shown; its one message is P1."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.shown: list[str] = []
        self.answer: str | None = None
        self.marks: set[str] = set()
        self.notes: Sequence[str] = ()
        self.ending: Shown | None = None
        self.notice: str | None = None
        self.began = asyncio.Event()

    def __call__(self, on_piece: Callable[[str], Awaitable[None]]) -> "Screen":
        self._on_piece = on_piece
        return self

    async def working(self) -> None:
        self.signs.append("working")

    async def show(self, text: str, *, mark: str = "") -> None:
        if not self.shown:
            await self._on_piece("P1")
        self.shown.append(text)
        self.marks.add(mark)
        self.began.set()

    async def end(self, shown: Shown) -> None:
        await self.show(shown.text, mark=shown.mark)
        self.answer, self.notes, self.ending = shown.text, shown.notes, shown

    async def say(
        self, text: str, on_posted: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        self.notice = text
        if on_posted:
            await on_posted("S1")
