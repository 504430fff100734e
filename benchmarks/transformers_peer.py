"""transformers ``generate`` with a PEFT adapter, in a process of its own.

``make-adapter`` writes the LoRA that every contender serves; ``measure`` prints speeds as JSON.
"""

import json
import sys
import time
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.generation.streamers import BaseStreamer

ROUNDS = 2


class FirstToken(BaseStreamer):
    """Notes when the first new token comes (the prompt itself is put first)."""

    def __init__(self) -> None:
        self.started, self.puts, self.seconds = time.perf_counter(), 0, 0.0

    def put(self, value: object) -> None:
        self.puts += 1
        if self.puts == 2:
            self.seconds = time.perf_counter() - self.started

    def end(self) -> None:
        pass


def make_adapter(weights: Path, adapter: Path) -> None:
    """A LoRA of rank 16 on all linear layers with small random weights (PEFT starts B at zero)."""
    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(weights, dtype=torch.float32)
    config = LoraConfig(r=16, lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=1e-3)
    model.save_pretrained(adapter)


def measure(weights: Path, adapter: Path, asked: list[str], lengths: list[int]) -> dict:
    """Speeds at 1 and 8 streams: in fp32, PEFT's default for these weights, and in bf16."""
    tokenizer = AutoTokenizer.from_pretrained(weights, padding_side="left")
    speeds: dict[str, dict] = {}
    for dtype, suffix in ((torch.float32, ""), (torch.bfloat16, "_bf16")):
        base = AutoModelForCausalLM.from_pretrained(weights, dtype=dtype)
        model = PeftModel.from_pretrained(base, adapter).eval()
        generate_one(model, tokenizer, asked[:1], 4)
        for streams in (1, 8):
            rounds = [round_of(model, tokenizer, asked, lengths, streams) for _ in range(ROUNDS)]
            speeds[f"transformers_peft{suffix}_{streams}"] = max(
                rounds, key=lambda speed: speed["tokens_per_s"]
            )
    return speeds


def round_of(model, tokenizer, asked: list[str], lengths: list[int], streams: int) -> dict:
    """One pass over all prompts, ``streams`` in a batch.

    A batch generates as long as its longest answer; only the tokens that were asked for count.
    """
    started, firsts = time.perf_counter(), []
    for at in range(0, len(asked), streams):
        batch, wanted = asked[at : at + streams], lengths[at : at + streams]
        firsts.append(generate_one(model, tokenizer, batch, max(wanted)))
    seconds = time.perf_counter() - started
    return {
        "tokens_per_s": sum(lengths) / seconds,
        "first_token_p50_ms": 1000 * sorted(firsts)[len(firsts) // 2],
    }


@torch.inference_mode()
def generate_one(model, tokenizer, batch: list[str], tokens: int) -> float:
    """Generate exactly ``tokens`` for each prompt; seconds to the first (one prompt only)."""
    inputs = tokenizer(batch, return_tensors="pt", padding=True)
    first = FirstToken() if len(batch) == 1 else None
    started = time.perf_counter()
    model.generate(
        **inputs, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, streamer=first
    )
    return first.seconds if first else time.perf_counter() - started


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    if sys.argv[1] == "make-adapter":
        make_adapter(Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        given = json.load(sys.stdin)
        print(json.dumps(measure(
            Path(sys.argv[3]), Path(sys.argv[4]), given["prompts"], given["lengths"]
        )))  # fmt: skip
