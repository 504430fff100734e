"""Calls of Slack's Web API: once, or until they are carried out."""

import time
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack_call import Pace, Patience, Send, UnclearError, meant


class SlackCalls:
    """One bot token on one Slack. Made inside the running loop; ``close`` it."""

    def __init__(self, url: str, token: str | None, pace: Pace) -> None:
        self.pace = pace
        self.url = url
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        wait = AsyncRateLimitErrorRetryHandler(max_retry_count=20)
        self.patient = self._client(token, [wait])
        self._hasty = self._client(token, [])
        self._ahead_s = 0.0  # Slack's clock, as far as we know

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

    async def once(self, send: Send) -> AsyncSlackResponse:
        """Try once, without waiting for rate limits. Raises SlackError and UnclearError."""
        response = await meant(send(self._hasty))
        self._see_clock(response)
        return response

    async def surely(self, send: Send) -> AsyncSlackResponse:
        """Repeat until it is done; only for calls that may happen twice. Raises as ``once``."""
        broken = UnclearError("no try was made", sent=False)
        patience = Patience(self.pace)
        while await patience.again():
            try:
                response = await meant(send(self.patient))
            except UnclearError as error:
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

            page = await self.surely(one)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
