"""A model's answer as HTML that can do nothing but be read."""

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

_SAFE_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_LINK = {"rel": "noopener noreferrer nofollow", "target": "_blank"}


def render(text: str) -> str:
    """Markdown → HTML. Tags come out as text, pictures as links, and links lead only to the web."""
    return str(_MARKDOWN.render(text))


def _safe_link(url: str) -> bool:
    return _SAFE_LINK.match(url.strip()) is not None


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    tokens[index].attrs |= _LINK
    return renderer.renderToken(tokens, index, options, env)


def _table_open(*_: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'  # wide tables scroll on their own


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _safe_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"])
    markdown.disable(["image", "html_block", "html_inline"])
    markdown.validateLink = _safe_link  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    return markdown


_MARKDOWN = _safe_markdown()
