"""``python -m benchmarks.training``: one round on the default model, and what it is good for.

108 rows with two recalled pairs each, two epochs, then 36 questions in unseen phrasings asked
through llama.cpp. Prints and writes benchmarks/results/training.json. About five minutes.
Arguments are keys of the round's config.json, such as ``epochs=1 dtype=float32``.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.recall_data import ROOT
from benchmarks.training_data import Asked, TrainingSet, training_set
from engine.config import EngineConfig, Sampling
from engine.files import ADAPTER
from engine.models import DEFAULT_MODEL, find_model
from engine.prompt import Turn
from engine.recall.choose import choose_embedder
from engine.serving.base import AdapterVersion
from engine.serving.llamacpp import LlamaCppEngine
from engine.tuning.config import RoundConfig
from engine.tuning.examples import write_examples

SAMPLING = Sampling(max_tokens=96)


def main() -> None:
    settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
    config = RoundConfig.model_validate(settings)
    data = training_set(choose_embedder())
    with tempfile.TemporaryDirectory() as directory:
        result = trained(Path(directory), data, config)
        adapter = Path(directory) / ADAPTER if config.method == "lora" else None
        result["right"] = asyncio.run(asked(data, adapter, config.cache))
    print(json.dumps(result, ensure_ascii=False, indent=1))
    path = ROOT / "benchmarks" / "results" / "training.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


def trained(directory: Path, data: TrainingSet, config: RoundConfig) -> dict:
    """Run the round as the bot does; its figures."""
    write_examples(directory / "examples.jsonl", data.examples)
    (directory / "config.json").write_text(config.model_dump_json())
    command = [sys.executable, "-m", "engine", "train", str(directory), "--background"]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            print(line[:200].rstrip(), file=sys.stderr, flush=True)
            lines.append(json.loads(line))
    manifest = lines[-1]["done"]
    kept = ("dtype", "method", "examples", "heldout", "scores", "losses", "parameters")
    return {
        "wall_s": round(time.monotonic() - started, 1),
        "seconds": manifest["seconds"],
        "cpu_s": manifest["cpu_s"],
        "peak_mb": manifest["peak_mb"],
        "settings": config.model_dump(mode="json", exclude={"cache"}, exclude_defaults=True),
        **{name: manifest[name] for name in kept},
    }


async def asked(data: TrainingSet, adapter: Path | None, cache: Path) -> dict:
    """Share of right answers to unseen phrasings, by what helps to answer."""
    engine = LlamaCppEngine(find_model(DEFAULT_MODEL, cache), EngineConfig(cache))
    await engine.start()
    sides: dict[str, tuple[int, str | None]] = {"base": (0, None), "base_recall": (1, None)}
    if adapter:
        await engine.load(AdapterVersion("trained", adapter))
        sides |= {"adapter": (0, "trained"), "adapter_recall": (1, "trained")}
        sides["adapter_recall_2"] = (2, "trained")
    found: dict = {"n": len(data.asked)}
    for side, (recalled, version) in sides.items():
        answers = await asyncio.gather(
            *(answer(engine, one, data.recall(one.question, recalled, frozenset()), version)
              for one in data.asked)
        )  # fmt: skip
        pairs = list(zip(data.asked, answers, strict=True))
        found[side] = round(sum(right(one, text) for one, text in pairs) / len(pairs), 3)
        if side == "adapter_recall":
            found["wrong"] = [[o.question, o.answer, t] for o, t in pairs if not right(o, t)]
    nearest = [
        data.recall(one.question, 1, frozenset())[0].answer == one.answer for one in data.asked
    ]
    found["nearest_pair_is_the_one"] = round(sum(nearest) / len(nearest), 3)
    await engine.close()
    return found


async def answer(
    engine: LlamaCppEngine, one: Asked, recalled: list[Turn], version: str | None
) -> str:
    prompt = engine.format.render(one.question, turns=recalled, language="ko")
    return (await engine.stream(prompt, version, SAMPLING).collect()).text


def right(one: Asked, text: str) -> bool:
    return all(must in text for must in one.must)


if __name__ == "__main__":
    main()
