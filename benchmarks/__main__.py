"""``make bench``: our engine beside what people would use instead, in one run.

Writes benchmarks/results/latest.json and the table in the READMEs.
"""

import asyncio
import json
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.llamacpp import compare, prompt_texts
from benchmarks.own_work import own_work_ms
from bot.settings import load_settings
from engine.config import physical_cores
from engine.memory import MIB
from engine.model.base_model import DEFAULT_MODEL, find_model
from engine.model.convert import converted_model

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def main() -> None:
    cache = load_settings().cache
    model = find_model(DEFAULT_MODEL, cache)
    print("Converting the model for the peers (once) …")
    weights = converted_model(model, cache, on_progress=lambda *_: None)
    adapter = cache / "bench-adapter"
    if not (adapter / "adapter_model.safetensors").exists():
        peer("make-adapter", weights, adapter)
    print("Our engine and raw llama.cpp take turns …")
    speeds, lengths = asyncio.run(compare(model, cache, adapter))
    figures = {
        name: {"tokens_per_s": s.tokens_per_s, "first_token_p50_ms": s.first_token_p50_ms}
        for name, s in speeds.items()
    }
    print("transformers generate + PEFT …")
    measured = peer(
        "measure", weights, adapter, {"prompts": prompt_texts(model), "lengths": lengths}
    )
    figures |= json.loads(measured)
    print("Our own work for each answer …")
    write({"own_work_ms": asyncio.run(own_work_ms()), "tokens": lengths, "figures": figures})


def peer(command: str, weights: Path, adapter: Path, given: dict | None = None) -> str:
    """Run the transformers side in its own process, with as many threads as we take."""
    arguments = [sys.executable, "-m", "benchmarks.transformers_peer", command]
    arguments += [str(physical_cores()), str(weights), str(adapter)]
    done = subprocess.run(
        arguments, input=json.dumps(given), text=True, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.splitlines()[-1] if done.stdout else ""


def write(measured: dict) -> None:
    speed = {name: value["tokens_per_s"] for name, value in measured["figures"].items()}
    ratios = {
        f"{word}_vs_{peer_name}": round(speed[f"ours_{n}"] / speed[f"{peer_name}_{n}"], 3)
        for peer_name in ("llamacpp", "transformers_peft", "transformers_peft_bf16")
        for word, n in (("one_stream", 1), ("eight_streams", 8))
    }
    result = {"ratios": ratios, **measured, "machine": machine(), "versions": versions()}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    (RESULTS / "latest.json").write_text(text + "\n")
    table = as_table(result)
    print(table)
    for readme in ("README.md", "README.ko.md"):
        path = HERE.parent / readme
        marked = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)
        path.write_text(marked.sub(lambda m: m[1] + table + m[2], path.read_text()))


def as_table(result: dict) -> str:
    names = {
        "ours": "Reactune (llama.cpp)",
        "llamacpp": "raw xllamacpp",
        "transformers_peft": "transformers generate + PEFT, fp32",
        "transformers_peft_bf16": "the same in bf16",
    }
    lines = [
        "| | 1 stream, tokens/s | first token p50, ms | 8 streams, tokens/s | ours ÷ it, 1 / 8 |",
        "|---|---|---|---|---|",
    ]
    for key, name in names.items():
        one, eight = (result["figures"][f"{key}_{n}"] for n in (1, 8))
        share = [
            result["ratios"].get(f"{word}_vs_{key}", 1) for word in ("one_stream", "eight_streams")
        ]
        lines.append(
            f"| {name} | {one['tokens_per_s']:.0f} | {one['first_token_p50_ms']:.0f} "
            f"| {eight['tokens_per_s']:.0f} | {share[0]:.2f} / {share[1]:.2f} |"
        )
    return "\n".join(lines) + "\n"


def machine() -> dict:
    import psutil

    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        name = found[1] if found else name
    return {
        "cpu": name,
        "cores": physical_cores(),
        "memory_mb": psutil.virtual_memory().total // MIB,
        "system": platform.platform(terse=True),
        "date": datetime.now(UTC).date().isoformat(),
    }


def versions() -> dict:
    names = ("xllamacpp", "torch", "transformers", "peft")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


if __name__ == "__main__":
    main()
