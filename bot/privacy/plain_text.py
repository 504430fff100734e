"""Words that lead nowhere: what the model or people who may not teach say holds no live links."""

import re

_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([ \t]*<?([^()\s<>]*)[^()\n]*\)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,20}:/{2,}|mailto:", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)[ \t]*", re.MULTILINE)
# What makes quotes, lists and headings at the beginning of a line.
_MARKERS = re.compile(rf"^(?:[ \t]*(?:>|[-*+]|\d{{1,9}}[.)]|{_HEADING.pattern}))+", re.MULTILINE)
_UNDERLINE = re.compile(r"^[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE)  # it makes a heading of a line


def without_links(text: str) -> str:
    """``text`` with its Markdown links and pictures as words beside their address, addresses
    without what makes them one, and headings as any other line."""
    text = _ADDRESS.sub("", _LINK.sub(_written_out, text))
    return _UNDERLINE.sub("", _MARKERS.sub(lambda marks: _HEADING.sub("", marks[0]), text))


def _written_out(match: re.Match[str]) -> str:
    label, address = match[1].strip(), match[2]
    if not address or address == label:
        return label
    return f"{label} ({address})" if label else address
