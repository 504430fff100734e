"""Where one answer appears on Discord: replies to the question, edited while the answer grows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
import structlog

from bot.platforms.base import OnPiece
from bot.platforms.chat.message_display import EDIT_EVERY_S, MessageDisplay
from bot.platforms.chat.split_text import close_fence
from bot.platforms.discord.events import NOTE
from bot.platforms.discord.timing import ChannelRateLimit, Typing, retry
from bot.platforms.discord.views import feedback_view, stop_view
from bot.texts import Language

LIMIT = 2000
_log = structlog.get_logger("discord")


class DiscordAnswerView:
    """Surface and Poster of one answer. ``note``: small print below it, whatever it says."""

    def __init__(
        self,
        question: discord.Message,
        *,
        pace: ChannelRateLimit,
        typing: Typing,
        language: Language,
        note: str | None = None,
    ) -> None:
        self.withdrawn = False  # the question was deleted
        self._question = question
        self._channel = question.channel
        self._pace = pace
        self._typing = typing
        self._language = language
        self._note = note
        self._display = MessageDisplay(self, LIMIT, _unheard, every_s=EDIT_EVERY_S)
        self._showing = asyncio.Lock()
        self._works = False
        self._sent = 0
        self._pieces: dict[str, discord.Message] = {}
        self._edited: dict[str, float] = {}
        self._stoppable: str | None = None  # the piece with the stop button

    def hearing(self, on_piece: OnPiece) -> "DiscordAnswerView":
        self._display = MessageDisplay(self, LIMIT, on_piece, every_s=EDIT_EVERY_S)
        return self

    async def working(self) -> None:
        self._works = True
        self._typing.begin(self._channel)

    async def show(self, text: str) -> None:
        if text.strip() and self._pace.has_room(self._channel.id):
            async with self._showing:
                await self._display.show(text)

    async def end(self, text: str, notes: Sequence[str]) -> None:
        if not self.withdrawn:
            small = [f"{NOTE}{line}" for line in (*notes, self._note) if line]
            whole = "\n".join([close_fence(text), *small]) if small else text
            async with self._showing:
                await self._display.show(whole, last=True)
        await self._take_off_stop_button()

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        if not self.withdrawn:
            async with self._showing:
                message = await self._send(text, kind="s")
                if on_posted:
                    await on_posted(message)
        await self._take_off_stop_button()

    def shows(self, message: int) -> bool:
        """The message is the question, or a piece of its answer."""
        return message == self._question.id or str(message) in self._pieces

    async def shown(self, channel: int) -> None:
        """What is being posted to the channel is there, and known as a piece of the answer."""
        if self._channel.id == channel:
            async with self._showing:
                return

    def close(self) -> None:
        """Nothing more is coming, whether the answer was shown or not."""
        if self._works:
            self._works = False
            self._typing.end(self._channel)

    async def post(self, text: str, *, last: bool) -> str:
        """The first piece of an unfinished answer carries the stop button, the last one votes."""
        if last:
            return await self._send(text, feedback_view(self._language))
        if self._pieces:
            return await self._send(text)
        self._stoppable = await self._send(text, stop_view(self._language))
        return self._stoppable

    async def edit(self, message: str, text: str, *, last: bool) -> None:
        if not last:
            await self._change(message, content=text)
            return
        if message == self._stoppable:
            self._stoppable = None
        await self._change(message, content=text, view=feedback_view(self._language))

    async def delete(self, message: str) -> None:
        await self._attempt(self._pieces[message].delete)

    async def _take_off_stop_button(self) -> None:
        message, self._stoppable = self._stoppable, None
        if message:
            await asyncio.sleep(max(0.0, self._edited[message] + EDIT_EVERY_S - _now()))
            await self._change(message, view=None)

    async def _send(
        self, text: str, view: discord.ui.View | None = None, *, kind: str = "a"
    ) -> str:
        """Reply to the question. Repeated with the same nonce, a post still appears once.

        Our own words have nonces of their ``kind``: those of an answer may have been used by a run
        that was killed.
        """
        self._sent += 1
        content: dict[str, Any] = {
            "content": text,
            "reference": self._question.to_reference(fail_if_not_exists=False),
            "nonce": f"{self._question.id}.{kind}{self._sent}",
        }
        if view:
            content["view"] = view
        self._pace.count(self._channel.id)
        sent = await retry(lambda: self._channel.send(**content))
        self._pieces[str(sent.id)] = sent
        self._edited[str(sent.id)] = _now()
        return str(sent.id)

    async def _change(self, message: str, **changes: Any) -> None:
        self._pace.count(self._channel.id)
        await self._attempt(lambda: self._pieces[message].edit(**changes))
        self._edited[message] = _now()

    async def _attempt(self, request: Callable[[], Awaitable[object]]) -> None:
        try:
            await retry(request)
        except discord.NotFound:
            _log.info("a piece of an answer was deleted", channel=self._channel.id)


async def _unheard(_: str) -> None:
    """Until somebody listens for pieces."""


def _now() -> float:
    return asyncio.get_running_loop().time()
