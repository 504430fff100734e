"""Signs in at Discord, stays connected, and says in one line why that is not possible."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import aiohttp
import discord
import structlog
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.errors import SettingsError
from bot.platforms.chat.sdk_logs import OneLineErrors
from bot.platforms.discord.client import Client
from bot.platforms.discord.timing import Timing
from bot.settings import Settings

PORTAL = "https://discord.com/developers/applications"
_INTENT = (
    "Discord: the message content intent is off; turn it on at "
    f"{PORTAL} → your application → Bot → Privileged Gateway Intents → Message Content Intent"
)
_CLOSED_FOR_GOOD = {
    4004: f"DISCORD_TOKEN: Discord refuses it; copy a new one at {PORTAL} → Bot → Reset Token",
    4011: "DISCORD_TOKEN: this bot is in too many servers for one connection",
    4013: _INTENT,
    4014: _INTENT,
}
_SENT_IN_VAIN = 4000  # a close code after which the session can be resumed
_log = structlog.get_logger("discord")


def use_addresses(settings: Settings) -> None:
    """Lead discord.py to a proxy's addresses; it has no option for that, only class attributes.

    Nor for leaving out that voices need more libraries, and the traceback of each reconnect.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    everyday = OneLineErrors(discord.DiscordException, aiohttp.ClientError, OSError)
    logging.getLogger("discord.client").filters = [everyday]
    if settings.discord_api_url != discord.http.Route.BASE:
        discord.http.Route.BASE = settings.discord_api_url
    gateway = URL(settings.discord_gateway_url)
    if gateway != DiscordWebSocket.DEFAULT_GATEWAY:
        DiscordWebSocket.DEFAULT_GATEWAY = gateway


def refusal(error: BaseException, settings: Settings) -> SettingsError:
    """Why there is no connection, naming what to change."""
    if isinstance(error, discord.LoginFailure):
        return SettingsError(_CLOSED_FOR_GOOD[4004])
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SettingsError(_INTENT)
    if isinstance(error, discord.ConnectionClosed):
        line = f"DISCORD_GATEWAY_URL: Discord closed the connection with code {error.code}"
        return SettingsError(_CLOSED_FOR_GOOD.get(error.code, line))
    if isinstance(error, AttributeError):  # discord.py's way to say that the first socket failed
        where = settings.discord_gateway_url
        return SettingsError(f"DISCORD_GATEWAY_URL: {where} does not accept the connection")
    reason = str(error) or "no answer in time"
    return SettingsError(
        f"DISCORD_API_URL: {settings.discord_api_url} cannot be used: {reason}; "
        "check the network, or the address of your proxy"
    )


class Connection:
    """A client that is signed in, and another one when Discord closed its connection for good."""

    def __init__(
        self, settings: Settings, make_client: Callable[[], Client], timing: Timing
    ) -> None:
        self._settings = settings
        self._make_client = make_client
        self._timing = timing
        self._tasks: list[asyncio.Task[None]] = []
        self._client: Client | None = None
        self._connecting: asyncio.Task[None] | None = None

    @property
    def client(self) -> Client | None:
        """None between two sign-ins."""
        return self._client

    async def open(self) -> Client:
        """Connected in the end. Raises SettingsError, with nothing left open."""
        client = await self._sign_in()
        self._tasks = [
            asyncio.create_task(self._stay()),
            asyncio.create_task(self._watch()),
        ]
        return client

    async def settle(self) -> None:
        """Let a session that has just begun finish that; halfway it would leave a task behind."""
        if self._client:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._timing.guilds + 3):
                    await self._client.guilds_listed()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sign_out()

    async def _sign_in(self) -> Client:
        client = self._client = self._make_client()
        token = self._settings.discord_token
        try:
            async with asyncio.timeout(self._timing.login):
                await client.login(token.get_secret_value() if token else "")
                _check_intent(client)
                self._connecting = asyncio.create_task(client.connect())
                await self._first_connection(client, self._connecting)
        except SettingsError:
            await self._sign_out()
            raise
        except (
            discord.DiscordException, aiohttp.ClientError, OSError, AttributeError
        ) as error:  # fmt: skip
            await self._sign_out()
            raise refusal(error, self._settings) from error
        except BaseException:
            await self._sign_out()
            raise
        return client

    async def _first_connection(self, client: Client, connecting: asyncio.Task[None]) -> None:
        connected = asyncio.create_task(client.connected.wait())
        try:
            await asyncio.wait({connected, connecting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            connected.cancel()
        if connecting.done():
            connecting.result()

    async def _sign_out(self) -> None:
        await self.settle()
        client, connecting = self._client, self._connecting
        self._client = self._connecting = None
        if client:
            await client.close()
        if connecting:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    async def _stay(self) -> None:
        """discord.py reconnects by itself; what it gives up is tried again from the start."""
        while True:
            reason = await self._end()
            _log.error("disconnected", reason=reason, again_in_s=self._timing.reconnect)
            await self._sign_out()
            while self._client is None:
                await asyncio.sleep(self._timing.reconnect)
                try:
                    await self._sign_in()
                except SettingsError as error:
                    _log.error("still disconnected", reason=str(error))

    async def _end(self) -> str:
        """Wait for the end of the connection; why it ended."""
        try:
            if self._connecting:
                await self._connecting
        except Exception as error:
            return str(refusal(error, self._settings))
        return "the connection has ended"

    async def _watch(self) -> None:
        """Heartbeats may be answered on a connection that brings no events any more.

        A dead connection is discord.py's to notice; this one is found out by reading what was
        said meanwhile. Where somebody was not heard, the connection is made anew.
        """
        while True:
            await asyncio.sleep(self._timing.quiet / 5)
            client = self._client
            if client is None or not client.connected.is_set():
                continue
            if asyncio.get_running_loop().time() - client.heard_at < self._timing.quiet:
                continue
            client.heard_at = asyncio.get_running_loop().time()
            try:
                if found := await client.look_back():
                    _log.warning("the connection was deaf", questions=found)
                    await client.ws.close(code=_SENT_IN_VAIN)
            except Exception:  # the next look may succeed
                _log.exception("not looked back")


def _check_intent(client: Client) -> None:
    """Without it the gateway refuses us, or messages arrive empty."""
    flags = client.application_flags
    if not (flags.gateway_message_content or flags.gateway_message_content_limited):
        raise SettingsError(_INTENT)
