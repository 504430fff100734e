"""What a training round made → a version: an immutable directory that serving can trust.

``versions/NAME`` holds ``adapter/`` and ``manifest.json`` and nothing of what people wrote. It is
put together beside its place and renamed once, so it is there whole or not at all. These are never
changed afterwards, and a version whose files are not those of its manifest is not served. What an
engine makes of the adapter lies beside them and goes with them.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import AdapterError
from engine.files import ADAPTER, CONFIG, MANIFEST, WEIGHTS, sha256, sync
from engine.model.base_model import BaseModel, weights_fingerprint

_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class AdapterVersion:
    """Trained weights in an immutable directory (PEFT's file format, safetensors)."""

    name: str
    path: Path


def publish(
    round_directory: Path, directory: Path, *, name: str, parent: str | None
) -> dict[str, Any]:
    """Make the version ``name`` in ``directory`` of what ``python -m engine train`` left.

    ``parent``: the version that was live when it was trained, None for the base model. Returns the
    manifest. Raises AdapterError when the round is not whole, or ``directory`` is there already or
    cannot be written.
    """
    manifest = _manifest(round_directory, name) | {"name": name, "parent": parent}
    manifest["config_sha256"] = _digest(round_directory / ADAPTER / CONFIG, name)
    if directory.exists():
        raise AdapterError(f"the version {name} exists already; give the new one another name")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=_UNFINISHED) as unfinished:
            built = Path(unfinished) / directory.name
            _build(round_directory / ADAPTER, built, manifest)
            built.rename(directory)
        sync(directory.parent)
    except OSError as error:
        raise AdapterError(
            f"the version {name} cannot be written to {directory.parent}: {error.strerror or error}"
        ) from error
    return manifest


def verified(directory: Path, model: BaseModel) -> AdapterVersion:
    """The version in ``directory``, fit to be served on ``model``.

    Raises AdapterError, which names it, when it is not what was published or was trained on
    another base model.
    """
    name, adapter = directory.name, directory / ADAPTER
    manifest = _manifest(directory, name)
    _compare(adapter, manifest, name)
    ours = weights_fingerprint(model, Path(model.transformers or ""))
    if manifest.get("base_fingerprint") != ours:
        raise AdapterError(
            f"the version {name} was trained on another base model ({manifest.get('base')}) than "
            f"MODEL={model.name}; set MODEL back, or roll back to a version of this one"
        )
    return AdapterVersion(name, adapter)


def _build(adapter: Path, built: Path, manifest: dict[str, Any]) -> None:
    """Copy, compare what has arrived with the manifest, and write that last."""
    (built / ADAPTER).mkdir(parents=True)
    for file in (CONFIG, WEIGHTS):
        shutil.copyfile(adapter / file, built / ADAPTER / file)
        sync(built / ADAPTER / file)
    _compare(built / ADAPTER, manifest, manifest["name"])
    (built / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    for path in (built / MANIFEST, built / ADAPTER, built):
        sync(path)


def _manifest(directory: Path, name: str) -> dict[str, Any]:
    try:
        manifest = json.loads((directory / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise AdapterError(
            f"the version {name} has no {MANIFEST}, so it was never finished; train again, or "
            "roll back to another version"
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(name, f"its {MANIFEST} cannot be read ({error})") from error
    if not isinstance(manifest, dict):
        raise _damaged(name, f"its {MANIFEST} is no JSON object")
    return manifest


def _compare(adapter: Path, manifest: dict[str, Any], name: str) -> None:
    for file, key in ((WEIGHTS, "adapter_sha256"), (CONFIG, "config_sha256")):
        if _digest(adapter / file, name) != manifest.get(key):
            raise _damaged(name, f"the sha256 of {file} is not the one in its {MANIFEST}")


def _digest(path: Path, name: str) -> str:
    try:
        return sha256(path)
    except FileNotFoundError as error:
        raise _damaged(name, f"{path.name} is missing, and nothing else is served") from error
    except OSError as error:
        raise _damaged(name, f"{path.name} cannot be read ({error.strerror})") from error


def _damaged(name: str, what: str) -> AdapterError:
    return AdapterError(
        f"the version {name} is damaged: {what}; restore it from a backup, or roll back to "
        "another version"
    )
