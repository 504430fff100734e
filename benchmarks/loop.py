"""``python -m benchmarks.loop``: what a team gets from one round, by the command line alone.

Facts are taught in three phrasings each and asked in a fourth one: before and after
`reactune train`. Prints and writes benchmarks/results/loop.json. Ten minutes on a quiet machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.retrieval_data import ROOT
from benchmarks.training_data import training_set
from engine.retrieval.choose import choose_embedder


def main() -> None:
    data = training_set(choose_embedder())
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        taught, asked = home / "taught.jsonl", home / "asked.jsonl"
        known = [example for example in data.examples if example.split == "train"]
        _write(taught, [{"question": e.question, "answer": e.answer} for e in known])
        _write(asked, [{"question": a.question, "must": a.must} for a in data.asked])
        unknown = reactune(home, "evaluate", str(asked), "--json")
        reactune(home, "teach", str(taught))
        recalled = reactune(home, "evaluate", str(asked), "--json")
        started = time.monotonic()
        trained = reactune(home, "train", "--json", allowed=(0, 3, 4))
        seconds = time.monotonic() - started
        after = reactune(home, "evaluate", str(asked), "--json")
        model_alone = reactune(home, "evaluate", str(asked), "--no-recall", "--json")
    result = {
        "facts_taught": len(known),
        "asked": len(data.asked),
        "right": {
            "base": unknown["accuracy"],
            "recall": recalled["accuracy"],
            "recall_and_adapter": after["accuracy"],
            "adapter_without_recall": model_alone["accuracy"],
        },
        "p50_ms": {"recall": recalled["p50_ms"], "recall_and_adapter": after["p50_ms"]},
        "verdict": trained["verdict"],
        "reasons": trained["reasons"],
        "from_labels_to_live_s": round(seconds, 1),
        "parts_s": trained["parts"],
        "peak_mb": trained["peak_mb"],
        "wrong": [a for a in after["answers"] if not a["right"]],
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    (ROOT / "benchmarks" / "results" / "loop.json").write_text(text + "\n")


def reactune(home: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> dict:
    """Run a command as a user does; the object that it prints last, if it is asked for one."""
    environment = os.environ | {
        "REACTUNE_HOME": str(home / "data"),
        "PYTHONPATH": str(ROOT),
        "UNKNOWN": "mark",  # what the model says of the others is measured as well
    }
    print("reactune", *arguments, file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment, cwd=home, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in allowed:
        raise SystemExit(f"reactune {arguments[0]} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1]) if "--json" in arguments else {}


def _write(path: Path, rows: list[dict]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))


if __name__ == "__main__":
    main()
