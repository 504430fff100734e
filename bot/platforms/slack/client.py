"""Slack's Web API on its bad days too: nothing is lost, nothing is posted twice."""

import asyncio
import time
import urllib.parse
import urllib.request
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.retry import (
    Backoff,
    EditBudget,
    Send,
    SlackError,
    Timing,
    UnknownResultError,
    classify_errors,
)
from bot.platforms.slack.text import bare, clipped

Message = dict[str, Any]
_MARK = "reactune_message"  # the type of the metadata by which a lost post is found again
_BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


class SlackClient:
    """What the bot does on Slack with one bot token, in one go each.

    Made inside the running loop; ``close`` it.
    """

    def __init__(self, url: str, token: str | None, pace: Timing) -> None:
        self.pace = pace
        self.url = url
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        wait = AsyncRateLimitErrorRetryHandler(max_retry_count=20)
        self.patient = self._client(token, [wait])
        self._hasty = self._client(token, [])
        self._ahead_s = 0.0  # Slack's clock, as far as we know
        self.edits = EditBudget()
        self._posted: deque[str] = deque(maxlen=10_000)

    def _client(self, token: str | None, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        """Without the SDK's own retry after a broken line, which posts twice."""
        client = AsyncWebClient(
            token=token, base_url=self.url, session=self._session, retry_handlers=handlers
        )
        if self.bypasses_proxy:
            client.proxy = None
        return client

    @property
    def bypasses_proxy(self) -> bool:
        """NO_PROXY names Slack's host; the SDK itself looks at HTTPS_PROXY only."""
        return bool(urllib.request.proxy_bypass(urllib.parse.urlsplit(self.url).hostname or ""))

    async def close(self) -> None:
        await self._session.close()

    async def try_once(self, send: Send) -> AsyncSlackResponse:
        """Try once, without waiting for rate limits. Raises SlackError and UnknownResultError."""
        response = await classify_errors(send(self._hasty))
        self._see_clock(response)
        return response

    async def retry(self, send: Send) -> AsyncSlackResponse:
        """Repeat until it is done; only for calls that may happen twice. Raises as ``try_once``."""
        broken = UnknownResultError("no try was made", sent=False)
        backoff = Backoff(self.pace)
        while await backoff.again():
            try:
                response = await classify_errors(send(self.patient))
            except UnknownResultError as error:
                broken = error
                continue
            self._see_clock(response)
            return response
        raise broken

    def on_slacks_clock(self, moment: datetime) -> float:
        return moment.timestamp() + self._ahead_s

    def now(self) -> float:
        """On the clock that Slack's events are told by, or up to a second earlier."""
        return time.time() + self._ahead_s

    def _see_clock(self, response: AsyncSlackResponse) -> None:
        headers: Mapping[str, str] = response.headers
        try:
            date = parsedate_to_datetime(headers["Date"])
        except (KeyError, ValueError):
            return
        self._ahead_s = date.timestamp() - time.time()

    async def pages(
        self, send: Callable[[AsyncWebClient, str | None], Awaitable[AsyncSlackResponse]]
    ) -> AsyncIterator[AsyncSlackResponse]:
        """What a method with a cursor has to say, but no more than ten pages of it."""
        cursor: str | None = None
        for _ in range(10):

            async def one(client: AsyncWebClient, cursor: str | None = cursor) -> Any:
                return await send(client, cursor)

            page = await self.retry(one)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def post(
        self,
        channel: str,
        thread: str | None,
        text: str,
        blocks: list[Message],
        *,
        after: str,
        kind: str,
    ) -> str:
        """Post one message, into a thread or none, exactly once; its ts.

        When the line breaks, what was said is read back to see whether the message is there.
        ``after``: a ts that the message must be newer than. ``kind`` is kept in the metadata.
        """
        mark = uuid.uuid4().hex
        broken = UnknownResultError("no try was made", sent=False)
        backoff = Backoff(self.pace)
        while await backoff.again():
            try:
                return await self._post_once(channel, thread, text, blocks, mark, kind)
            except SlackError as error:
                text, blocks = _simpler(error, text, blocks)
                continue
            except UnknownResultError as error:
                broken = error
            if broken.sent:
                await asyncio.sleep(self.pace.backoff_s)  # what is on its way may still arrive
                found = await self._find(
                    channel, thread, after, lambda m: _payload(m).get("id") == mark
                )
                if found:
                    return self.mine(found)
        raise broken

    async def _post_once(
        self,
        channel: str,
        thread: str | None,
        text: str,
        blocks: list[Message],
        mark: str,
        kind: str,
    ) -> str:
        posted = await classify_errors(
            self.patient.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=text,
                blocks=blocks or None,
                metadata=_metadata(mark, kind),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return self.mine(posted["ts"])

    async def update(
        self, channel: str, ts: str, text: str, blocks: list[Message], *, kind: str | None = None
    ) -> None:
        """Bring a message to its final state, whatever it takes; ``kind``: what it is from now."""
        metadata = _metadata(uuid.uuid4().hex, kind) if kind else None
        backoff = Backoff(self.pace)
        while await backoff.again():

            async def send(
                client: AsyncWebClient, text: str = text, blocks: list[Message] = blocks
            ) -> AsyncSlackResponse:
                return await client.chat_update(
                    channel=channel, ts=ts, text=text, blocks=blocks, metadata=metadata
                )

            try:
                await self.retry(send)
                return
            except SlackError as error:
                if error.code == "message_not_found":
                    return  # somebody has deleted it
                if error.code == "streaming_state_conflict":
                    await self.stop_stream(channel, ts)
                else:
                    text, blocks = _simpler(error, text, blocks)

    async def stop_stream(self, channel: str, ts: str) -> None:
        """Let a streamed message be an ordinary one; it may be one already."""
        try:
            await self.retry(lambda client: client.chat_stopStream(channel=channel, ts=ts))
        except (SlackError, UnknownResultError):
            return  # too late, or Slack ends it by itself; the update after this tells

    async def replies(self, channel: str, thread: str, after: str | None = None) -> list[Message]:
        """The messages of a thread, oldest first, its root among them."""
        return [
            message
            async for page in self.pages(
                lambda client, cursor: client.conversations_replies(
                    channel=channel,
                    ts=thread,
                    oldest=after,
                    inclusive=True,
                    limit=200,
                    include_all_metadata=True,
                    cursor=cursor,
                )
            )
            for message in page.get("messages") or []
        ]

    async def find_streamed(self, channel: str, thread: str, after: str, text: str) -> str | None:
        """A stream that was started although no answer came back; streams take no metadata."""

        def lost(message: Message) -> bool:
            same = bare(str(message.get("text", ""))) == bare(text)
            return same and bool(message.get("bot_id")) and message["ts"] not in self._posted

        return await self._find(channel, thread, after, lost)

    async def _find(
        self, channel: str, thread: str | None, after: str, wanted: Callable[[Message], bool]
    ) -> str | None:
        """The ts of the newest message after ``after`` that is ``wanted``."""
        if thread:
            messages = await self.replies(channel, thread, after)
        else:
            page = await self.retry(
                lambda client: client.conversations_history(
                    channel=channel, oldest=after, limit=200, include_all_metadata=True
                )
            )
            messages = list(reversed(page.get("messages") or []))
        return next((str(m["ts"]) for m in reversed(messages) if wanted(m)), None)

    def mine(self, ts: Any) -> str:
        """Note that this message is ours and known."""
        self._posted.append(str(ts))
        return str(ts)


def kind_of(message: Message) -> str | None:
    """What a message of ours was posted as; None for other messages and for streams."""
    kind = _payload(message).get("kind")
    return str(kind) if kind else None


def _metadata(mark: str, kind: str) -> Message:
    return {"event_type": _MARK, "event_payload": {"id": mark, "kind": kind}}


def _payload(message: Message) -> Message:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == _MARK else {}


def _simpler(error: SlackError, text: str, blocks: list[Message]) -> tuple[str, list[Message]]:
    """The message as Slack may take it after all; raises ``error`` when nothing is left to try."""
    if error.code in _BAD_BLOCKS and blocks:
        return text, []
    if error.code == "msg_too_long" and len(text) > 1000:
        return clipped(text, 1000), blocks
    raise error
