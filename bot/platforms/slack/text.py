"""Slack's way of writing text, to and from plain text."""

import re
from collections.abc import Mapping

# What Slack turns into a mention when it stands in a message.
_PING = re.compile(
    r"<(?=[@#][A-Z0-9]|!(?:channel|here|everyone|group|subteam|date))", re.IGNORECASE
)
_MARKUP = re.compile(r"<([^<>\n]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_INVISIBLE = "\u200b"
_FALLBACK_CHARS = 3900  # chat.update takes 4000 in "text"


def harmless(markdown: str) -> str:
    """Markdown that looks the same and mentions nobody.

    Entities would show as they are inside code, so a zero-width space breaks the mention.
    """
    return _PING.sub(f"<{_INVISIBLE}", markdown)


def escaped(text: str) -> str:
    """Plain text as mrkdwn that means just that."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Plain text from mrkdwn."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fallback(text: str) -> str:
    """What notifications and old clients show instead of blocks."""
    return clipped(escaped(text), _FALLBACK_CHARS)


def clipped(text: str, limit: int) -> str:
    """``text`` cut to ``limit`` characters, but never inside an entity."""
    return text if len(text) <= limit else re.sub(r"&[a-z]*$", "", text[: limit - 1]) + "…"


def bare(text: str) -> str:
    """Letters and digits only: what rendering leaves untouched."""
    return re.sub(r"&[a-z]+;|\W|_", "", text)


def mentioned(text: str) -> frozenset[str]:
    """The ids of the users who are mentioned."""
    return frozenset(_MENTION.findall(text))


def readable(text: str, own: str, names: Mapping[str, str]) -> str:
    """What a person wrote, as they see it, without the mention of the bot (``own``) itself."""
    text = re.sub(rf"[ \t]?<@{re.escape(own)}(?:\|[^>]*)?>", "", text)

    def shown(match: re.Match[str]) -> str:
        body, _, label = match[1].partition("|")
        if body.startswith("@"):
            return f"@{label or names.get(body[1:]) or body[1:]}"
        if body.startswith("#"):
            return f"#{label or body[1:]}"
        if body.startswith("!"):
            return label or f"@{body[1:].split('^')[0]}"
        return _link(body.removeprefix("mailto:"), label)

    return unescaped(_MARKUP.sub(shown, text)).lstrip(" \n:,").rstrip()


def _link(address: str, label: str) -> str:
    same = not label or label in address
    return address if same else f"{label} ({address})"
