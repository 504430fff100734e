"""The files that a browser loads beside a page: style sheets, one script, an icon."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"
# In this order: of equally specific rules the later one wins, so what phones change comes last.
STYLES = ("tokens", "base", "chat", "review", "dashboard", "login", "phones")
_VERSION = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))
).hexdigest()[:12]


def head_html() -> str:
    """What each page has in its head. The version lets browsers keep the files for long."""
    links = (f'<link rel="stylesheet" href="/static/{name}.css?{_VERSION}">' for name in STYLES)
    return "".join(links) + f'<script src="/static/page.js?{_VERSION}"></script>'
