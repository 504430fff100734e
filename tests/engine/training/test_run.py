"""A round leaves an adapter, scores and, last, a manifest; or a reason and nothing that counts."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.adapters.methods import METHODS
from engine.errors import AdapterError
from engine.model.base_model import BaseModel
from engine.training import memory_check
from engine.training.config import ConfigError
from engine.training.run import run
from tests.engine.training.rounds import EXAMPLE, EXAMPLES, stands_back, write_round
from tests.support.tiny_model import write_tiny_adapter


@pytest.fixture(autouse=True)
def _sigterm() -> Any:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("method", METHODS)
def test_a_round_learns(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, method: str
) -> None:
    """Every method foretells held-out answers better than the base, and says what it did."""
    directory = write_round(tmp_path, tiny_gemma, tiny_cache, method=method, epochs=6)
    manifest = run(directory)
    assert json.loads((directory / "manifest.json").read_text()) == manifest
    nll = manifest["scores"]["nll"]
    assert nll["candidate"] < nll["base"] - 1
    assert manifest["losses"][-1] < manifest["losses"][0]
    assert manifest["by_kind"] == {"taught": 8, "rejected": 1}
    assert (manifest["examples"], manifest["heldout"], manifest["skipped"]) == (9, 2, 0)
    assert manifest["parameters"] > 0
    assert manifest["peak_mb"] > 0
    scores = json.loads((directory / "scores.json").read_text())["rows"]
    assert [row["question"] for row in scores] == ["질문", "산서"]
    assert set(scores[0]) == {"question", "kind", "group", "tokens", "nll", "kl"}


def test_the_same_seed_gives_the_same_adapter(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """Bit by bit in 32 bits; another seed gives another."""
    hashes = [
        run(write_round(tmp_path / f"{n}", tiny_gemma, tiny_cache, seed=seed))["adapter_sha256"]
        for n, seed in enumerate((1, 1, 2))
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_what_is_in_use_is_scored_beside(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """The previous adapter's NLL is what it had as a candidate."""
    first = run(write_round(tmp_path / "1", tiny_gemma, tiny_cache))
    second = run(
        write_round(
            tmp_path / "2", tiny_gemma, tiny_cache, seed=5, previous=str(tmp_path / "1" / "adapter")
        )
    )
    nll = second["scores"]["nll"]
    assert nll["previous"] == pytest.approx(first["scores"]["nll"]["candidate"], abs=1e-5)
    assert nll["base"] == first["scores"]["nll"]["base"]


def test_a_previous_adapter_of_another_base_is_refused(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """Before any training."""
    other = write_tiny_adapter(tmp_path / "other", hidden=32)
    directory = write_round(tmp_path / "r", tiny_gemma, tiny_cache, previous=str(other))
    with pytest.raises(AdapterError, match="previous was trained on another base"):
        run(directory)


def test_progress_is_json_lines_with_the_time_that_is_left(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stages and steps in order, then the manifest; nothing on stderr."""
    assert main(["train", str(write_round(tmp_path, tiny_gemma, tiny_cache))]) == 0
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert [line["stage"] for line in lines if "stage" in line] == [
        *("loading", "training", "scoring", "writing")
    ]
    steps = [line for line in lines if "step" in line]
    assert [step["step"] for step in steps] == list(range(1, 1 + steps[0]["steps"]))
    assert all(step["eta_s"] >= 0 and step["loss"] > 0 for step in steps)
    assert lines[-1]["done"]["adapter_sha256"]
    assert printed.err == ""


def _fails(directory: Path, capsys: pytest.CaptureFixture[str], status: int) -> dict[str, str]:
    """The last line of a round that ends with ``status``; it leaves no manifest."""
    (directory / "manifest.json").write_text("of an earlier try")
    capsys.readouterr()
    assert main(["train", str(directory)]) == status
    printed = capsys.readouterr()
    last: dict[str, str] = json.loads(printed.out.splitlines()[-1])
    assert printed.err == last["reason"] + "\n"
    assert not (directory / "manifest.json").exists()
    return last


def test_a_loss_that_runs_away_ends_the_round(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 6, with the step and a way out."""
    directory = write_round(tmp_path, tiny_gemma, tiny_cache, lr=1e4, epochs=20, warmup=0)
    last = _fails(directory, capsys, 6)
    assert last["failed"] == "diverged"
    assert "lower lr" in last["reason"]


def test_too_little_memory_is_said_before_training(
    tiny_gemma: BaseModel,
    tiny_cache: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exit status 7, with how much is missing."""
    monkeypatch.setattr(memory_check, "available_bytes", lambda: 100 * 2**20)
    last = _fails(write_round(tmp_path, tiny_gemma, tiny_cache), capsys, 7)
    assert last["failed"] == "memory"
    assert "MB are missing" in last["reason"]


def test_a_round_without_examples_is_an_error(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is one whose examples are all too long; exit status 1."""
    directory = write_round(tmp_path, tiny_gemma, tiny_cache, [replace(EXAMPLE, kind="rejected")])
    assert "no accepted answer" in _fails(directory, capsys, 1)["reason"]
    write_round(tmp_path, tiny_gemma, tiny_cache, [replace(EXAMPLE, answer="가" * 99)], context=64)
    assert "no example fits into 64 tokens" in _fails(directory, capsys, 1)["reason"]


def test_a_long_row_is_left_out_and_counted(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """The others are trained on."""
    rows = [*EXAMPLES, replace(EXAMPLE, answer="가" * 300)]
    manifest = run(write_round(tmp_path, tiny_gemma, tiny_cache, rows, context=200, epochs=1))
    assert manifest["skipped"] == 1


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"lr": 0}, "lr in .*greater than 0"),
        ({"method": "full"}, r"method in .*one of lora, bottleneck, lora\+bottleneck, not 'full'"),
        ({"learning_rate": 1}, "learning_rate in .*not permitted"),
    ],
)
def test_a_wrong_setting_is_named(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path, config: dict[str, Any], reason: str
) -> None:
    """The error names key and file."""
    with pytest.raises(ConfigError, match=reason):
        run(write_round(tmp_path, tiny_gemma, tiny_cache, **config))


def test_a_round_ends_with_whoever_started_it(
    tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path
) -> None:
    """When nobody reads its progress any more it stops, without a word and without a manifest."""
    directory = write_round(tmp_path, tiny_gemma, tiny_cache, epochs=100, lr=1e-6)
    command = [sys.executable, "-m", "engine", "train", str(directory)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert "stage" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 5
        assert process.stderr.read() == ""
    assert not (directory / "manifest.json").exists()


def test_sigterm_cancels(tiny_gemma: BaseModel, tiny_cache: Path, tmp_path: Path) -> None:
    """In the middle of training: exit status 5 at once, and nothing that counts."""
    directory = write_round(tmp_path, tiny_gemma, tiny_cache, epochs=100, lr=1e-6)
    command = [sys.executable, "-m", "engine", "train", str(directory), "--background"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            if "step" in json.loads(line):
                break
        assert stands_back(process.pid)
        process.terminate()
        rest = process.stdout.read().splitlines()
        assert process.wait(20) == 5
        assert json.loads(rest[-1]) == {
            "failed": "cancelled",
            "reason": "it was cancelled",
        }
        assert process.stderr.read() == "it was cancelled\n"
    assert not (directory / "manifest.json").exists()
