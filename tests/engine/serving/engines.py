"""Both engines on a tiny model, and what a plain, unbatched computation answers."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine.config import EngineConfig
from engine.models import BaseModel
from engine.serving.base import AdapterVersion, Engine
from engine.serving.llamacpp import LlamaCppEngine
from engine.serving.transformers import TransformersEngine
from engine.tuning.convert import converted_model

ENGINES: dict[str, Any] = {"llamacpp": LlamaCppEngine, "transformers": TransformersEngine}
# llama.cpp keeps keys and values in 16 bits: where the two best tokens are closer than this, an
# engine may honestly choose the other one, and the rest of the answer differs.
CLOSE_CALL = 0.03


@asynccontextmanager
async def running(name: str, model: BaseModel, cache: Path, **config: int) -> AsyncIterator[Engine]:
    """The engine, started, computing in 32 bits, and closed in the end."""
    settings = EngineConfig(
        cache=cache, **({"context": 256, "slots": 2, "waiting": 2, "threads": 1} | config)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.serving.checkpoint.serving_dtype", lambda device: torch.float32)
        engine: Engine = ENGINES[name](model, settings)
        try:
            await engine.start()
            yield engine
        finally:
            await engine.close()


@dataclass(frozen=True)
class Expected:
    """``certain``: the answer up to its first close call."""

    text: str
    certain: str
    prompt_tokens: int


class Reference:
    """Greedy answers of ``model``, with or without an adapter, from plain ``generate``."""

    def __init__(self, model: BaseModel, cache: Path, version: AdapterVersion | None) -> None:
        directory = converted_model(model, cache)
        self._tokenizer = AutoTokenizer.from_pretrained(directory)
        self._model = AutoModelForCausalLM.from_pretrained(directory)
        if version:
            import peft

            with warnings.catch_warnings():  # peft 0.21 asks transformers by a deprecated name
                warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated")
                self._model = peft.PeftModel.from_pretrained(self._model, version.path)

    @torch.no_grad()
    def answer(self, prompt: str, tokens: int) -> Expected:
        asked = torch.tensor([self._tokenizer(prompt)["input_ids"]])
        ids = self._model.generate(
            input_ids=asked,
            attention_mask=torch.ones_like(asked),
            max_new_tokens=tokens,
            do_sample=False,
        )
        logits = self._model(ids).logits[0, asked.shape[1] - 1 : -1]
        best = logits.topk(2).values
        close = [*(best[:, 0] - best[:, 1] < CLOSE_CALL).tolist(), True]
        answer = ids[0, asked.shape[1] :]
        certain = answer[: close.index(True)]
        return Expected(self._text(answer), self._text(certain), asked.shape[1])

    def _text(self, tokens: torch.Tensor) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True)).strip()
