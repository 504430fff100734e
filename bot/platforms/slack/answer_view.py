"""Shows one answer on Slack."""

import asyncio
from collections.abc import Sequence

from bot.platforms.base import OnPiece
from bot.platforms.chat.message_display import MessageDisplay
from bot.platforms.slack.blocks import Block, stop_button, words
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.poster import LIMIT, QuestionLocation, SlackPoster
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback
from bot.texts import Language, say

_STATUS_S = 3.0


class SlackAnswerView:
    """Where the answer to one question appears: in the question's thread."""

    def __init__(
        self,
        api: SlackClient,
        place: QuestionLocation,
        language: Language,
        on_piece: OnPiece,
        *,
        note: str | None = None,
        votes: bool = True,
    ) -> None:
        self._api = api
        self._place = place
        self._language = language
        self._note = note
        self._votes = votes
        self._poster = SlackPoster(api, place, language)
        self._display = MessageDisplay(self._poster, LIMIT, on_piece, every_s=api.pace.edit_s)
        self._opening: asyncio.Task[None] | None = None
        self.withdrawn = False  # the question was deleted
        self._shown = ""

    async def working(self) -> None:
        """Begun, not waited for: a slow Slack must not delay the answer."""
        self._opening = asyncio.create_task(self._show_status())

    async def show(self, text: str) -> None:
        if not text.strip():
            return
        await self._opened()
        try:
            await self._display.show(text)
        except (SlackError, UnknownResultError):
            return  # the end tries again, with patience
        self._shown = text

    async def end(self, text: str, notes: Sequence[str]) -> None:
        await self._opened()
        if self.withdrawn and not self._shown:
            await self._leave_nothing()
            return
        self._poster.notes = [n for n in (*notes, self._note) if n]
        self._poster.votes = self._votes
        await self._display.show(text, last=True)
        await self._poster.finish()

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        await self._opened()
        if self.withdrawn and not self._shown:
            await self._leave_nothing()
        elif self._shown:  # the answer broke off: what was said stays, with our words below it
            self._poster.notes, self._poster.votes = [text], False
            await self._display.show(self._shown, last=True)
            await self._poster.finish()
        elif self._poster.opened:
            await self._api.update(
                self._place.channel, self._poster.opened, fallback(text), words(text), kind="words"
            )
        else:
            posted = await self._say(text, words(text))
            if on_posted:
                await on_posted(posted)

    async def _leave_nothing(self) -> None:
        """Nobody asks any more."""
        if self._poster.opened:
            await self._poster.delete(self._poster.opened)

    async def _opened(self) -> None:
        if self._opening:
            await self._opening

    async def _show_status(self) -> None:
        """The status line under the thread, which the first post takes away; else a message."""
        status = say("thinking_status", self._language)
        try:
            async with asyncio.timeout(_STATUS_S):
                await self._api.try_once(
                    lambda client: client.assistant_threads_setStatus(
                        channel_id=self._place.channel, thread_ts=self._place.thread, status=status
                    )
                )
        except SlackError as error:
            if error.code != "ratelimited":
                await self._post_thinking()
        except (UnknownResultError, TimeoutError):
            return

    async def _post_thinking(self) -> None:
        text = say("thinking", self._language)
        button = stop_button(self._place.question, self._language)
        try:
            self._poster.opened = await self._say(text, [*words(text), button], kind="answer")
        except (SlackError, UnknownResultError):
            return

    async def _say(self, text: str, blocks: list[Block], kind: str = "words") -> str:
        return await self._api.post(
            self._place.channel,
            self._place.thread,
            fallback(text),
            blocks,
            after=self._place.question,
            kind=kind,
        )
