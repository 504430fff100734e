"""TRL's SFTTrainer on a file of prompts and answers; runs in TRL's own environment.

Prints one line of JSON: seconds of each epoch and the most memory that the process has had.
"""

import json
import resource
import sys
import time
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback
from trl import SFTConfig, SFTTrainer


class Epochs(TrainerCallback):
    """Notes how long each epoch takes."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._begun = 0.0

    def on_epoch_begin(self, *given, **named) -> None:
        self._begun = time.monotonic()

    def on_epoch_end(self, *given, **named) -> None:
        self.seconds.append(round(time.monotonic() - self._begun, 1))


def main(weights: Path, directory: Path, settings: dict) -> None:
    """Train on ``directory``/rows.jsonl ({"prompt", "completion"}); the adapter goes beside it.

    What ``settings`` does not name is as TRL has it, but for 32 bits.
    """
    torch.set_num_threads(settings["threads"])
    rows = [json.loads(line) for line in (directory / "rows.jsonl").read_text().splitlines()]
    epochs = Epochs()
    trainer = SFTTrainer(
        str(weights),
        args=SFTConfig(
            output_dir=str(directory / "runs"),
            num_train_epochs=settings["epochs"],
            per_device_train_batch_size=settings["batch"],
            learning_rate=settings["lr"],
            warmup_steps=settings["warmup"],
            seed=settings["seed"],
            model_init_kwargs={"dtype": "float32"},
            bf16=False,
            use_cpu=True,
            save_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_list(rows),
        peft_config=LoraConfig(
            r=settings["rank"],
            lora_alpha=2 * settings["rank"],
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        ),
        callbacks=[epochs],
    )
    trainer.train()
    trainer.save_model(str(directory / "adapter"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"epoch_s": epochs.seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
