"""Text appears in whole characters, whatever the tokens cut."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from engine.model.base_model import BaseModel
from engine.model.convert import converted_model
from engine.serving.transformers.detokenizer import Detokenizer


@pytest.fixture(scope="module", params=["tiny_gemma", "tiny_llama"])
def tokenizer(request: pytest.FixtureRequest, tiny_cache: Path) -> Any:
    model: BaseModel = request.getfixturevalue(request.param)
    return AutoTokenizer.from_pretrained(converted_model(model, tiny_cache))


def _pieces(tokenizer: Any, text: str) -> list[str]:
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    detokenizer = Detokenizer(tokenizer)
    return [detokenizer.push(token) for token in ids]


def test_bytes_of_a_character_are_held_back(tokenizer: Any) -> None:
    """An emoji of four byte tokens appears with the last of them."""
    ids = [tokenizer.convert_tokens_to_ids(f"<0x{byte:02X}>") for byte in "😀".encode()]
    detokenizer = Detokenizer(tokenizer)
    assert [detokenizer.push(token) for token in ids] == ["", "", "", "😀"]


def test_spaces_between_tokens_stay(tokenizer: Any) -> None:
    """Only the very first token of an answer may lose its space."""
    assert "".join(_pieces(tokenizer, "the the 세금 hello")).strip() == "the the 세금 hello"


def test_control_tokens_are_not_text(tokenizer: Any) -> None:
    """A control token adds nothing."""
    detokenizer = Detokenizer(tokenizer)
    assert detokenizer.push(tokenizer.convert_tokens_to_ids("<end_of_turn>")) == ""


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd▁")))
@settings(max_examples=60, deadline=None)
def test_pieces_make_up_the_text(tokenizer: Any, text: str) -> None:
    """Token by token gives the same text as decoding everything at once."""
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    whole = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    assert "".join(_pieces(tokenizer, text)).lstrip(" ") == whole.lstrip(" ")
