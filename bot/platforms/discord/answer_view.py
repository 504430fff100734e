"""Where one answer appears on Discord: replies to the question, edited while the answer grows."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
import structlog
from discord.utils import escape_markdown, escape_mentions

from bot.answering.suggestions import marked_parts, words_only_asked
from bot.messages import Suggestion
from bot.platforms.base import OnPiece, Shown
from bot.platforms.chat.choice_labels import needs_list
from bot.platforms.chat.message_display import EDIT_EVERY_S, MessageDisplay
from bot.platforms.chat.split_text import close_fence
from bot.platforms.discord.events import NOTE
from bot.platforms.discord.timing import ChannelRateLimit, Typing, retry
from bot.platforms.discord.views import LABEL_CHARS, feedback_view, offer_view, stop_view
from bot.texts import Language, say

LIMIT = 2000
_log = structlog.get_logger("discord")
Message = discord.Message | discord.PartialMessage


class DiscordAnswerView:
    """Surface and Poster of one answer. ``note``: small print below it, whatever it says.

    ``replaces``: the messages of the answer whose place it takes, oldest first. ``nonce``: a number
    of its own; that of the question where None.
    """

    def __init__(
        self,
        question: Message,
        *,
        pace: ChannelRateLimit,
        typing: Typing,
        language: Language,
        note: str | None = None,
        replaces: Sequence[discord.PartialMessage] = (),
        nonce: int | None = None,
    ) -> None:
        self.withdrawn = False  # the question was deleted
        self._question = question
        self._channel = question.channel
        self._pace = pace
        self._typing = typing
        self._language = language
        self._note = note
        self._nonce = nonce or question.id
        self._pieces: dict[str, Message] = {str(m.id): m for m in replaces}
        self._replaces = tuple(self._pieces)
        self._replaced = list(self._pieces)  # not touched yet: they have the buttons of before
        self._display = self._displaying(_unheard)
        self._showing = asyncio.Lock()
        self._works = False
        self._sent = 0
        self._grew = False
        self._ending = feedback_view(language)
        self._edited: dict[str, float] = {}
        self._stoppable: str | None = None  # the piece with the stop button

    def hearing(self, on_piece: OnPiece) -> "DiscordAnswerView":
        self._display = self._displaying(on_piece)
        return self

    def _displaying(self, on_piece: OnPiece) -> MessageDisplay:
        return MessageDisplay(
            self, LIMIT, on_piece, every_s=EDIT_EVERY_S, messages=tuple(self._pieces)
        )

    async def working(self) -> None:
        """In place of another answer it is said in words, and that one's buttons go."""
        self._works = True
        self._typing.begin(self._channel)
        if self._replaced:
            async with self._showing:
                await self._display.show(say("thinking", self._language))

    async def show(self, text: str, *, mark: str = "") -> None:
        if text.strip() and self._pace.has_room(self._channel.id):
            async with self._showing:
                await self._display.show(text, mark=mark)
            self._grew = True

    async def end(self, shown: Shown) -> None:
        if not self.withdrawn:
            text = _with_list(shown, self._language)
            small = [f"{NOTE}{line}" for line in (*shown.notes, self._note) if line]
            whole = "\n".join([close_fence(text), *small]) if small else text
            if shown.offered:
                self._ending = offer_view(shown.offered, self._language)
            else:
                self._ending = feedback_view(self._language, correctable=shown.correctable)
            async with self._showing:
                await self._display.show(whole, mark=shown.mark, last=True)
        await self._take_off_stop_button()

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        if not self.withdrawn:
            async with self._showing:
                if self._replaces and not self._grew:
                    await self._say_instead(text)
                else:
                    message = await self._send(text, kind="s")
                    if on_posted:
                        await on_posted(message)
        await self._take_off_stop_button()

    async def _say_instead(self, text: str) -> None:
        """In place of the answer that was there."""
        first, *rest = self._replaces
        self._stoppable = None
        await self._rest(first)
        await self._change(first, content=text, view=None)
        for message in rest:
            await self.delete(message)

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
            return await self._send(text, self._ending)
        if self._pieces:
            return await self._send(text)
        self._stoppable = await self._send(text, stop_view(self._language))
        return self._stoppable

    async def edit(self, message: str, text: str, *, last: bool) -> None:
        if last:
            if message == self._stoppable:
                self._stoppable = None
            await self._change(message, content=text, view=self._ending)
        elif message in self._replaced:
            await self._take_over(message, text)
        else:
            await self._change(message, content=text)

    async def _take_over(self, message: str, text: str) -> None:
        """The first change of a message that showed another answer: its buttons go."""
        self._replaced.remove(message)
        view = None
        if self._stoppable is None:
            self._stoppable, view = message, stop_view(self._language)
        await self._change(message, content=text, view=view)

    async def delete(self, message: str) -> None:
        await self._attempt(self._pieces[message].delete)

    async def _take_off_stop_button(self) -> None:
        message, self._stoppable = self._stoppable, None
        if message:
            await self._rest(message)
            await self._change(message, view=None)

    async def _rest(self, message: str) -> None:
        """Until it may be edited again."""
        await asyncio.sleep(max(0.0, self._edited.get(message, 0.0) + EDIT_EVERY_S - _now()))

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
            "nonce": f"{self._nonce}.{kind}{self._sent}",
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


def _with_list(shown: Shown, language: Language) -> str:
    """The words, with the known questions below them where the buttons do not say it all."""
    if not needs_list(shown.offered, LABEL_CHARS):
        return shown.text
    lines = (
        f"{number}. {_marked(suggestion, language)}"
        for number, suggestion in enumerate(shown.offered, start=1)
    )
    return "\n".join([shown.text, *lines])


def _marked(suggestion: Suggestion, language: Language) -> str:
    """A known question with the words in bold that differ, and those that it lacks behind it."""
    parts = marked_parts(suggestion)
    line = "".join(f"**{_literal(part)}**" if marked else _literal(part) for part, marked in parts)
    lacking = words_only_asked(suggestion)
    if not lacking:
        return line
    return f"{line} ({say('suggestion_differs', language, words=_literal(', '.join(lacking)))})"


def _literal(text: str) -> str:
    """What somebody once asked, in one line that means nothing to Discord."""
    return escape_mentions(escape_markdown(re.sub(r"\s+", " ", text)))
