"""Slack's native streaming: a message that grows smoothly while it is written."""

import asyncio
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.blocks import Block
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import harmless


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
        """StartTask with ``text`` below the block ``first``; None where Slack does not stream."""
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
