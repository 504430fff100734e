"""The messages that one answer on Slack is made of: streamed or edited, and complete in the end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.messages import Suggestion
from bot.platforms.slack.blocks import (
    HERE,
    Block,
    correct_button,
    feedback,
    markdown,
    notes,
    offer_buttons,
    plain,
    stop_button,
    words,
)
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback, harmless
from bot.texts import Language

# Slack's markdown blocks take 12,000 characters, its streams about 10,600 bytes: 3,500 Hangul.
LIMIT = 3000


@dataclass(frozen=True, slots=True)
class QuestionLocation:
    """Where a question was asked: ``question`` is its ts, ``thread`` the ts of the thread's root.

    ``direct``: between the user and the bot alone.
    """

    channel: str
    thread: str
    question: str
    user: str
    team: str
    direct: bool


class SlackStream:
    """One message that is being streamed; ``append`` tells when that has come to an end.

    Slack ends a stream after about five minutes, or when its user does.
    """

    def __init__(
        self, api: SlackClient, place: QuestionLocation, ts: str, sent: str | None
    ) -> None:
        self.ts = ts
        self._api = api
        self._place = place
        self._sent = sent

    @classmethod
    async def start(
        cls, api: SlackClient, place: QuestionLocation, text: str, first: Block
    ) -> "SlackStream | None":
        """Begin with ``text`` below the block ``first``; None where Slack does not stream."""
        words: Block = {"type": "markdown_text", "text": harmless(text)}
        for chunks in ([{"type": "blocks", "blocks": [first]}, words], [words]):

            async def send(client: AsyncWebClient) -> AsyncSlackResponse:
                return await client.chat_startStream(
                    channel=place.channel,
                    thread_ts=place.thread,
                    recipient_team_id=place.team,
                    recipient_user_id=place.user,
                    chunks=chunks,  # noqa: B023 - called at once
                )

            try:
                response = await api.try_once(send)
                return cls(api, place, api.mine(response["ts"]), text)
            except SlackError as error:
                if error.code not in ("invalid_chunks", "invalid_blocks"):
                    return None
            except UnknownResultError as error:
                return await cls._lost(api, place, text) if error.sent else None
        return None

    @classmethod
    async def _lost(
        cls, api: SlackClient, place: QuestionLocation, text: str
    ) -> "SlackStream | None":
        """The stream that may have begun before the line broke, no longer to be appended to."""
        await asyncio.sleep(api.pace.backoff_s)
        ts = await api.find_streamed(place.channel, place.thread, place.question, text)
        return cls(api, place, api.mine(ts), None) if ts else None

    async def append(self, text: str) -> bool:
        """Let the message grow to ``text``; False when only an update can show it."""
        if self._sent is None or not harmless(text).startswith(harmless(self._sent)):
            return False  # what was sent cannot be taken back
        more = harmless(text)[len(harmless(self._sent)) :]
        if not more:
            return True
        try:
            await self._api.try_once(
                lambda client: client.chat_appendStream(
                    channel=self._place.channel,
                    ts=self.ts,
                    chunks=[{"type": "markdown_text", "text": more}],
                )
            )
        except SlackError as error:
            return error.code == "ratelimited"  # the next one carries this text too
        except UnknownResultError:
            return False  # perhaps it was appended: never say it twice
        self._sent = text
        return True

    async def stop(self) -> None:
        await self._api.stop_stream(self._place.channel, self.ts)


class SlackPoster:
    """The messages of one answer. Edits that show progress may be left out; the last ones never.

    In a direct message the answer is streamed. In a channel a stream would grow for its one
    recipient only, everybody else seeing its first words until it ends: there it is edited.
    """

    def __init__(
        self,
        api: SlackClient,
        place: QuestionLocation,
        language: Language,
        *,
        replaces: bool = False,
    ) -> None:
        """``replaces``: its first messages were those of another answer."""
        self.opened: str | None = None  # a message of ours that the answer may take over
        self.notes: Sequence[str] = ()
        self.votes = True
        self.correctable = False
        self.offered: tuple[Suggestion, ...] = ()  # a choice, in place of an answer
        self._replaces = replaces
        self._api = api
        self._place = place
        self._language = language
        self._stream: SlackStream | None = None
        self._texts: dict[str, str] = {}
        self._unfinished: set[str] = set()
        self._edited: dict[str, float] = {}

    async def post(self, text: str, *, last: bool) -> str:
        await self._end_stream()
        if self.opened:
            ts = self.opened
            self._texts[ts] = text
            await self._update(ts, self._blocks(text, last=last))
            self.opened = None
        elif not last and self._place.direct and await self._streams(text) and self._stream:
            ts = self._stream.ts
        else:
            ts = await self._api.post(
                self._place.channel,
                self._place.thread,
                fallback(text),
                self._blocks(text, last=last),
                after=self._place.question,
                kind=self._kind,
            )
        self._texts[ts] = text
        if not last:
            self._unfinished.add(ts)
        return ts

    async def edit(self, message: str, text: str, *, last: bool) -> None:
        self._texts[message] = text
        if not last:
            self._unfinished.add(message)
        if self._stream and self._stream.ts == message:
            if not last and await self._stream.append(text):
                return
            await self._end_stream()
        if last:
            await self._update(message, self._blocks(text, last=True))
        else:
            await self._show_progress(message, text)

    async def delete(self, message: str) -> None:
        await self._end_stream()
        self._unfinished.discard(message)
        try:
            await self._api.retry(
                lambda client: client.chat_delete(channel=self._place.channel, ts=message)
            )
        except SlackError as error:
            if error.code != "message_not_found":  # deleted by the try that seemed to break
                raise

    async def say_instead(self, message: str, text: str) -> None:
        """``message`` holds our own words from now on, and no answer."""
        await self._pause(message)
        self._unfinished.discard(message)
        await self._api.update(
            self._place.channel, message, fallback(text), words(text), kind="words"
        )

    async def finish(self) -> None:
        """Bring the messages before the last one to their final state."""
        for ts in sorted(self._unfinished):
            await self._update(ts, [self._words(self._texts[ts])])

    async def _streams(self, text: str) -> bool:
        if self.offered:  # a stream would render what people asked
            return False
        button = stop_button(self._place.question, self._language)
        self._stream = await SlackStream.start(self._api, self._place, text, button)
        return self._stream is not None

    async def _end_stream(self) -> None:
        if self._stream:
            stream, self._stream = self._stream, None
            await stream.stop()

    async def _show_progress(self, ts: str, text: str) -> None:
        if not self._api.edits.take():
            return
        await self._pause(ts)
        try:
            await self._api.try_once(
                lambda client: client.chat_update(
                    channel=self._place.channel,
                    ts=ts,
                    text=fallback(text),
                    blocks=self._blocks(text, last=False),
                )
            )
        except SlackError as error:
            if error.code == "ratelimited":
                self._api.edits.exhaust()
        except UnknownResultError:
            return  # the next edit shows it

    async def _update(self, ts: str, blocks: list[Block]) -> None:
        await self._pause(ts)
        kind = self._kind if self._replaces else None
        text = fallback(self._texts[ts])
        await self._api.update(self._place.channel, ts, text, blocks, kind=kind)
        self._unfinished.discard(ts)

    async def _pause(self, ts: str) -> None:
        """No message is edited more than once a second."""
        now = asyncio.get_running_loop().time()
        wait = max(0.0, self._edited.get(ts, 0.0) + self._api.pace.edit_s - now)
        self._edited[ts] = now + wait
        await asyncio.sleep(wait)

    def _blocks(self, text: str, *, last: bool) -> list[Block]:
        if not last:
            return [self._words(text), stop_button(self._place.question, self._language)]
        return [self._words(text), *notes(self.notes), *self._buttons()]

    def _buttons(self) -> list[Block]:
        if self.offered:
            return offer_buttons(self.offered, self._language)
        votes = [feedback(self._language)] if self.votes else []
        correct = [correct_button(HERE, self._language)] if self.correctable else []
        return [*votes, *correct]

    def _words(self, text: str) -> Block:
        """What people once asked is shown as they wrote it, and means nothing to Slack."""
        return plain(text) if self.offered else markdown(text)

    @property
    def _kind(self) -> str:
        """A choice is no answer when the thread is read back."""
        return "words" if self.offered else "answer"
