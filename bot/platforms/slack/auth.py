"""What the bot needs from Slack, and whether the tokens give it."""

import asyncio
from collections.abc import Mapping

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import SettingsError
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.error_advice import app_token_refused, bot_token_refused, lacks
from bot.platforms.slack.events import BotIdentity
from bot.platforms.slack.retry import Send, SlackError, UnknownResultError

# Kept equal to deploy/slack-manifest.yaml by a test. Without these the bot does not start;
SCOPES = (
    "app_mentions:read",  # questions that mention it
    "channels:history",  # follow-ups in public channels, and what was said before
    "groups:history",  # the same in private channels
    "im:history",  # direct messages
    "chat:write",  # answers
    "commands",  # /stats and others
    "reactions:read",  # feedback
    "users:read",  # whose reaction is a bot's, who reads Korean
)
# without these something is missing that the rest can do without.
OPTIONAL_SCOPES = (
    "channels:read",  # questions missed where it was never asked before; `doctor` on ADMIN_CHANNEL
    "groups:read",  # the same in private channels
    "im:read",  # the same in direct messages
    "files:write",  # the picture in a report on training
)


async def identify(api: SlackClient) -> BotIdentity:
    """Who the bot is, and that it may do its work. Raises SettingsError in one line."""
    found = await authenticate(api)
    if missing := missing_scopes(found, SCOPES):
        raise SettingsError(f"SLACK_BOT_TOKEN: {lacks(missing)}")
    return me(found)


async def authenticate(api: SlackClient) -> AsyncSlackResponse:
    """What Slack says about the bot token. Raises SettingsError in one line."""
    try:
        return await _asked(api, lambda client: client.auth_test())
    except SlackError as error:
        raise SettingsError(bot_token_refused(error.code)) from error


def me(auth_test: AsyncSlackResponse) -> BotIdentity:
    return BotIdentity(
        user=auth_test.get("user_id") or "",
        bot=auth_test.get("bot_id") or "",
        name=auth_test.get("user") or "",
        team=auth_test.get("team_id") or "",
        team_name=auth_test.get("team") or "",
    )


def missing_scopes(auth_test: AsyncSlackResponse, needed: tuple[str, ...]) -> list[str]:
    """What the token may not do; proxies may hide the header that tells, then nothing."""
    headers: Mapping[str, str] = auth_test.headers
    for name, value in headers.items():
        if name.lower() == "x-oauth-scopes":
            given = {scope.strip() for scope in value.split(",")}
            return [scope for scope in needed if scope not in given]
    return []


async def socket_address(api: SlackClient, app_token: str) -> str:
    """Where the first socket connects to. Raises SettingsError in one line."""
    try:
        found = await _asked(api, lambda client: client.apps_connections_open(app_token=app_token))
    except SlackError as error:
        raise SettingsError(app_token_refused(error.code)) from error
    return str(found["url"])


async def _asked(api: SlackClient, send: Send) -> AsyncSlackResponse:
    """Bounded: the SDK itself would try for ever. Raises SlackError and SettingsError."""
    why = ""
    try:
        async with asyncio.timeout(api.pace.start_s):
            while True:
                try:
                    return await api.try_once(send)
                except SlackError as error:
                    if error.code != "ratelimited":
                        raise
                    why = str(error)
                except UnknownResultError as error:
                    why = str(error)
                await asyncio.sleep(api.pace.backoff_s)
    except TimeoutError:
        raise SettingsError(
            f"SLACK_API_URL: Slack cannot be reached at {api.url}: {why or 'no answer'}"
        ) from None
