"""One call to Slack: how it can go wrong, and how long to go on trying."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.base import PlatformError
from bot.platforms.chat.message_display import EDIT_EVERY_S
from bot.platforms.slack.error_advice import advice

Send = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]

_UNCLEAR_CODES = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
_INTERIM_EDITS_A_MINUTE = 40  # Slack allows about 50; the rest is for edits that matter
_LONGEST_BACKOFF_S = 15.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take, in seconds; tests hurry."""

    start_s: float = 15.0  # until Slack must have taken the tokens
    backoff_s: float = 1.0  # after a broken call, doubled each time
    patience_s: float = 120.0  # for how long a broken call that matters is repeated
    edit_s: float = EDIT_EVERY_S  # between edits of one message
    lookup_s: float = 0.5  # for a user's language, before an answer
    ack_s: float = 2.0  # until a command is acknowledged without its result; Slack waits 3
    again_s: tuple[float, ...] = (0.0, 1.0, 5.0)  # looks for what an event may have overtaken
    ping_s: float = 10.0  # between pings on the socket
    idle_timeout_s: float = 60.0  # without any frame until the socket counts as dead
    quiet_s: float = 600.0  # without any event until a new socket is opened to be sure
    gap_s: float = 30.0  # without a pulse until Slack may have given up sending its events
    between_s: float = 1.3  # between the calls of such a look; Slack takes about 50 a minute


class SlackError(PlatformError):
    """Slack refused the call: ``code`` is its word for why, ``needed`` a scope that is missing."""

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(advice(code, needed))
        self.code = code


class UnknownResultError(PlatformError):
    """The call broke. ``sent``: nobody knows whether Slack has carried it out."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


async def classify_errors(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The SDK's many exceptions as the two that matter."""
    try:
        return await call
    except SlackApiError as error:
        response: Any = error.response  # aiohttp's own where the body was not JSON
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
        data = getattr(response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        if status >= 500 or code in _UNCLEAR_CODES or (code is None and status != 429):
            raise UnknownResultError(f"Slack answered {code or status}", sent=True) from error
        needed = data.get("needed") if isinstance(data, dict) else None
        raise SlackError(code or "ratelimited", str(needed or "")) from error
    except SlackRequestError as error:  # of three steps of an upload, the second
        raise UnknownResultError(str(error), sent=True) from error
    except aiohttp.ClientConnectorError as error:
        raise UnknownResultError(str(error), sent=False) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnknownResultError(f"{type(error).__name__} {error}".strip(), sent=True) from error


class Backoff:
    """``while await patience.again()``: one pass for each try, with growing pauses."""

    def __init__(self, pace: Timing) -> None:
        self._pace = pace
        self._end = time.monotonic() + pace.patience_s
        self._wait = 0.0

    async def again(self) -> bool:
        if time.monotonic() + self._wait > self._end:
            return False
        await asyncio.sleep(self._wait)
        self._wait = min(2 * self._wait or self._pace.backoff_s, _LONGEST_BACKOFF_S)
        return True


class EditBudget:
    """How many edits that merely show progress may be made, over all answers."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: deque[float] = deque(maxlen=_INTERIM_EDITS_A_MINUTE)

    def take(self) -> bool:
        now = self._clock()
        if len(self._made) == _INTERIM_EDITS_A_MINUTE and self._made[0] > now - 60:
            return False
        self._made.append(now)
        return True

    def exhaust(self) -> None:
        """Slack complains: none for a minute."""
        self._made.extend([self._clock()] * _INTERIM_EDITS_A_MINUTE)
