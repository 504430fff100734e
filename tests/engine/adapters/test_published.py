"""From what training left to a version that serving trusts."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.adapters.published import publish, verified
from engine.errors import AdapterError
from engine.model.base_model import BaseModel, fingerprint
from tests.support.tiny_model import write_tiny_adapter

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def finished(tmp_path: Path, tiny_gguf: Path) -> Path:
    """What a round on the tiny model leaves, with what people wrote in it."""
    directory = tmp_path / "round"
    adapter = write_tiny_adapter(directory / "adapter")
    manifest = {
        "base": "tiny",
        "base_fingerprint": fingerprint(tiny_gguf),
        "adapter_sha256": hashlib.sha256((adapter / WEIGHTS).read_bytes()).hexdigest(),
        "seed": 3,
    }
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (directory / "examples.jsonl").write_text("what people wrote")
    (directory / "scores.json").write_text("what people wrote")
    return directory


@pytest.fixture
def version(finished: Path, tmp_path: Path) -> Path:
    """Published as v2, child of v1."""
    directory = tmp_path / "versions" / "v2"
    publish(finished, directory, name="v2", parent="v1")
    return directory


def test_a_version_has_weights_and_manifest_and_no_words(version: Path, finished: Path) -> None:
    """What was trained, where it comes from, and nothing that somebody wrote."""
    files = sorted(str(f.relative_to(version)) for f in version.rglob("*") if f.is_file())
    assert files == ["adapter/adapter_config.json", f"adapter/{WEIGHTS}", "manifest.json"]
    assert (version / "adapter" / WEIGHTS).read_bytes() == (
        finished / "adapter" / WEIGHTS
    ).read_bytes()
    manifest = json.loads((version / "manifest.json").read_text())
    assert (manifest["name"], manifest["parent"], manifest["seed"]) == ("v2", "v1", 3)


def test_what_was_published_is_served(version: Path, tiny_gemma: BaseModel) -> None:
    """Under its name, on the model it was trained on."""
    found = verified(version, tiny_gemma)
    assert (found.name, found.path) == ("v2", version / "adapter")


def test_a_version_is_never_overwritten(version: Path, finished: Path) -> None:
    """Publishing under the same name is refused, and the first stays as it was."""
    before = (version / "manifest.json").read_bytes()
    with pytest.raises(AdapterError, match="v2 exists already"):
        publish(finished, version, name="v2", parent=None)
    assert (version / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("gone", ["manifest.json", f"adapter/{WEIGHTS}"])
def test_an_unfinished_round_is_not_published(finished: Path, tmp_path: Path, gone: str) -> None:
    """Without its manifest or weights there is no version, nor a half one."""
    (finished / gone).unlink()
    with pytest.raises(AdapterError, match="v9"):
        publish(finished, tmp_path / "versions" / "v9", name="v9", parent=None)
    assert not list(tmp_path.glob("versions/*"))


def test_weights_that_changed_since_training_are_not_published(
    finished: Path, tmp_path: Path
) -> None:
    """The manifest of the round has their hash."""
    (finished / "adapter" / WEIGHTS).write_bytes(b"other")
    with pytest.raises(AdapterError, match="sha256"):
        publish(finished, tmp_path / "versions" / "v9", name="v9", parent=None)
    assert not list(tmp_path.glob("versions/*"))


def test_a_crash_leaves_no_version(version: Path, finished: Path) -> None:
    """Killed before its last step it leaves nothing that could be taken for one."""
    dying = (
        "import os, sys; from pathlib import Path; from engine.adapters.published import publish\n"
        "Path.rename = lambda *_: os._exit(9)\n"
        "publish(Path(sys.argv[1]), Path(sys.argv[2]), name='v3', parent='v2')\n"
    )
    third = version.with_name("v3")
    done = subprocess.run([sys.executable, "-c", dying, finished, third], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert not third.exists()
    (left,) = version.parent.glob(".*")
    with pytest.raises(AdapterError, match="never finished"):
        verified(left, BaseModel("tiny"))


@pytest.mark.parametrize("name", [WEIGHTS, CONFIG])
def test_a_changed_file_is_refused_by_name(version: Path, tiny_gemma: BaseModel, name: str) -> None:
    """One bit is enough, of the scale in the configuration as well."""
    weights = version / "adapter" / name
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(AdapterError, match=r"v2 is damaged.*sha256.*roll back"):
        verified(version, tiny_gemma)


def test_a_version_of_another_base_is_refused_by_name(version: Path, tiny_llama: BaseModel) -> None:
    """With the model it belongs to, and the setting."""
    with pytest.raises(AdapterError, match=r"v2 was trained on another.*\(tiny\).*MODEL"):
        verified(version, tiny_llama)


def test_a_version_without_manifest_is_refused_by_name(
    version: Path, tiny_gemma: BaseModel
) -> None:
    """It did not happen."""
    (version / "manifest.json").unlink()
    with pytest.raises(AdapterError, match=r"v2 has no manifest\.json"):
        verified(version, tiny_gemma)


def test_pickled_weights_are_never_read(version: Path, tiny_gemma: BaseModel) -> None:
    """Under PEFT's other name they are no weights at all."""
    (version / "adapter" / WEIGHTS).rename(version / "adapter" / "adapter_model.bin")
    with pytest.raises(AdapterError, match=rf"v2 is damaged: {WEIGHTS} is missing"):
        verified(version, tiny_gemma)
