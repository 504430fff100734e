"""Nothing that a model says becomes markup that does something."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.ui.markdown import render

HARMLESS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"class", "href", "rel", "start", "style", "tabindex", "target", "title"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/p.png)",
    "![x][y]\n\n[y]: https://evil.example/p.png",
    "[x](javascript:alert(1))",
    "[x](  JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x](/logout)",
    "[x](//evil.example)",
    '[x](https://a.example "\\" onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example>",
    "```<script>\n</script>\n```",
    '```"><img src=x onerror=alert(1)>\nx\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=https://evil.example>x</a>",
    "| a |\n|:-:|\n| <b>x</b> |",
]


class Tags(HTMLParser):
    """Collects what a browser would make of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).found:
        assert tag in HARMLESS
        assert set(attributes) <= ATTRIBUTES
        if tag == "a":
            address = attributes["href"] or ""
            assert address.lower().startswith(("http://", "https://", "mailto:"))
            assert attributes["target"] == "_blank"
            assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("text", HOSTILE)
def test_known_attacks_are_only_text(text: str):
    """Tags, pictures and links that run something leave no trace in the markup."""
    assert_harmless(render(text))


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=6).map("".join))
def test_no_mixture_of_attacks_becomes_markup(text: str):
    """Whatever is said, only harmless tags with harmless attributes come out."""
    assert_harmless(render(text))


@given(st.text(alphabet="<>\"'&/=abimgscriptonerror:()[]!`\n ", max_size=80))
def test_no_tag_of_the_input_survives(text: str):
    """Every tag in the output is one that markdown itself made."""
    assert_harmless(render(text))


def test_a_picture_becomes_a_link_that_nobody_follows_by_himself():
    """An image's address is not loaded; it can be clicked."""
    html = render("![chart](https://a.example/c.png)")
    assert "<img" not in html
    assert 'href="https://a.example/c.png"' in html


def test_ordinary_markdown_is_rendered():
    """Emphasis, lists, tables and code look like what they are."""
    html = render("**굵게**\n\n1. 하나\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx < y\n```")
    for part in ("<strong>굵게</strong>", "<ol>", "<td>1</td>", "x &lt; y"):
        assert part in html


def test_a_single_newline_breaks_the_line():
    """Small models end lines with one newline and mean it."""
    assert "<br" in render("하나\n둘")
