"""Files that must be whole: their names in a round and a version, their hash, their survival."""

import hashlib
import os
from pathlib import Path

ADAPTER, MANIFEST = "adapter", "manifest.json"
# In ADAPTER, by PEFT's names. Weights are safetensors only: unpickling others could run anything.
CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make the file, or the names in the directory, survive a power cut; where the system can."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
