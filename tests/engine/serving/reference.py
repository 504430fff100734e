"""What a plain, unbatched computation answers."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine.adapters.attach import with_adapter
from engine.adapters.published import AdapterVersion
from engine.adapters.saved import read_config
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model

# llama.cpp keeps keys and values in 16 bits: where the two best tokens are closer than this, an
# engine may honestly choose the other one, and the rest of the answer differs.
CLOSE_CALL = 0.03


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
        if version and read_config(version.path)["peft_type"] in {"BOTTLENECK", "LIGHTWEIGHT"}:
            self._model = with_adapter(self._model, version)
        elif version:
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
