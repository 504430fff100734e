"""Drawings of our own, on 24 × 24 and with lines only, so that they suit the text beside them."""

from html import escape

_THUMB = (
    "M7 10.5v9.5M7 20H4.8A1.3 1.3 0 0 1 3.5 18.7v-6.9a1.3 1.3 0 0 1 1.3-1.3H7l4-7a2.2 2.2 0 0 1 "
    "2.6 2.5L13 9.5h5.6a2 2 0 0 1 2 2.4l-1.3 6.5A2 2 0 0 1 17.3 20H7"
)
_HEART = "M12 20s-8-4.7-8-10.4A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.6C20 15.3 12 20 12 20z"
_PARTY = (
    "M8.5 9 4 20l11-4.5zM14 9.5c0-2 1.2-2.6 1-5M15.5 11.5c1.6-1.8 3-1 4.5-2M11 6.5V5M19.5 14.5H20"
    "M18.5 4.5h.01"
)
_BOOK = (
    "M12 6.5C10 5 7 4.5 3.5 4.8v13.7c3.5-.3 6.5.2 8.5 1.7 2-1.5 5-2 8.5-1.7V4.8"
    "C17 4.5 14 5 12 6.5zM12 6.5v13.7"
)
_INBOX = (
    "M4 13.5 6.3 5.5h11.4L20 13.5V18a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18z"
    "M4 13.5h4.5l1.2 2.5h4.6l1.2-2.5H20"
)
_COMPOSE = (
    "M12 5H6.5A2.5 2.5 0 0 0 4 7.5v10A2.5 2.5 0 0 0 6.5 20h10a2.5 2.5 0 0 0 2.5-2.5V12M10 14l.6-3"
    "L18 3.6a1.6 1.6 0 0 1 2.4 2.3L13 13.4z"
)
_EXIT = "M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9"
_SUN = (
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1"
    "M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1"
)
_PATHS = {
    "👍": _THUMB,
    "❤️": _HEART,
    "🎉": _PARTY,
    "back": "M19 12H5M11 6l-6 6 6 6",
    "book": _BOOK,
    "close": "M6 6l12 12M18 6L6 18",
    "compose": _COMPOSE,
    "exit": _EXIT,
    "menu": "M4 8h16M4 16h11",
    "inbox": _INBOX,
    "moon": "M20 14.5A8.3 8.3 0 0 1 9.5 4a8.3 8.3 0 1 0 10.5 10.5z",
    "pencil": "M4.5 19.5l.9-4L16 4.9a2.2 2.2 0 0 1 3.1 3.1L8.5 18.6zM14 7l3 3",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
    "rise": "M4 17.5l5.2-5.2 3.6 3.4L20 8.2M14.5 8H20v5.5",
    "sun": _SUN,
    "verified": "M12 3.2l7 2.5v5.6c0 4.5-3 7.8-7 9.5-4-1.7-7-5-7-9.5V5.7zM8.6 12l2.4 2.4 4.4-4.6",
    "warning": "M12 4.2 3.3 19.3a.8.8 0 0 0 .7 1.2h16a.8.8 0 0 0 .7-1.2zM12 10v4.5M12 17.4h.01",
}
_SHAPES = {name: f'<path d="{path}"/>' for name, path in _PATHS.items()} | {
    "👎": f'<path d="{_THUMB}" transform="rotate(180 12 12)"/>'
}

# A speech bubble in which something rises.
MARK = """\
<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <path class="mark-bubble" d="M9 3h14a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-6.5L10 29.2V24H9a6 6 0 0 1-6-6
    V9a6 6 0 0 1 6-6z"/>
  <path class="mark-line" d="M9.5 17.5l4.2-4.2 3.4 3.2 5.6-6"/>
</svg>"""


def icon(name: str) -> str:
    """The drawing of that name; an emoji without one is shown as it is."""
    if name not in _SHAPES:
        return f'<span class="emoji" aria-hidden="true">{escape(name)}</span>'
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_SHAPES[name]}</svg>'
