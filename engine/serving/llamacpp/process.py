"""Starting and ending the process in which llama.cpp serves; its side is server.py."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import cast

from engine.errors import ModelError
from engine.serving.llamacpp.server import ServerSettings

# How often a thread that waits for another looks before it sleeps. By default it spins for
# milliseconds, which beside other work costs most of the tokens.
_ENVIRONMENT = {"GOMP_SPINCOUNT": "1000"}


async def started(settings: ServerSettings) -> tuple[Process, str]:
    """The process, and the address at which it answers now.

    It ends with us, however we do: it listens for the end of its stdin. Raises ModelError.
    """
    # -P: a folder named engine where somebody happens to be must not be taken for ours.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "engine", "llamacpp",
        stdin=PIPE, stdout=PIPE, env=_ENVIRONMENT | os.environ,
    )  # fmt: skip
    try:
        return process, await _address(process, settings)
    except BaseException:
        await end(process)
        raise


async def end(process: Process) -> None:
    """End it at once: it has nothing to lose."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _address(process: Process, settings: ServerSettings) -> str:
    cast(asyncio.StreamWriter, process.stdin).write(json.dumps(settings).encode() + b"\n")
    line = await cast(asyncio.StreamReader, process.stdout).readline()
    if not line:
        raise ModelError(
            f"llama.cpp ended ({await process.wait()}) while it loaded "
            f"{Path(settings['model']).name}; the file may be damaged"
        )
    answer: dict[str, str] = json.loads(line)
    if "failed" in answer:
        raise ModelError(answer["failed"])
    return answer["address"]
