"""What a round leaves in its directory: ``adapter/``, ``scores.json`` and, last, ``manifest.json``.

Whatever lacks the manifest did not happen.
"""

import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.adapters.methods import MethodConfig, TuningMethod
from engine.files import ADAPTER, MANIFEST, WEIGHTS, sha256, sync
from engine.memory import MIB
from engine.model.base_model import BaseModel, weights_fingerprint
from engine.model.checkpoint import Checkpoint
from engine.training import examples as data
from engine.training.config import RoundConfig
from engine.training.encoding import Encoded
from engine.training.heldout_scores import Score, summary
from engine.training.trainer import Step

SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """``seconds`` by part of the work; ``parameters``: trained, and of the base."""

    model: Any
    method: TuningMethod
    config: MethodConfig
    rows: Sequence[Encoded]
    steps: Sequence[Step]
    scores: Sequence[Score]
    parameters: tuple[int, int]
    seconds: dict[str, float]


def clear(directory: Path) -> None:
    """What an earlier try left goes first of all, its manifest before everything else."""
    (directory / MANIFEST).unlink(missing_ok=True)
    (directory / SCORES).unlink(missing_ok=True)
    shutil.rmtree(directory / ADAPTER, ignore_errors=True)


def manifest_of(
    directory: Path,
    base: BaseModel,
    checkpoint: Checkpoint,
    config: RoundConfig,
    skipped: int,
    result: TrainingResult,
) -> dict[str, Any]:
    parameters, whole = result.parameters
    source = Path(checkpoint.model.name_or_path)
    return {
        "base": base.name,
        "base_fingerprint": weights_fingerprint(base, source),
        "dtype": str(checkpoint.model.dtype).removeprefix("torch."),
        "data_sha256": sha256(directory / data.FILE),
        "examples": len(result.rows),
        "by_kind": dict(Counter(row.example.kind for row in result.rows)),
        "heldout": len(result.scores),
        "skipped": skipped,
        "seed": config.seed,
        "method": result.method.name,
        "config": config.model_dump(mode="json"),
        "scores": summary(result.scores),
        "losses": [round(step.loss, 4) for step in result.steps],
        "parameters": parameters,
        "parameters_percent": round(100 * parameters / whole, 3),
        "seconds": {name: round(value, 2) for name, value in result.seconds.items()},
        "cpu_s": round(time.process_time(), 1),
        "peak_mb": peak_mb(),
        "torch": torch.__version__,
    }


def peak_mb() -> int:
    """The most memory that this process has had, in MiB; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // MIB if sys.platform == "darwin" else peak // 1024


def write_round(
    directory: Path, manifest: dict[str, Any], result: TrainingResult
) -> dict[str, Any]:
    result.method.save(result.model, result.config, directory / ADAPTER)
    manifest["adapter_sha256"] = sha256(directory / ADAPTER / WEIGHTS)
    scores = [score.as_row() for score in result.scores]
    (directory / SCORES).write_text(
        json.dumps(
            {"rows": scores, "summary": summary(result.scores)}, ensure_ascii=False, indent=1
        )
    )
    for path in (*(directory / ADAPTER).iterdir(), directory / ADAPTER, directory / SCORES):
        sync(path)
    unfinished = directory / f"{MANIFEST}.unfinished"
    unfinished.write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    sync(unfinished)
    unfinished.replace(directory / MANIFEST)
    sync(directory)
    return manifest
