"""Embeds with llama.cpp in a process of its own: what ``python -m engine embed MODEL`` does.

A process, because llama.cpp holds Python's lock while it loads and ends everything when it crashes.
"""

import array
import contextlib
import json
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from engine.retrieval.embedders.base import EmbedderError
from engine.retrieval.embedders.gguf_frames import (
    FAILED,
    READY,
    TEXTS,
    VECTORS,
    read_frame,
    write_frame,
)

_THREADS = min(2, os.cpu_count() or 1)  # the other cores are for the answers computed meanwhile
_CONTEXT = 2048  # tokens that are computed together; one text may have as many


def serve(model: Path) -> None:
    """Embed what comes on stdin until it ends, as it does however the parent dies."""
    _outlive_signals()
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library prints must not mix with what we say
    with contextlib.suppress(OSError):  # nobody is there any more
        try:
            server = _server(model)
            dimensions = len(_embedded(server, ["1"])[0])
        except EmbedderError as error:
            write_frame(stdout, FAILED, str(error).encode())
        else:
            _outlive_signals()  # the library has set handlers of its own
            write_frame(stdout, READY, json.dumps({"dimensions": dimensions}).encode())
            _answer(server, stdin, stdout)
    os._exit(0)  # an orderly end of the library takes time, and sometimes does not come


def _outlive_signals() -> None:
    """A terminal tells the whole group; we end when the parent does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _answer(server: Any, stdin: BinaryIO, stdout: BinaryIO) -> None:
    while frame := read_frame(stdin):
        kind, data = frame
        try:
            if kind != TEXTS:
                raise EmbedderError(f"a frame of kind {kind!r} came in place of texts")
            rows = _embedded(server, json.loads(data))
            write_frame(stdout, VECTORS, b"".join(array.array("f", row).tobytes() for row in rows))
        except EmbedderError as error:
            write_frame(stdout, FAILED, str(error).encode())


def _embedded(server: Any, texts: Sequence[str]) -> list[list[float]]:
    """One vector a text. Where one of several is refused, each is tried alone; a text that is
    refused alone has too many tokens, and its first half is read."""
    if not texts:
        return []
    answer = server.handle_embeddings({"input": list(texts), "model": "embedder"})
    if isinstance(answer, str):
        answer = json.loads(answer)
    if "data" in answer:
        rows = sorted(answer["data"], key=lambda row: int(row["index"]))
        return [row["embedding"] for row in rows]
    if len(texts) > 1:
        return [_embedded(server, [text])[0] for text in texts]
    if len(texts[0]) > 1:
        return _embedded(server, [texts[0][: len(texts[0]) // 2]])
    raise EmbedderError(f"llama.cpp cannot embed: {answer.get('error', answer)}")


def _server(model: Path) -> Any:
    try:
        import xllamacpp
    except ImportError as error:  # a bare Linux lacks the library that its threads come from
        raise EmbedderError(
            f"llama.cpp cannot be loaded: {error}; install libgomp (Debian: libgomp1)"
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.n_ctx = params.n_batch = params.n_ubatch = _CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _THREADS
    params.cache_ram_mib = params.n_ctx_checkpoints = 0
    params.warmup = False
    params.fit_params = False
    params.api_keys = [secrets.token_urlsafe(32)]  # it listens on loopback; nobody may ask there
    params.ui = params.endpoint_slots = False
    params.verbosity = 0
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, MemoryError) as error:
        raise EmbedderError(
            f"llama.cpp cannot load {model.name}: {error}; the file may be damaged or of a kind "
            "that this release does not know"
        ) from error
