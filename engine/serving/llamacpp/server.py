"""llama.cpp's own server in a process of its own: what ``python -m engine llamacpp`` does.

A process, because loading a model holds Python's lock for seconds, which in the bot's own would
stop everything else. It speaks HTTP on loopback, for whoever has the key.
"""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, TypedDict

from engine.errors import ModelError

# Tokens of a prompt between two looks at whether it was cancelled; also bounds the scratch memory,
# which grows with it times the vocabulary.
_BATCH = 256


class ServerSettings(TypedDict):
    """What a server is started with: one JSON line on its stdin.

    ``adapters`` are GGUF files; a request names them by their place. ``key`` opens the door.
    """

    model: str
    context: int
    slots: int
    threads: int
    adapters: list[str]
    key: str


def serve() -> None:
    """Serve until stdin ends, as it does whenever and however the parent dies.

    Says one JSON line on stdout: ``{"address"}`` once it is ready, or ``{"failed"}``, the reason.
    """
    _outlive_signals()
    stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the library prints must not mix with what we say
    try:
        server = _server(json.loads(sys.stdin.readline()))
        line = {"address": server.listening_address}
    except ModelError as error:
        line = {"failed": str(error)}
    _outlive_signals()  # the library has set handlers of its own
    with contextlib.suppress(BrokenPipeError):  # nobody is there any more
        print(json.dumps(line), file=stdout, flush=True)
    sys.stdin.read()
    os._exit(0)  # an orderly end of the library takes time, and sometimes does not come


def _outlive_signals() -> None:
    """A terminal or a supervisor tells the whole group; answers on their way may still finish."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _server(settings: ServerSettings) -> Any:
    try:
        import xllamacpp
    except ImportError as error:  # a bare Linux lacks the library that its threads come from
        raise ModelError(
            f"llama.cpp cannot be loaded: {error}; install libgomp (Debian: libgomp1)"
        ) from error
    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.n_ctx = settings["context"] * settings["slots"]
    params.n_parallel = settings["slots"]
    params.n_batch = params.n_ubatch = _BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    params.lora_adapters = [
        xllamacpp.CommonAdapterLoraInfo(path, 1.0) for path in settings["adapters"]
    ]
    # Each slot keeps its last prompt. A second cache, and snapshots to go back to within a
    # prompt, would take 130 MB and more.
    params.cache_ram_mib = params.n_ctx_checkpoints = 0
    params.warmup = False
    params.fit_params = False  # it reads the model a second time; we have looked for room
    params.api_keys = [settings["key"]]
    params.ui = params.endpoint_slots = False
    params.verbosity = 0
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, MemoryError) as error:
        raise ModelError(
            f"llama.cpp cannot load {Path(settings['model']).name}: {error}; "
            "the file may be damaged or of a kind that this release does not know"
        ) from error
