"""A GGUF model is converted once, whole or not at all, by one process at a time."""

import json
import subprocess
import sys
from pathlib import Path

import gguf
import pytest
from filelock import FileLock

from engine.__main__ import main
from engine.errors import ModelError
from engine.model import convert
from engine.model.base_model import BaseModel
from engine.model.convert import converted_model, converted_path
from tests.engine.training.rounds import stands_back
from tests.support.tiny_model import write_tiny_model


@pytest.fixture
def model(tmp_path: Path) -> BaseModel:
    return BaseModel("tiny", gguf=write_tiny_model(tmp_path / "tiny.gguf"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_the_second_call_finds_the_first_ones_result(model: BaseModel, cache: Path) -> None:
    """Progress is told stage by stage the first time; the second time there is none."""
    stages: list[str] = []
    first = converted_model(model, cache, on_progress=lambda stage, _: stages.append(stage))
    assert stages == ["libraries", "tokenizer", "weights", "writing"]
    written = (first / "model.safetensors").stat().st_mtime_ns
    second = converted_model(model, cache, on_progress=lambda *_: pytest.fail("converted again"))
    assert second == first
    assert (second / "model.safetensors").stat().st_mtime_ns == written


def test_the_result_says_what_a_gguf_leaves_out(model: BaseModel, cache: Path) -> None:
    """Attention is scaled by the heads' width, and nothing is flagged as quantized."""
    config = json.loads((converted_model(model, cache) / "config.json").read_text())
    assert config["query_pre_attn_scalar"] == config["head_dim"] == 16
    assert config["dtype"] == "float32"
    assert "quantization_config" not in config


def test_progress_is_json_lines_on_stdout(
    model: BaseModel, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints stages with seconds, and the directory last."""
    assert main(["convert", str(model.gguf), str(cache)]) == 0
    *stages, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [set(stage) for stage in stages] == [{"stage", "seconds"}] * 4
    assert (Path(last["done"]) / "config.json").is_file()


def test_an_error_is_one_line_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that is not there exits with 1 and says what to do."""
    assert main(["convert", str(tmp_path / "none.gguf"), str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "set MODEL" in printed.err


def test_a_killed_conversion_leaves_nothing_that_counts(model: BaseModel, cache: Path) -> None:
    """After a kill while writing, the next call converts anew and clears the remains away."""
    assert model.gguf
    target = converted_path(model.gguf, cache)
    script = (
        "import sys, time; from engine.__main__ import main; from engine.model import convert\n"
        "convert._sync = lambda directory: (print('written', flush=True), time.sleep(60))\n"
        "main(['convert', *sys.argv[1:], '--background'])"
    )
    command = [sys.executable, "-c", script, str(model.gguf), str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert b"written\n" in iter(process.stdout.readline, b"")
        assert stands_back(process.pid)  # --background
        process.kill()
        assert process.stderr.read() == b""  # where only errors are said
    assert not target.exists()
    assert len(list(target.parent.glob("*unfinished*"))) == 1
    assert (converted_model(model, cache) / "config.json").is_file()
    assert list(target.parent.glob("*unfinished*")) == []


def test_a_second_process_waits_for_the_first(model: BaseModel, cache: Path) -> None:
    """It says that it waits and, when the other has finished, uses the other's result."""
    assert model.gguf
    target = converted_path(model.gguf, cache)
    target.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "engine", "convert", str(model.gguf), str(cache)]
    with FileLock(f"{target}.lock"):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert json.loads(process.stdout.readline())["stage"] == "waiting for another process"
        target.mkdir()
    out, _ = process.communicate()
    assert json.loads(out.splitlines()[-1]) == {"done": str(target)}


def test_a_full_disk_is_said_before_the_work(
    model: BaseModel, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names what is needed and the way out."""
    usage = type("Usage", (), {"free": 2**20})()
    monkeypatch.setattr(convert.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelError, match=r"needs \d+ MB .* 1 MB are free; .*REACTUNE_CACHE"):
        converted_model(model, cache)


def test_a_disk_that_fills_up_is_a_model_error(
    model: BaseModel, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-written files are removed and the reason is said in one line."""

    def full(directory: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(convert, "_sync", full)
    with pytest.raises(ModelError, match="No space left on device; free some space"):
        converted_model(model, cache)
    assert [path.suffix for path in (cache / "transformers").iterdir()] == [".lock"]


def test_an_architecture_that_transformers_does_not_know(tmp_path: Path, cache: Path) -> None:
    """It is named, with the way out."""
    writer = gguf.GGUFWriter(tmp_path / "odd.gguf", "odd")
    writer.add_uint32("odd.block_count", 1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with (tmp_path / "odd.gguf").open("ab") as file:
        file.write(bytes(64))
    with pytest.raises(ModelError, match=r"cannot read odd\.gguf \(odd\): .*set MODEL"):
        converted_model(BaseModel("odd", gguf=tmp_path / "odd.gguf"), cache)


def test_rope_scaling_is_refused(tmp_path: Path, cache: Path) -> None:
    """What would be converted into a model that answers wrongly is not converted."""
    writer = gguf.GGUFWriter(tmp_path / "long.gguf", "llama")
    writer.add_rope_scaling_factor(8.0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with (tmp_path / "long.gguf").open("ab") as file:
        file.write(bytes(64))
    with pytest.raises(ModelError, match="rope scaling"):
        converted_model(BaseModel("long", gguf=tmp_path / "long.gguf"), cache)


def test_only_gguf_models_are_converted(cache: Path) -> None:
    """A directory is used as it is, so asking for its conversion is an error."""
    with pytest.raises(ModelError, match="nothing to convert"):
        converted_model(BaseModel("directory", transformers="somewhere"), cache)
