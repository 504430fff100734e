"""What ``reactune doctor`` says about Slack, asked live."""

from collections.abc import AsyncIterator

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import SettingsError
from bot.operations.doctor import Check
from bot.platforms.slack.auth import (
    OPTIONAL_SCOPES,
    SCOPES,
    authenticate,
    me,
    missing_scopes,
    socket_address,
)
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.emoji import without_name
from bot.platforms.slack.error_advice import lacks
from bot.platforms.slack.retry import SlackError, Timing, UnknownResultError
from bot.settings import Settings


async def examine(settings: Settings, pace: Timing | None = None) -> list[Check]:
    """One line for each token, the scopes and each admin channel on Slack."""
    if not (settings.slack_bot_token and settings.slack_app_token):
        return []
    api = SlackClient(
        settings.slack_api_url, settings.slack_bot_token.get_secret_value(), pace or Timing()
    )
    try:
        checks = [check async for check in _bot(api, settings)]
        checks.append(await _app(api, settings.slack_app_token.get_secret_value()))
    finally:
        await api.close()
    if unnamed := without_name(settings.reactions):
        checks.append(
            Check(
                "Slack REACTIONS",
                False,
                f"{' '.join(unnamed)} cannot be told apart on Slack",
                "write them as :name:",
            )
        )
    return checks


async def _bot(api: SlackClient, settings: Settings) -> AsyncIterator[Check]:
    try:
        found = await authenticate(api)
    except SettingsError as error:
        yield Check("Slack bot token", False, str(error))
        return
    bot = me(found)
    yield Check("Slack bot token", True, f"team {bot.team_name} as @{bot.name}")
    yield _scopes(found)
    for name in settings.admin_channel:
        platform, _, channel = name.partition(":")
        if platform == "slack":
            yield await _channel(api, channel, bot.name)


def _scopes(auth_test: AsyncSlackResponse) -> Check:
    missing = missing_scopes(auth_test, SCOPES + OPTIONAL_SCOPES)
    if missing:
        return Check("Slack scopes", False, lacks(missing))
    return Check("Slack scopes", True, ", ".join(SCOPES + OPTIONAL_SCOPES))


async def _app(api: SlackClient, app_token: str) -> Check:
    try:
        await socket_address(api, app_token)
    except SettingsError as error:
        return Check("Slack app token", False, str(error))
    return Check("Slack app token", True, "opens sockets")


async def _channel(api: SlackClient, channel: str, bot: str) -> Check:
    name = f"Slack ADMIN_CHANNEL {channel}"
    try:
        found = await api.try_once(lambda client: client.conversations_info(channel=channel))
    except (SlackError, UnknownResultError) as error:
        return Check(name, False, str(error), f"check the id, and /invite @{bot} there")
    info = found.get("channel") or {}
    if info.get("is_archived"):
        return Check(name, False, f"#{info.get('name')} is archived", "choose another channel")
    if not info.get("is_member") and not info.get("is_im"):
        return Check(name, False, f"not in #{info.get('name')}", f"/invite @{bot} there")
    return Check(name, True, f"#{info.get('name') or channel}")
