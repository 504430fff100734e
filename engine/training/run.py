"""One round, from a directory with examples and configuration to the same with an adapter.

The adapter is trained from the base model each time; artifacts.py says what is written.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from engine.adapters.attach import with_adapter
from engine.adapters.methods import MethodConfig, find_method
from engine.adapters.methods.base import BottleneckConfig
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig
from engine.errors import EngineError, MemoryShortError
from engine.model.base_model import find_model
from engine.model.checkpoint import Checkpoint, answer_ending, read_checkpoint
from engine.training import config as configuration
from engine.training import examples as data
from engine.training.answer_logits import head_of
from engine.training.artifacts import TrainingResult, clear, manifest_of, write_round
from engine.training.config import RoundConfig
from engine.training.encoding import Encoded, Encoder
from engine.training.heldout_scores import scored
from engine.training.memory_check import check_room
from engine.training.trainer import Step, Trainer

Report = Callable[[dict[str, Any]], None]
_SCORING = 0.35  # seconds of scoring a row with one model, in those of training on it once


def run(directory: Path, report: Report = lambda line: None) -> dict[str, Any]:
    """Train, score and write; returns the manifest. Slow. Raises EngineError.

    ``report`` hears of stages {"stage", "seconds"} and steps {"step", "steps", "loss", "eta_s" …}.
    """
    clock = _Clock()
    clear(directory)
    config = configuration.read_config(directory / configuration.FILE)
    examples = data.read_examples(directory / data.FILE)
    report({"stage": "loading", "seconds": clock()})
    base = find_model(config.model, config.cache.expanduser())
    checkpoint = read_checkpoint(base, _engine_config(config), _dtype(config))
    rows, skipped = _encoded(examples, checkpoint, config)
    try:
        result = _trained(checkpoint.model, rows, config, report, clock)
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _no_memory() from error
    except RuntimeError as error:  # so says the allocator of the processor's memory
        if "alloc" not in str(error):
            raise
        raise _no_memory() from error
    report({"stage": "writing", "seconds": clock()})
    try:
        return write_round(
            directory, manifest_of(directory, base, checkpoint, config, skipped, result), result
        )
    except OSError as error:
        raise EngineError(f"{directory} cannot be written: {error.strerror or error}") from error


class _Clock:
    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self) -> float:
        return round(time.monotonic() - self._begun, 2)


def _engine_config(config: RoundConfig) -> EngineConfig:
    cache = config.cache.expanduser()
    return EngineConfig(cache, context=config.context, slots=1, threads=config.threads)


def _dtype(config: RoundConfig) -> torch.dtype | None:
    return None if config.dtype == "auto" else getattr(torch, config.dtype)


def _encoded(
    examples: Sequence[data.Example], checkpoint: Checkpoint, config: RoundConfig
) -> tuple[list[Encoded], int]:
    """Rows as tokens, and how many were too long."""
    encode = Encoder(
        checkpoint.tokenizer, checkpoint.format, answer_ending(checkpoint), config.context
    )
    found = [encode(example) for example in examples]
    rows = [row for row in found if row]
    if not any(r.example.split == "train" and r.example.accepted for r in rows):
        raise data.ExamplesError(f"no example fits into {config.context} tokens; set context")
    return rows, len(found) - len(rows)


def _trained(
    base: Any, rows: Sequence[Encoded], config: RoundConfig, report: Report, clock: _Clock
) -> TrainingResult:
    loaded = clock()
    method = find_method(config.method)
    sizes = MethodConfig(
        config.rank,
        BottleneckConfig(config.bottleneck_size, config.activation, config.bottleneck_place),
    )
    model = method.build(base, sizes, config.seed)
    weights = [parameter for _, parameter in method.trainable(model)]
    train = [row for row in rows if row.example.split == "train"]
    heldout = [row for row in rows if row.example.split == "heldout"]
    models = {"candidate": model, "base": base}
    if config.previous:
        models["previous"] = with_adapter(base, AdapterVersion("previous", config.previous))
    parameters = sum(parameter.numel() for parameter in weights)
    whole = sum(parameter.numel() for parameter in base.parameters())
    check_room(model, parameters, max(map(len, rows)))
    head = head_of(base)
    effort = sum(map(len, train)) * config.epochs
    after = _SCORING * len(models) * sum(map(len, heldout)) / effort

    def tell(step: Step) -> None:
        eta = step.seconds / (1 - step.left) * (step.left + after)
        report(
            {
                "step": step.number, "steps": step.of, "loss": round(step.loss, 4),
                "nll": _round(step.nll), "kl": _round(step.kl), "lr": _round(step.lr),
                "seconds": round(step.seconds, 2), "eta_s": round(eta, 1),
            }
        )  # fmt: skip

    report(
        {"stage": "training", "seconds": loaded, "examples": len(train), "parameters": parameters}
    )
    steps = Trainer(model, weights, base, head, train, config, tell).run()
    ready = clock()
    report({"stage": "scoring", "seconds": ready, "heldout": len(heldout)})
    scores = scored(models, head, heldout) if heldout else []
    seconds = {"loading": loaded, "training": ready - loaded, "scoring": clock() - ready}
    return TrainingResult(model, method, sizes, train, steps, scores, (parameters, whole), seconds)


def _no_memory() -> MemoryShortError:
    return MemoryShortError(
        "memory ran out while training; free some, lower context or set MODEL to a smaller one"
    )


def _round(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
