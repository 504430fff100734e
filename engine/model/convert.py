"""A GGUF base model → the transformers directory that training and PEFT need, made once.

Reading a GGUF takes transformers about a minute for the default model, reading the result seconds.
"""

import math
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from engine.errors import ModelError
from engine.files import sync
from engine.memory import MIB
from engine.model.base_model import BaseModel, fingerprint
from engine.model.gguf_header import GgufHeader, read_header
from engine.model.space_tokens import keep_space_runs_whole

OnProgress = Callable[[str, float], None]
_REVISION = 1  # raise it when the same file is to be converted differently
_SPARE = 256 * MIB  # of disk: tokenizer and config


def converted_model(
    model: BaseModel, cache: Path, *, on_progress: OnProgress = lambda stage, seconds: None
) -> Path:
    """The transformers directory (fp32 safetensors, tokenizer) of the GGUF file ``model``.

    It is under ``cache``; made on the first call, by one process at a time. ``on_progress`` hears
    of every stage as it begins, with the seconds since the call. Raises ModelError.
    """
    if model.gguf is None:
        raise ModelError(f"MODEL={model.name} is no .gguf file, so there is nothing to convert")
    begun = time.monotonic()
    target = converted_path(model.gguf, cache)
    if target.is_dir():
        return target

    def report(stage: str) -> None:
        on_progress(stage, round(time.monotonic() - begun, 1))

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(target, report):
            if not target.is_dir():
                _convert(model.gguf, target, report)
    except OSError as error:
        raise ModelError(
            f"the model cannot be converted into {cache}: {error.strerror or error}; "
            "free some space or set REACTUNE_CACHE to another folder"
        ) from error
    return target


def converted_path(gguf: Path, cache: Path) -> Path:
    """Where the conversion of ``gguf`` is, once there is one."""
    return cache / "transformers" / f"{fingerprint(gguf)}-{_REVISION}"


def _only_one(target: Path, report: Callable[[str], None]) -> Any:
    """The lock of this conversion; the system releases it when its process dies."""
    lock = FileLock(f"{target}.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        report("waiting for another process")
        return lock.acquire()


def _convert(source: Path, target: Path, report: Callable[[str], None]) -> None:
    header = read_header(source)
    _refuse_what_would_go_wrong(header, source)
    prefix = f"{target.name}-unfinished-"
    for left_by_a_killed_process in target.parent.glob(f"{prefix}*"):  # we hold the lock
        shutil.rmtree(left_by_a_killed_process, ignore_errors=True)
    _check_disk(header, target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix) as unfinished:
        directory = Path(unfinished) / target.name
        _write(source, header, directory, report)
        _sync(directory)
        directory.rename(target)
    sync(target.parent)


def _refuse_what_would_go_wrong(header: GgufHeader, source: Path) -> None:
    """transformers reads no rope scaling out of a GGUF: it would answer, but wrongly."""
    factor = header.metadata.get(f"{header.architecture}.rope.scaling.factor", 1)
    if factor not in (0, 1) or "rope_freqs.weight" in header.shapes:
        raise ModelError(
            f"{source.name} uses rope scaling, which is lost when a GGUF is converted; "
            "set MODEL to the model's transformers directory or hub id"
        )


def _check_disk(header: GgufHeader, directory: Path) -> None:
    needed = 4 * sum(math.prod(shape) for shape in header.shapes.values()) + _SPARE
    if (free := shutil.disk_usage(directory).free) < needed:
        raise ModelError(
            f"converting the model needs {needed // MIB} MB in {directory} and {free // MIB} MB "
            "are free; free some space or set REACTUNE_CACHE to another folder"
        )


def _write(
    source: Path, header: GgufHeader, directory: Path, report: Callable[[str], None]
) -> None:
    report("libraries")
    import safetensors
    import transformers

    transformers.utils.logging.disable_progress_bar()
    try:
        report("tokenizer")
        tokenizer = transformers.AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
        report("weights")
        model = _dense_model(source, header)
        report("writing")
        tokenizer.save_pretrained(directory)
        keep_space_runs_whole(directory / "tokenizer.json", header)
        model.save_pretrained(directory)
    except (ValueError, KeyError, NotImplementedError, RuntimeError, AttributeError) as error:
        raise ModelError(
            f"transformers cannot read {source.name} ({header.architecture}): {error}; "
            "set MODEL to the model's transformers directory or hub id"
        ) from error
    except safetensors.SafetensorError as error:  # how it reports a full disk
        raise OSError(str(error)) from error


def _dense_model(source: Path, header: GgufHeader) -> Any:
    import torch
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        quantization_config=transformers.GgufConfig(dequantize=True),
        dtype=torch.float32,
    )
    # Its weights are plain numbers now, but some kinds stay flagged as quantized and refuse to be
    # saved.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    if hasattr(model.config, "query_pre_attn_scalar"):
        model.config.query_pre_attn_scalar = _attention_scale(header)
    return model


def _attention_scale(header: GgufHeader) -> int:
    """Gemma's attention is divided by the root of this; a GGUF does not say it, llama.cpp knows."""
    heads = header.number("attention.head_count")
    if (header.architecture, header.number("block_count")) in {("gemma2", 46), ("gemma3", 62)}:
        return header.number("embedding_length") // heads  # the 27B models
    return header.number("attention.key_length")


def _sync(directory: Path) -> None:
    for path in (*directory.rglob("*"), directory):
        sync(path)
