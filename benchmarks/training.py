"""``python -m benchmarks.training [KEY=VALUE …]``: one round, and what it is good for.

108 rows of 36 facts are trained on, then 36 questions in unseen phrasings are asked through
llama.cpp. Keys: those of the round's config.json (``epochs=2 dtype=float32``), ``facts=second``
for 36 other facts, ``recalled=2`` for so many pairs before each row. About five minutes.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.kept import keep
from benchmarks.retrieval_data import ROOT
from benchmarks.training_data import Asked, TrainingSet, training_set
from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig, Sampling
from engine.files import ADAPTER
from engine.model.base_model import DEFAULT_MODEL, find_model
from engine.model.prompt import Turn
from engine.retrieval.choose import choose_embedder
from engine.serving.llamacpp.engine import LlamaCppEngine
from engine.training.config import RoundConfig
from engine.training.examples import write_examples

SAMPLING = Sampling(max_tokens=96)


def main() -> None:
    settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
    facts, recalled = settings.pop("facts", "first"), int(settings.pop("recalled", 1))
    config = RoundConfig.model_validate(settings)
    data = training_set(choose_embedder(), facts, recalled=recalled)
    with tempfile.TemporaryDirectory() as directory:
        found = {"facts": facts, "recalled": recalled, **trained(Path(directory), data, config)}
        adapter = Path(directory) / ADAPTER if config.method == "lora" else None
        found["right"] = asyncio.run(asked(data, adapter, config.cache))
    keep("round" if facts == "first" else f"round_{facts}", found)


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
    """Share of right answers to unseen phrasings, by what helps to answer.

    ``read``: of those whose nearest pair is the right one, with the adapter.
    """
    engine = LlamaCppEngine(find_model(DEFAULT_MODEL, cache), EngineConfig(cache))
    await engine.start()
    sides: dict[str, tuple[int, str | None]] = {"base": (0, None), "base_recall": (1, None)}
    if adapter:
        await engine.load(AdapterVersion("trained", adapter))
        sides |= {"adapter_recall": (1, "trained"), "adapter_recall_2": (2, "trained")}
    near = [data.recall(one.question, 1, frozenset())[0].answer == one.answer for one in data.asked]
    found: dict = {"n": len(near), "nearest_pair_is_the_one": share(near)}
    for side, (recalled, version) in sides.items():
        answers = await asyncio.gather(
            *(answer(engine, one, data.recall(one.question, recalled, frozenset()), version)
              for one in data.asked)
        )  # fmt: skip
        good = [right(one, text) for one, text in zip(data.asked, answers, strict=True)]
        found[side] = share(good)
        if side == "adapter_recall":
            found["read"] = share([ok for ok, close in zip(good, near, strict=True) if close])
            found["wrong"] = [
                [one.question, text]
                for one, text, ok in zip(data.asked, answers, good, strict=True)
                if not ok
            ]
    await engine.close()
    return found


def share(good: list[bool]) -> float:
    return round(sum(good) / len(good), 3)


async def answer(
    engine: LlamaCppEngine, one: Asked, recalled: list[Turn], version: str | None
) -> str:
    prompt = engine.format.render(one.question, turns=recalled, language="ko")
    return (await engine.stream(prompt, version, SAMPLING).collect()).text


def right(one: Asked, text: str) -> bool:
    return all(must in text for must in one.must)


if __name__ == "__main__":
    main()
