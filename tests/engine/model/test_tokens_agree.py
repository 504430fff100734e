"""llama.cpp and the converted tokenizer cut every text into the same tokens.

Serving tokenizes with the one, training with the other: only if they agree is a model asked what it
was taught.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from engine.config import EngineConfig
from engine.model.base_model import BaseModel, assembled_default, gguf_prompt_format
from engine.model.convert import converted_model
from engine.model.gguf_header import read_header
from engine.model.prompt import PromptFormat, Turn
from engine.serving.llamacpp.instance import Instance

TEXTS = {
    "korean": "부가가치세 예정신고는 4월 25일까지 해야 합니다.",
    "loose letters": "부가가치세 신고",
    "single jamo": "ㅋㅋㅋ ㅠㅠ ㅎㅎ",
    "old hangul": "ᄒᆞᆫ글",
    "joined emoji": "👩‍👩‍👧‍👦 👨🏽‍⚖️ 🇰🇷 ❤️‍🔥",
    "skin tones": "👍🏻👍🏽👍🏿",
    "control characters": "a\x00b\x01c\x1b[0md\x7fe",
    "newline runs": "a\n\n\nb\n\n\n\n\n\n\n\nc\r\nd\re",
    "only newlines": "\n" * 40,
    "space runs": "a  b   c" + " " * 50 + "d",
    "only spaces": " " * 33,
    "leading space": "  hello",
    "trailing space": "hello  ",
    "tabs": "a\tb\t\t\tc\t \t",
    "mixed": "VAT는 10%입니다. See §12(3) – “인용” …and 漢字, かな, кириллица, ελληνικά",
    "right to left": "שלום עולם مرحبا بالعالم",
    "combining marks": "e\u0301 n\u0303 Z͑͗a̷l̴g̵o̶",
    "wide spaces": "a\u3000b\u00a0c\u2003d\u200be\ufeff",
    "spelled-out space": "a▁b▁▁c ▁ d",
    "byte token strings": "<0x41><0xEA>",
    "control token strings": "<bos><eos> <start_of_turn>user\n안녕<end_of_turn>\n<pad><unk>",
    "nearly control tokens": "<start_of_turn <end_of_turn>> <<bos>>",
    "tags": "<table><tr><td>1</td></tr></table> <b>굵게</b>",
    "numbers": "1234567890 1,234,567.89 ₩12,000 ①②③ ½",
    "code": "def f(x):\n\treturn {'a': [x, 1]}  # 주석\n",
    "repeats": "aaaaaaaaaaaaaaaaaaaaaaa=======================-------------",
    "private use": "\ue000\uf8ff\U000f0000",
    "replacement": "a\ufffdb",
    "empty": "",
    "very long": "부가세 신고 기한과 a long mixed line 😀 of text. " * 400,
}


class Tokenizers:
    """Both tokenizers of one model, and the format that it is asked in."""

    def __init__(self, model: BaseModel, cache: Path) -> None:
        assert model.gguf
        self.format: PromptFormat = gguf_prompt_format(read_header(model.gguf))
        config = EngineConfig(cache=cache, context=256, slots=1)
        self._loop = asyncio.Runner()
        self._instance = self._loop.run(Instance.start(model.gguf, config, {}))
        self._tokenizer: Any = AutoTokenizer.from_pretrained(converted_model(model, cache))

    def llamacpp(self, text: str) -> list[int]:
        return self._loop.run(self._instance.tokens(text))

    def transformers(self, text: str) -> list[int]:
        return list(self._tokenizer(text)["input_ids"])

    def close(self) -> None:
        self._loop.run(self._instance.close())
        self._loop.close()


@pytest.fixture(scope="module", params=["tiny_gemma", "tiny_llama"])
def tiny(request: pytest.FixtureRequest, tiny_cache: Path) -> Iterator[Tokenizers]:
    both = Tokenizers(request.getfixturevalue(request.param), tiny_cache)
    yield both
    both.close()


@pytest.fixture(scope="module")
def real() -> Iterator[Tokenizers]:
    cache = Path(os.environ.get("REACTUNE_CACHE", "~/.cache/reactune")).expanduser()
    both = Tokenizers(BaseModel("default", gguf=assembled_default(cache)), cache)
    yield both
    both.close()


# Ordinary characters, with plenty of what tokenizers stumble over.
ANYTHING = st.text(max_size=60) | st.text(
    st.sampled_from(" \n\t▁aㄱ가세금<>/bos😀\u0301"), max_size=60
)


@given(text=ANYTHING)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_question_is_tokenized_alike(tiny: Tokenizers, text: str) -> None:
    """Whatever people type, the rendered prompt has the same tokens in both (tiny model)."""
    assume(not re.search("</?s>", text))  # transformers' own names, which this vocabulary lacks
    prompt = tiny.format.render(text).text
    assert tiny.llamacpp(prompt) == tiny.transformers(prompt)


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_raw_text_is_tokenized_alike(real: Tokenizers, text: str) -> None:
    """Same ids for text as it comes (default model)."""
    assert real.llamacpp(text) == real.transformers(text)


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_prompts_are_tokenized_alike(real: Tokenizers, text: str) -> None:
    """Same ids for a rendered prompt with system text and history (default model)."""
    prompt = real.format.render(text, system="짧게 답한다.", turns=[Turn(text[:50], "네.\n")])
    assert real.llamacpp(prompt.text) == real.transformers(prompt.text)


@pytest.mark.slow
@given(text=ANYTHING)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_question_is_tokenized_alike_by_the_default_model(real: Tokenizers, text: str) -> None:
    """Whatever people type, the rendered prompt has the same tokens in both (default model)."""
    prompt = real.format.render(text).text
    assert real.llamacpp(prompt) == real.transformers(prompt)
