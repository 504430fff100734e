"""``python -m benchmarks.training_peer [KEY=VALUE …]``: TRL and we train the same rows in turn.

TRL 1.16 (LoRA of the same rank on all linear layers, 32 bits, else its defaults) lives in an
environment of its own, made here once. Its adapter is then scored as a round's ``previous``: the
same code scores both on the same held-out rows. Rows have two recalled pairs. We train twice: as
shipped, and with the objective that TRL has (no KL to the base). About 15 minutes.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from benchmarks.kept import keep
from benchmarks.training import trained
from benchmarks.training_data import TrainingSet, training_set
from engine.model.base_model import DEFAULT_MODEL, find_model, gguf_prompt_format
from engine.model.convert import converted_model
from engine.model.gguf_header import read_header
from engine.model.prompt import PromptFormat
from engine.retrieval.choose import choose_embedder
from engine.training.config import RoundConfig

NEEDS = (("torch==2.13.0",), ("trl==1.16.*", "peft==0.21.*", "transformers==5.23.*"))


def main() -> None:
    config = RoundConfig.model_validate(dict(word.split("=", 1) for word in sys.argv[1:]))
    data = training_set(choose_embedder(), recalled=2)
    python = environment(config.cache / "bench-trl-1.16")
    with tempfile.TemporaryDirectory() as directory:
        theirs = trained_by_trl(python, Path(directory), data, config)
        previous = config.model_copy(update={"previous": Path(directory) / "adapter"})
        alike = previous.model_copy(update={"kl_weight": 0.0})
        ours = {
            "as_shipped": trained_by_us(Path(directory) / "shipped", data, previous),
            "same_objective": trained_by_us(Path(directory) / "alike", data, alike),
        }
    keep(
        "beside_trl",
        {name: beside(round_, theirs, config.epochs) for name, round_ in ours.items()}
        | {"trl": {**theirs, "dtype": "float32"}, "epochs": config.epochs},
    )


def trained_by_us(directory: Path, data: TrainingSet, config: RoundConfig) -> dict[str, Any]:
    directory.mkdir()
    return trained(directory, data, config)


def beside(ours: dict[str, Any], theirs: dict[str, Any], epochs: int) -> dict[str, Any]:
    """Our round in multiples of TRL's: seconds of training and the process's memory."""
    nll = ours["scores"]["nll"]
    return {
        "training_speed_vs_trl": round(sum(theirs["epoch_s"]) / ours["seconds"]["training"], 2),
        "training_memory_vs_trl": round(ours["peak_mb"] / theirs["peak_mb"], 3),
        "heldout_nll": {"ours": nll["candidate"], "trl": nll["previous"], "base": nll["base"]},
        "epoch_s": round(ours["seconds"]["training"] / epochs, 1),
        "peak_mb": ours["peak_mb"],
        "dtype": ours["dtype"],
    }


def environment(directory: Path) -> Path:
    """TRL's Python; the environment is made on first use."""
    python, ready = directory / "bin" / "python", directory / "ready"
    if not ready.exists():
        print(f"Installing TRL into {directory} …", file=sys.stderr)
        venv.create(directory, clear=True, with_pip=True)
        for packages in NEEDS:
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        ready.touch()
    return python


def trained_by_trl(
    python: Path, directory: Path, data: TrainingSet, config: RoundConfig
) -> dict[str, Any]:
    """Its adapter is left in ``directory``/adapter."""
    model = find_model(DEFAULT_MODEL, config.cache)
    assert model.gguf
    rows = as_text(data, gguf_prompt_format(read_header(model.gguf)))
    (directory / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    weights = converted_model(model, config.cache)
    settings = config.model_dump(
        include={"threads", "epochs", "batch", "lr", "warmup", "seed", "rank"}
    )
    command = [python, Path(__file__).with_name("trl_peer.py"), weights, directory]
    done = subprocess.run(
        [*command, json.dumps(settings)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def as_text(data: TrainingSet, prompt_format: PromptFormat) -> list[dict[str, str]]:
    """The rows to train on, as prompts and what follows them."""
    return [
        {
            "prompt": prompt_format.render(e.question, turns=e.recalled, language=e.language).text,
            "completion": prompt_format.continuation(e.answer),
        }
        for e in data.examples
        if e.split == "train"
    ]


if __name__ == "__main__":
    main()
