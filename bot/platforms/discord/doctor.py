"""Looks at Discord's side of the settings and says, line by line, what is well and what is not."""

from collections.abc import AsyncIterator

import aiohttp
import discord

from bot.operations.doctor import Check
from bot.platforms.discord.connection import PORTAL, refusal, use_addresses
from bot.settings import Settings

# Exactly what is used: read, reply in channels and threads, show what is replied to, and the
# picture in a report on training.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    attach_files=True,
)
SCOPES = ("bot", "applications.commands")
_TO_REPORT = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
}


def invite_link(application: int) -> str:
    """Opens Discord's page on which a server's admin lets the bot in."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=SCOPES)


async def examine(settings: Settings) -> list[Check]:
    """Asked live, with the token of the settings; nothing is changed."""
    use_addresses(settings)
    client = discord.Client(intents=discord.Intents.none())
    try:
        token = settings.discord_token
        await client.login(token.get_secret_value() if token else "")
        return [check async for check in _checks(client, settings)]
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return [Check("discord token", False, str(refusal(error, settings)), f"see {PORTAL}")]
    finally:
        await client.close()


async def _checks(client: discord.Client, settings: Settings) -> AsyncIterator[Check]:
    yield Check("discord token", True, f"signed in as @{client.user}")
    flags = client.application_flags
    content = flags.gateway_message_content or flags.gateway_message_content_limited
    yield Check(
        "discord intent",
        content,
        "message content is on" if content else "message content is off",
        f"{PORTAL} → Bot → Privileged Gateway Intents → Message Content Intent",
    )
    link = invite_link(client.application_id or 0)
    servers = [guild.name async for guild in client.fetch_guilds(with_counts=False)]
    found = ", ".join(servers) or "the bot is in no server"
    yield Check("discord servers", bool(servers), found, f"invite it: {link}")
    for name in settings.admin_channel:
        platform, _, channel = name.partition(":")
        if platform == "discord":
            yield await _admin_channel(client, channel)
    yield Check("discord invite", True, link)


async def _admin_channel(client: discord.Client, number: str) -> Check:
    """Reports will be posted there, so the bot must see it and be allowed to write."""
    name = f"discord channel {number}"
    try:
        channel = await client.fetch_channel(int(number))
    except (ValueError, discord.NotFound):
        return Check(name, False, "there is no such channel", "mend ADMIN_CHANNEL")
    except discord.Forbidden:
        return Check(name, False, "the bot may not see it", "let it view the channel there")
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        return Check(name, False, "it is no text channel", "mend ADMIN_CHANNEL")
    missing = await _missing(client, channel)
    lacks = f"#{channel}: the bot lacks {', '.join(missing)}" if missing else f"#{channel}"
    return Check(name, not missing, lacks, "give it these permissions in the channel's settings")


async def _missing(
    client: discord.Client, channel: discord.TextChannel | discord.Thread
) -> list[str]:
    """Permissions that the bot needs in the channel and does not have."""
    guild = await client.fetch_guild(channel.guild.id)
    me = await guild.fetch_member(client.user.id if client.user else 0)
    seen = await guild.fetch_channel(channel.id)
    allowed = seen.permissions_for(me)
    return [label for key, label in _TO_REPORT.items() if not getattr(allowed, key)]
