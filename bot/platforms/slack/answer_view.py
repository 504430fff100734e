"""Shows one answer on Slack."""

import asyncio
import contextlib
from collections.abc import Sequence

from bot.answering.suggestions import with_choices
from bot.platforms.base import OnPiece, Shown
from bot.platforms.chat.choice_labels import needs_list
from bot.platforms.chat.message_display import MessageDisplay
from bot.platforms.slack.blocks import BUTTON_CHARS, Block, stop_button, words
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.poster import LIMIT, QuestionLocation, SlackPoster
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback
from bot.texts import Language, say

_STATUS_S = 3.0


class SlackAnswerView:
    """Where the answer to one question appears: in the question's thread.

    ``replaces``: the messages of the answer whose place it takes, oldest first.
    """

    def __init__(
        self,
        api: SlackClient,
        place: QuestionLocation,
        language: Language,
        on_piece: OnPiece,
        *,
        note: str | None = None,
        votes: bool = True,
        replaces: Sequence[str] = (),
    ) -> None:
        self._api = api
        self._place = place
        self._language = language
        self._note = note
        self._votes = votes
        self._replaces = replaces
        self._poster = SlackPoster(api, place, language, replaces=bool(replaces))
        self._display = MessageDisplay(
            self._poster, LIMIT, on_piece, every_s=api.pace.edit_s, messages=replaces
        )
        self._opening: asyncio.Task[None] | None = None
        self.withdrawn = False  # the question was deleted
        self._shown, self._mark = "", ""

    async def working(self) -> None:
        """Begun, not waited for: a slow Slack must not delay the answer."""
        sign = self._show_thinking() if self._replaces else self._show_status()
        self._opening = asyncio.create_task(sign)

    async def show(self, text: str, *, mark: str = "") -> None:
        if not text.strip():
            return
        await self._opened()
        try:
            await self._display.show(text, mark=mark)
        except (SlackError, UnknownResultError):
            return  # the end tries again, with patience
        self._shown, self._mark = text, mark

    async def end(self, shown: Shown) -> None:
        await self._opened()
        if self.withdrawn and not self._shown:
            await self._leave_nothing()
            return
        self._poster.notes = [n for n in (*shown.notes, self._note) if n]
        self._poster.votes = self._votes
        self._poster.correctable, self._poster.offered = shown.correctable, shown.offered
        await self._display.show(_with_list(shown, self._language), mark=shown.mark, last=True)
        await self._poster.finish()

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        await self._opened()
        if self.withdrawn and not self._shown:
            await self._leave_nothing()
        elif self._shown:  # the answer broke off: what was said stays, with our words below it
            self._poster.notes, self._poster.votes = [text], False
            await self._display.show(self._shown, mark=self._mark, last=True)
            await self._poster.finish()
        elif ours := self._poster.opened or next(iter(self._replaces), None):
            await self._poster.say_instead(ours, text)
            for left in self._replaces[1:]:
                await self._poster.delete(left)
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

    async def _show_thinking(self) -> None:
        """In place of the answer that was there, whose buttons go."""
        with contextlib.suppress(SlackError, UnknownResultError):
            await self._display.show(say("thinking", self._language))

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


def _with_list(shown: Shown, language: Language) -> str:
    """The words, with the known questions below them where the buttons do not say it all."""
    offered = shown.offered
    listed = needs_list(offered, BUTTON_CHARS)
    return with_choices(shown.text, offered, language) if listed else shown.text
