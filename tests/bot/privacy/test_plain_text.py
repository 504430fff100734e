"""What is said by the model, or by who may not teach, leads nowhere."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.ui.markdown import render
from bot.privacy.plain_text import without_links

PIECES = st.sampled_from(
    ["[", "]", "(", ")", "!", "https:", "//", "/", "evil.example", "#", "# ", "\n", "=", "-", "a",
     "<", ">", "mailto:", "HTTP:", " ", "세금", "javascript:", "- ", "> ", "1. "]
)  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("[국세청](https://evil.example/a)에 내세요", "국세청 (evil.example/a)에 내세요"),
        ("![그림](https://evil.example/a.png)", "그림 (evil.example/a.png)"),
        ("<https://evil.example>", "<evil.example>"),
        ("https://www.hometax.go.kr 에서", "www.hometax.go.kr 에서"),
        ("https:https:////evil.example", "https:evil.example"),
        ("[a@b.com](mailto:a@b.com)", "a@b.com (a@b.com)"),
        ("# 중요\n법인세", "중요\n법인세"),
        ("중요\n===\n법인세", "중요\n\n법인세"),
        ("표\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |", "표\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |"),
        ("세율은 10%: 1/2 또는 a/b [1]", "세율은 10%: 1/2 또는 a/b [1]"),
        ("#1 창고", "#1 창고"),
        ("- # 가\n- 나", "- 가\n- 나"),
    ],
)
def test_links_pictures_and_headings_are_words(said: str, shown: str):
    """An address can be read, and typed by who trusts it."""
    assert without_links(said) == shown


@given(HOSTILE)
def test_whatever_is_said_no_link_and_no_heading_is_left(text: str):
    """As the web page renders it."""
    html = render(without_links(text))
    assert "<a " not in html
    assert "<img" not in html
    assert "<h1" not in html
    assert "<h2" not in html


@pytest.mark.parametrize(
    "piece", ["[", "](", "[a](", "https:", "/", "# ", "![a](b", "a:", "=\n", "> ", "1. "]
)
def test_a_megabyte_takes_seconds(piece: str):
    """However it is built."""
    began = time.perf_counter()
    without_links(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - began < 5
