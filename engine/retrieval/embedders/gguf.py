"""Any GGUF embedding model through llama.cpp, which runs in a process of its own.

EmbeddingGemma in 8 bit is what this is for; other models get no prompts, and the mean over tokens.
"""

import contextlib
import hashlib
import json
import math
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from engine.errors import ModelError
from engine.model.gguf_header import GgufHeader, read_header
from engine.retrieval.embedders.base import EmbedderError, Vectors, unit
from engine.retrieval.embedders.gguf_frames import (
    FAILED,
    READY,
    TEXTS,
    VECTORS,
    read_frame,
    write_frame,
)
from engine.retrieval.embedders.prompts import EMBEDDINGGEMMA, PLAIN
from engine.retrieval.verifier import EMBEDDINGGEMMA as EMBEDDINGGEMMA_KIND
from engine.retrieval.verifier import on_own_scale, shipped

EMBEDDINGGEMMA_ARCHITECTURE = "gemma-embedding"
# Threads that wait for each other sleep soon: beside other work, spinning takes ten times as long.
_ENVIRONMENT = {"GOMP_SPINCOUNT": "1000"}
_DENSE = ("dense_2.weight", "dense_3.weight")
_BATCH = 16  # texts a request: more make others wait and save nothing
_LONGEST_S = 300  # that a request may take on the busiest machine; then its process hangs
_SAMPLE = 4096  # bytes at most of each tensor that say which weights these are


class GgufEmbedder:
    """A model in a process of its own, on two threads; a process that dies is started anew, once a
    request. Safe to call from several threads: one request at a time."""

    def __init__(self, path: Path) -> None:
        """Load the file ``path``, in a second or two. Raises EmbedderError that names it."""
        header = embedding_header(path)
        self._path = path
        gemma = header.architecture == EMBEDDINGGEMMA_ARCHITECTURE
        self._prompts = EMBEDDINGGEMMA if gemma else PLAIN
        self._lock = threading.Lock()
        self._closed = False
        self._process = _Process(path)
        self.dimensions = self._process.dimensions
        self.name = f"{header.architecture}-{_weights_digest(path, header)}"
        try:
            self.verifier = shipped(EMBEDDINGGEMMA_KIND) if gemma else on_own_scale(self)
        except EmbedderError:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Of the process that holds the model now."""
        return self._process.pid

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimensions) with which questions are looked for.

        Raises EmbedderError where the process fails twice.
        """
        return self._embed([self._prompts.of_query(text) for text in texts])

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Unit vectors (n, dimensions) of (question, answer) pairs. Raises as embed_queries."""
        return self._embed([self._prompts.of_document(*pair) for pair in pairs])

    def close(self) -> None:
        """End the process; nothing can be embedded afterwards."""
        with self._lock:
            self._closed = True
            self._process.end()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            with self._lock:
                data = self._asked(batch)
            result[start : start + _BATCH] = np.frombuffer(data, np.float32).reshape(len(batch), -1)
        return unit(result)

    def _asked(self, texts: Sequence[str]) -> bytes:
        if self._closed:
            raise EmbedderError(f"{self._path.name} was closed")
        try:
            return self._process.asked(texts)
        except _DiedError:
            self._process.end()
            self._process = _Process(self._path)
        try:
            return self._process.asked(texts)
        except _DiedError as error:
            raise EmbedderError(
                f"the process that embeds with {self._path.name} ended twice ({error}); there may "
                "be too little memory, or EMBEDDER names a damaged file"
            ) from error


class _DiedError(Exception):
    """The process has ended, or says what is no frame."""


class _Process:
    """One running worker. It ends with us, however we do: it listens for the end of its stdin."""

    def __init__(self, path: Path) -> None:
        # -P: a folder named engine where somebody happens to be must not be taken for ours.
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "engine", "embed", str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_ENVIRONMENT | os.environ,
        )  # fmt: skip
        self._ended = weakref.finalize(self, _end, self._child)
        self.pid = self._child.pid
        kind, data = self._frame_while_loading(path)
        if kind != READY:
            self.end()
            raise EmbedderError(data.decode())
        self.dimensions = int(json.loads(data)["dimensions"])

    def asked(self, texts: Sequence[str]) -> bytes:
        """The vectors of ``texts``. Raises _DiedError, and EmbedderError with the reason."""
        limit = threading.Timer(_LONGEST_S, self._child.kill)
        limit.start()
        try:
            write_frame(cast(BinaryIO, self._child.stdin), TEXTS, json.dumps(list(texts)).encode())
            frame = read_frame(cast(BinaryIO, self._child.stdout))
        except (OSError, ValueError) as error:  # ValueError: it was closed
            raise _DiedError(str(error)) from error
        finally:
            limit.cancel()
        if frame is None or frame[0] not in (VECTORS, FAILED):
            raise _DiedError(f"exit status {self._child.poll()}")
        if frame[0] == FAILED:
            raise EmbedderError(frame[1].decode())
        return frame[1]

    def end(self) -> None:
        self._ended()

    def _frame_while_loading(self, path: Path) -> tuple[bytes, bytes]:
        frame = read_frame(cast(BinaryIO, self._child.stdout))
        if frame is None:
            self.end()
            raise EmbedderError(
                f"llama.cpp ended ({self._child.returncode}) while it loaded {path.name}; the file "
                "may be damaged, or there is too little memory"
            )
        return frame


def _end(child: subprocess.Popen[bytes]) -> None:
    """It has nothing to lose."""
    child.kill()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            cast(BinaryIO, pipe).close()
    child.wait()


def embedding_header(path: Path) -> GgufHeader:
    """The header of a GGUF file that can be embedded with.

    Raises EmbedderError for what is no whole GGUF file, and for an EmbeddingGemma without the two
    layers after the mean: its vectors would look right and be others. It names the file and no
    setting, as ``read_header`` does.
    """
    try:
        header = read_header(path)
    except ModelError as error:
        raise EmbedderError(str(error)) from error
    missing = [name for name in _DENSE if name not in header.shapes]
    if header.architecture == EMBEDDINGGEMMA_ARCHITECTURE and missing:
        raise EmbedderError(
            f"{path} is an EmbeddingGemma without {' and '.join(missing)}: it was converted "
            "without the model's dense layers"
        )
    return header


def _weights_digest(path: Path, header: GgufHeader) -> str:
    """8 hex digits for these weights, whoever wrote the file and in whichever order."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for name, shape in sorted(header.shapes.items()):
            file.seek(header.starts[name])
            within = math.prod(shape) // 8  # bytes that it has at least, however it is rounded
            digest.update(f"{name}{shape}".encode() + file.read(min(_SAMPLE, within)))
    return digest.hexdigest()[:8]
