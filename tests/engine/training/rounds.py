"""A round on a tiny model: seconds, and enough to learn a few answers by heart."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from engine.model.base_model import BaseModel
from engine.model.convert import converted_model
from engine.model.prompt import Turn
from engine.training.examples import Example, write_examples

EXAMPLE = Example("신고", "세금 계산서", recalled=(Turn("소득", "기한"), Turn("부서", "법인")))
EXAMPLES = (
    *(replace(EXAMPLE, question=f"질문 {n}", group=f"{n}") for n in range(8)),
    replace(EXAMPLE, question="누가", answer="나라다마", kind="rejected"),
    replace(EXAMPLE, question="질문", split="heldout"),
    replace(EXAMPLE, question="산서", kind="approved", weight=0.3, split="heldout"),
)


def write_round(
    directory: Path,
    model: BaseModel,
    cache: Path,
    examples: Sequence[Example] = EXAMPLES,
    **config: Any,
) -> Path:
    """Put a round's input into ``directory``; ``config`` goes over quick settings."""
    converted_model(model, cache)  # whichever test is first: its progress is nobody's business
    directory.mkdir(parents=True, exist_ok=True)
    write_examples(directory / "examples.jsonl", examples)
    quick = {"lr": 3e-3, "epochs": 3, "rank": 4, "threads": 1, "dtype": "float32"}
    where = {"model": str(model.gguf), "cache": str(cache)}
    (directory / "config.json").write_text(json.dumps(where | quick | config))
    return directory


def stands_back(pid: int) -> bool:
    """Whether a process takes only what others leave of the processor."""
    idle = not hasattr(os, "SCHED_IDLE") or os.sched_getscheduler(pid) == os.SCHED_IDLE
    return idle and psutil.Process(pid).nice() == 19
