"""Training sees the tokens that serving sends, then the answer as the model should write it."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import EngineConfig
from engine.model.base_model import BaseModel
from engine.model.checkpoint import Checkpoint, answer_ending, read_checkpoint
from engine.model.prompt import PromptFormat
from engine.training.encoding import Encoder
from tests.engine.training.rounds import EXAMPLE


@pytest.fixture(scope="module", params=["gemma", "llama"])
def checkpoint(
    request: pytest.FixtureRequest, tiny_gemma: BaseModel, tiny_llama: BaseModel, tiny_cache: Path
) -> Checkpoint:
    base = tiny_gemma if request.param == "gemma" else tiny_llama
    return read_checkpoint(base, EngineConfig(tiny_cache, context=256, slots=1, threads=1))


def _encoder(checkpoint: Checkpoint, context: int = 256) -> Encoder:
    ending = answer_ending(checkpoint)
    return Encoder(checkpoint.tokenizer, checkpoint.format, ending, context)


def test_the_prompt_is_servings(checkpoint: Checkpoint) -> None:
    """The same text through the same tokenizer, and then the answer with its ending."""
    row = _encoder(checkpoint)(EXAMPLE)
    assert row
    prompt = checkpoint.format.render(EXAMPLE.question, turns=EXAMPLE.recalled)
    assert list(row.prompt) == checkpoint.tokenizer(prompt.text)["input_ids"]
    assert row.targets[-1] == checkpoint.tokenizer.eos_token_id
    text = checkpoint.tokenizer.decode(row.ids, skip_special_tokens=True)
    assert text.endswith(f"질문: {EXAMPLE.question}\n답: {EXAMPLE.answer}")


def test_the_farthest_recalled_pair_goes_first_when_room_is_short(checkpoint: Checkpoint) -> None:
    """As in serving; a row that never fits is left out."""
    whole = _encoder(checkpoint)(EXAMPLE)
    assert whole
    shorter = _encoder(checkpoint, len(whole) - 1)(EXAMPLE)
    nearest = _encoder(checkpoint)(replace(EXAMPLE, recalled=EXAMPLE.recalled[1:]))
    assert shorter
    assert nearest
    assert shorter.ids == nearest.ids
    assert _encoder(checkpoint, 8)(EXAMPLE) is None


def test_a_mismatched_pair_keeps_the_prompt(checkpoint: Checkpoint) -> None:
    """KTO's estimate asks how likely another question's answer is here."""
    encode = _encoder(checkpoint)
    row, other = encode(EXAMPLE), encode(replace(EXAMPLE, answer="나라"))
    assert row
    assert other
    mixed = row.answered_as(other)
    assert mixed.prompt == row.prompt
    assert mixed.targets == other.targets


def test_a_chat_template_ends_the_turn(checkpoint: Checkpoint) -> None:
    """The ending is the sign that the template closes turns with, not the end of the text."""
    template = "{% for m in messages %}<start_of_turn>{{ m.content }}<end_of_turn>{% endfor %}"
    chat = Checkpoint(
        checkpoint.model, checkpoint.tokenizer, PromptFormat(template), checkpoint.endings
    )
    ending = answer_ending(chat)
    assert checkpoint.tokenizer.convert_ids_to_tokens(ending) == "<end_of_turn>"
    row = Encoder(chat.tokenizer, chat.format, ending, 256)(EXAMPLE)
    assert row
    assert row.targets[-1] == ending
