"""The socket on which Slack's events come in, watched so that it never stays deaf."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.errors import SettingsError
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.error_advice import app_token_refused
from bot.platforms.slack.retry import SlackError

_log = structlog.get_logger("slack")


# Told when events may have been missed: after which moment, and whether it is likely.
LookBack = Callable[[datetime, bool], None]


class SocketConnection:
    """Socket Mode in the running loop.

    The SDK connects anew when Slack asks for it or the line breaks. The watch is for what it does
    not see: a line that answers pings but carries nothing (bolt-python#1529), and its own loop that
    tries an address for ever although each is good for one try.
    """

    def __init__(
        self, app: AsyncApp, api: SlackClient, app_token: str, look_back: LookBack
    ) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._look_back = look_back
        self._last_event = self._sure_until = time.time()
        self._handler: AsyncSocketModeHandler | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def connect(self, address: str) -> None:
        """Connect to ``address``, which ``apps.connections.open`` has given.

        Raises SettingsError.
        """
        try:
            self._handler = await self._connected(address, self._api.pace.start_s)
        except TimeoutError:
            host = address.split("?", maxsplit=1)[0]
            raise SettingsError(
                f"SLACK_API_URL: no socket to {host}; does a proxy or firewall forbid it?"
            ) from None
        self._watcher = asyncio.create_task(self._watch())

    async def close(self) -> None:
        if self._watcher:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _connected(self, address: str, within_s: float) -> AsyncSocketModeHandler:
        """A new connection. Raises TimeoutError, with nothing left open."""
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, ping_interval=self._api.pace.ping_s
        )
        if self._api.bypasses_proxy:
            handler.client.proxy = None
        handler.client.on_message_listeners.append(self._heard)
        handler.client.wss_uri = address
        try:
            async with asyncio.timeout(within_s):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except BaseException:
            await handler.close_async()  # type: ignore[no-untyped-call]
            raise
        return handler

    async def _heard(self, message: Any) -> None:
        now = time.time()
        text = str(message.data)
        kind = json.loads(text).get("type") if text.startswith("{") else None
        if kind == "hello":  # Slack sends again what nobody acknowledged, but not for long
            if self._watcher and now - self._last_pulse >= self._api.pace.gap_s:
                self._missed(thorough=True)
        elif kind != "disconnect":
            self._sure_until = now
        self._last_event = now

    def _missed(self, *, thorough: bool) -> None:
        since, self._sure_until = self._sure_until, time.time()
        self._look_back(datetime.fromtimestamp(since, UTC), thorough)

    async def _watch(self) -> None:
        pace = self._api.pace
        while True:
            await asyncio.sleep(min(pace.idle_timeout_s, pace.quiet_s) / 4)
            silence = time.time() - self._last_pulse
            if silence < pace.idle_timeout_s and time.time() - self._last_event < pace.quiet_s:
                continue
            if silence >= pace.idle_timeout_s:
                _log.warning("socket is deaf, opening another", seconds=round(silence))
            try:
                await self._replace()
                if silence < pace.idle_timeout_s:
                    self._missed(thorough=False)
            except SlackError as error:
                _log.error("no new socket", error=app_token_refused(error.code))
            except Exception as error:  # whatever it was, the next round tries again
                _log.warning("no new socket", error=str(error) or type(error).__name__)

    @property
    def _last_pulse(self) -> float:
        """When anything came in, were it only the answer to a ping."""
        pong = self._handler.client.last_ping_pong_time if self._handler else None
        return max(self._last_event, pong or 0.0)

    async def _replace(self) -> None:
        """A new connection first, so that no event finds none; then the old one goes."""
        token = self._app_token
        opened = await self._api.try_once(
            lambda client: client.apps_connections_open(app_token=token)
        )
        old = self._handler
        self._handler = await self._connected(opened["url"], self._api.pace.idle_timeout_s)
        if old:
            await old.close_async()  # type: ignore[no-untyped-call]
