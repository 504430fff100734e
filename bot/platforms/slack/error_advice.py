"""What to do when Slack refuses: one line that names the setting or scope, and where it is set."""

from collections.abc import Sequence

_PAGE = "api.slack.com/apps → your app"
_OAUTH = f"{_PAGE} → OAuth & Permissions"
_APP_TOKENS = f"{_PAGE} → Basic Information → App-Level Tokens"
_BAD_TOKEN = frozenset(
    ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive")
)
_IN_CHANNEL = {
    "not_in_channel": "the bot is not in the channel: /invite it there",
    "channel_not_found": "the bot does not see the channel: /invite it there",
    "is_archived": "the channel is archived",
    "restricted_action": "an admin of the workspace has restricted who may write there",
}


def advice(code: str, needed: str = "") -> str:
    """About a call with the bot token that Slack refused as ``code``."""
    if code in _BAD_TOKEN:
        return bot_token_refused(code)
    if code == "missing_scope" and needed:
        return f"SLACK_BOT_TOKEN: {lacks(needed.split(','))}"
    hint = _IN_CHANNEL.get(code)
    return f"Slack refused: {code}" + (f"; {hint}" if hint else "")


def bot_token_refused(code: str) -> str:
    return (
        f"SLACK_BOT_TOKEN: Slack does not take it ({code}); copy the Bot User OAuth Token from "
        f"{_OAUTH}"
    )


def lacks(scopes: Sequence[str]) -> str:
    return (
        f"the app lacks the scopes {', '.join(scopes)}; add them at {_OAUTH} and install the app "
        "again"
    )


def app_token_refused(code: str) -> str:
    """About ``apps.connections.open``, the only call with the app token."""
    if code == "missing_scope":
        return (
            "SLACK_APP_TOKEN: it lacks the scope connections:write; make a new one at "
            f"{_APP_TOKENS}"
        )
    return (
        f"SLACK_APP_TOKEN: Slack does not take it ({code}); copy it from {_APP_TOKENS}, and "
        "switch Socket Mode on"
    )
