"""Shows a growing answer as messages: split at the limit, edited no more than once a second."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.platforms.chat.split_text import split

EDIT_EVERY_S = 1.0


class Poster(Protocol):
    """What a platform does for one answer. ``last``: this piece ends the answer, with buttons."""

    async def post(self, text: str, *, last: bool) -> str:
        """Post a message where the question was asked; its name on the platform."""
        ...

    async def edit(self, message: str, text: str, *, last: bool) -> None: ...

    async def delete(self, message: str) -> None: ...


@dataclass(slots=True)
class _Piece:
    message: str
    text: str
    edited: float


class MessageDisplay:
    """The messages of one answer; ``on_piece`` hears of each as it is posted.

    ``messages``: those of the answer whose place it takes, which it fills first.
    """

    def __init__(
        self,
        poster: Poster,
        limit: int,
        on_piece: Callable[[str], Awaitable[None]],
        *,
        every_s: float = EDIT_EVERY_S,
        messages: Sequence[str] = (),
    ) -> None:
        self._every_s = every_s
        self._poster = poster
        self._limit = limit
        self._on_piece = on_piece
        self._pieces = [_Piece(message, "", 0.0) for message in messages]

    async def show(self, text: str, *, mark: str = "", last: bool = False) -> None:
        """Bring the messages up to ``text``, the whole answer so far; ``mark`` is the first line of
        each."""
        above = f"{mark}\n\n" if mark else ""
        texts = [above + piece for piece in split(text, self._limit - len(above))]
        for number, piece in enumerate(texts):
            ends = last and number == len(texts) - 1
            if number == len(self._pieces):
                message = await self._poster.post(piece, last=ends)
                self._pieces.append(_Piece(message, piece, _now()))
                await self._on_piece(message)
            elif ends or self._pieces[number].text != piece:
                await self._edit(self._pieces[number], piece, ends)
        while last and len(self._pieces) > len(texts):  # a loop at the end was cut away
            await self._poster.delete(self._pieces.pop().message)

    async def _edit(self, piece: _Piece, text: str, last: bool) -> None:
        await asyncio.sleep(max(0.0, piece.edited + self._every_s - _now()))
        await self._poster.edit(piece.message, text, last=last)
        piece.text, piece.edited = text, _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
