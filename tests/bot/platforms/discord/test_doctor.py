"""``reactune doctor`` on Discord."""

from bot.platforms.discord.doctor import PERMISSIONS, examine, invite_link
from bot.settings import Settings
from tests.bot.platforms.discord.fake.server import TOKEN, FakeDiscord
from tests.bot.platforms.discord.fake.world import ALL_PERMISSIONS, GENERAL


def settings(fake: FakeDiscord, **given: object) -> Settings:
    given = {
        "discord_token": TOKEN,
        "discord_api_url": fake.api,
        "discord_gateway_url": fake.gateway.address,
    } | given
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


async def test_all_is_well(fake: FakeDiscord):
    """One line each, and the invite link with exactly what is needed."""
    checks = await examine(settings(fake, admin_channel=f"discord:{GENERAL}"))
    assert all(check.ok for check in checks)
    lines = "\n".join(map(str, checks))
    assert "✓ discord token: signed in as @reactune" in lines
    assert "✓ discord intent: message content is on" in lines
    assert "✓ discord servers: Tax office" in lines
    assert f"✓ discord channel {GENERAL}: #general" in lines
    assert "✓ discord invite: https://discord.com/oauth2/authorize?client_id=" in lines


def test_the_invite_asks_for_what_is_used():
    """And for nothing else: no admin rights, no pings, no reactions."""
    assert {name for name, on in PERMISSIONS if on} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "read_message_history",
        "attach_files",
    }
    assert f"permissions={PERMISSIONS.value}" in invite_link(1)
    assert "scope=bot+applications.commands" in invite_link(1)


async def test_a_bad_token_is_told(fake: FakeDiscord):
    """In one line, without going on."""
    (check,) = await examine(settings(fake, discord_token="wrong"))
    assert not check.ok
    assert "DISCORD_TOKEN" in check.found


async def test_the_missing_intent_and_server_are_told(fake: FakeDiscord):
    """With what to do about it."""
    fake.rest.allows_message_content = False
    fake.rest.servers = []
    _, intent, servers, _ = await examine(settings(fake))
    assert not intent.ok
    assert "Message Content Intent" in str(intent)
    assert not servers.ok
    assert "https://discord.com/oauth2/authorize" in str(servers)


async def test_a_wrong_admin_channel_is_told(fake: FakeDiscord):
    """One that is not there, and one in which the bot may not write."""
    fake.world.channels[GENERAL]["permission_overwrites"] = [
        {"id": "100000000000000002", "type": 0, "allow": "0", "deny": str(1 << 11)}
    ]
    fake.world.role_permissions = str(int(ALL_PERMISSIONS) & ~(1 << 3))  # no administrator
    checks = await examine(settings(fake, admin_channel=f"discord:999,discord:{GENERAL}"))
    found = {check.name: check for check in checks}
    assert "no such channel" in found["discord channel 999"].found
    assert "lacks Send Messages" in found[f"discord channel {GENERAL}"].found
