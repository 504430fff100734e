"""Starting with good and with bad settings, and what the doctor says about them."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from bot.errors import SettingsError
from bot.operations.commands import (
    forget_command,
    my_data_command,
    rollback_command,
    stats_command,
    train_command,
)
from bot.platforms.slack.auth import OPTIONAL_SCOPES, SCOPES
from bot.platforms.slack.doctor import examine
from bot.platforms.slack.handlers import EventHandlers
from bot.platforms.slack.retry import Timing
from bot.settings import Settings
from tests.bot.platforms.slack.conftest import HURRY, StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import BROKEN, FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL
from tests.support.waiting import until

Make = Callable[..., Settings]


async def test_it_says_where_it_is(start_bot: StartBot, slack: FakeSlack):
    """With one call for the tokens each, and one socket."""
    bot = await start_bot()
    await until(lambda: slack.sockets)
    assert [call.method for call in slack.calls] == ["auth.test", "apps.connections.open"]
    await bot.stop()
    assert await bot.start() == "Slack team Acme as @reactune"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"slack_bot_token": "xoxb-bad"}, ["SLACK_BOT_TOKEN", "invalid_auth", "OAuth"]),
        ({"slack_app_token": "xapp-bad"}, ["SLACK_APP_TOKEN", "invalid_auth", "App-Level Tokens"]),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, ["SLACK_API_URL", "127.0.0.1:9"]),
    ],
)
async def test_bad_settings_are_refused_in_one_line(
    start_bot: StartBot, settings: dict[str, str], named: list[str]
):
    """It names the variable and where to get it right; nothing is left open."""
    with pytest.raises(SettingsError) as refused:
        await start_bot(pace=Timing(start_s=0.5, backoff_s=0.1), **settings)
    assert len(str(refused.value).splitlines()) == 1
    for word in named:
        assert word in str(refused.value)


async def test_missing_scopes_are_named(start_bot: StartBot, slack: FakeSlack):
    """All at once."""
    slack.scopes = ",".join(s for s in SCOPES if s not in ("chat:write", "im:history"))
    with pytest.raises(SettingsError, match=r"im:history, chat:write; add them at .* OAuth"):
        await start_bot()


async def test_a_missing_scope_of_the_app_token_is_named(start_bot: StartBot, slack: FakeSlack):
    """It is another token, made in another place."""
    slack.fail("apps.connections.open", Fault(error="missing_scope"))
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN: .* connections:write"):
        await start_bot()


async def test_a_socket_that_cannot_be_opened_is_told(start_bot: StartBot, slack: FakeSlack):
    """The SDK would try for ever."""
    slack.refuses_sockets = 1
    with pytest.raises(SettingsError, match=r"no socket to ws://.* proxy or firewall"):
        await start_bot(pace=Timing(start_s=0.5, ping_s=0.1))


async def test_a_short_trouble_at_start_is_waited_out(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """A server that starts with its network still coming up should not fail."""
    slack.fail("auth.test", BROKEN, Fault(status=429, retry_after=1))
    slack.fail("apps.connections.open", BROKEN)
    await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))


async def test_a_proxy_is_bypassed_where_no_proxy_says_so(
    start_bot: StartBot, slack: FakeSlack, people: People, monkeypatch: pytest.MonkeyPatch
):
    """The SDK itself looks at HTTPS_PROXY only."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    await start_bot()
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))


async def test_the_doctor_finds_all_well(slack: FakeSlack, settings_of: Make):
    """A line for each token, the scopes, and each admin channel."""
    checks = await examine(settings_of(admin_channel=(f"slack:{GENERAL}", "discord:1")), HURRY)
    assert [str(check) for check in checks] == [
        "✓ Slack bot token: team Acme as @reactune",
        f"✓ Slack scopes: {', '.join(SCOPES + OPTIONAL_SCOPES)}",
        f"✓ Slack ADMIN_CHANNEL {GENERAL}: #general",
        "✓ Slack app token: opens sockets",
    ]


async def test_the_doctor_finds_what_is_wrong(slack: FakeSlack, settings_of: Make):
    """Each with the way out."""
    slack.scopes = ",".join(SCOPES)
    slack.channels["C2"] = {"name": "secret", "is_member": False}
    slack.channels["C3"] = {"name": "old", "is_member": True, "is_archived": True}
    settings = settings_of(
        admin_channel=("slack:C2", "slack:C3", "slack:C9"),
        slack_app_token="xapp-bad",
        reactions={"👍": 1.0, "🦦": 1.0},
    )
    report = "\n".join(str(check) for check in await examine(settings, HURRY))
    for words in (
        "✗ Slack scopes: the app lacks the scopes channels:read, groups:read",
        "✗ Slack ADMIN_CHANNEL C2: not in #secret\n    → /invite @reactune",
        "✗ Slack ADMIN_CHANNEL C3: #old is archived",
        "✗ Slack ADMIN_CHANNEL C9: Slack refused: channel_not_found",
        "✗ Slack app token: SLACK_APP_TOKEN",
        "✗ Slack REACTIONS: 🦦",
    ):
        assert words in report


async def test_the_doctor_names_a_bad_bot_token(slack: FakeSlack, settings_of: Make):
    """And goes on to the other."""
    checks = await examine(settings_of(slack_bot_token="xoxb-bad"), HURRY)
    assert [check.ok for check in checks] == [False, True]


def test_the_manifest_is_what_the_code_uses(pytestconfig: pytest.Config):
    """Scopes, events, commands and switches, neither more nor less."""
    text = (pytestconfig.rootpath / "deploy" / "slack-manifest.yaml").read_text()
    manifest = yaml.safe_load(text)
    assert manifest["oauth_config"]["scopes"]["bot"] == sorted(SCOPES + OPTIONAL_SCOPES)
    settings = manifest["settings"]
    events = settings["event_subscriptions"]["bot_events"]
    handlers = EventHandlers(Settings(_env_file=None), None, None, None, None)  # type: ignore[arg-type]
    assert handlers._table.keys() == {event.split(".")[0] for event in events}
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"]["is_enabled"] is True
    home = manifest["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)
    nothing: Any = None
    commands = [
        stats_command(nothing, (), nothing, nothing),
        my_data_command(nothing),
        forget_command(nothing),
        train_command(nothing, (), ""),
        rollback_command(nothing, (), ""),
    ]
    written = {
        c["command"]: (c["description"], "usage_hint" in c)
        for c in manifest["features"]["slash_commands"]
    }
    assert written == {f"/{c.name}": (c.description("en"), c.takes_domain) for c in commands}
