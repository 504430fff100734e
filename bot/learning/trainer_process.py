"""The trainer as a child process: started, listened to, stopped."""

import asyncio
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.errors import CancelledError, EngineError

_LONGEST_LINE = 1 << 20  # the manifest holds a loss for each step
_STOP_S = 20.0  # a backward pass is not interrupted
Line = dict[str, Any]


class TrainerError(EngineError):
    """The trainer ended without an adapter; says what it said."""


class TrainerProcess:
    """Runs ``python -m engine train`` at low priority, or by ``launcher`` on other machines."""

    def __init__(self, launcher: str = "") -> None:
        self._command: Sequence[str] = shlex.split(launcher) or [sys.executable]
        self._child: asyncio.subprocess.Process | None = None
        self._cancelled = False

    async def train(self, directory: Path, on_line: Callable[[Line], None]) -> Line:
        """Train what lies in ``directory``; the manifest. ``on_line`` hears of each step.

        Raises CancelledError after ``cancel``, TrainerError when it ends otherwise.
        """
        self._cancelled = False
        try:
            child = self._child = await asyncio.create_subprocess_exec(
                *self._command, "-m", "engine", "train", str(directory), "--background",
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                limit=_LONGEST_LINE,
                # A folder named engine where somebody happens to be must not be taken for ours.
                env=os.environ | {"PYTHONSAFEPATH": "1"},
                # A launcher has workers that must end with it. No session of its own: Linux shares
                # the processor out among sessions, and priorities count only within one.
                process_group=0,
            )  # fmt: skip
        except OSError as error:
            raise TrainerError(
                f"TRAIN_LAUNCHER: {self._command[0]} cannot be started: {error.strerror}"
            ) from error
        try:
            complaint = asyncio.create_task(_last_line(_reader(child.stderr)))
            last = await self._listen(child, on_line)
            await child.wait()
            complaint_text = await complaint
        finally:
            await self._ended(child)
        if child.returncode == 0 and "done" in last:
            return dict(last["done"])
        if self._cancelled or last.get("failed") == CancelledError.name:
            raise CancelledError("training was cancelled")
        if child.returncode and child.returncode < 0:
            complaint_text = f"it was ended by signal {-child.returncode}; is there enough memory?"
        raise TrainerError(
            str(last.get("reason") or complaint_text or f"exit status {child.returncode}")
        )

    def cancel(self) -> bool:
        """Let the running trainer end; False when none runs."""
        if self._child is None or self._child.returncode is not None:
            return False
        self._cancelled = True
        _signal(self._child, signal.SIGTERM)
        return True

    async def _listen(
        self, child: asyncio.subprocess.Process, on_line: Callable[[Line], None]
    ) -> Line:
        """Its last line. What is no line of ours (a launcher may talk) is passed over."""
        last: Line = {}
        async for raw in _reader(child.stdout):
            with suppress(ValueError):
                line = json.loads(raw)
                if isinstance(line, dict):
                    last = line
                    on_line(line)
        return last

    async def _ended(self, child: asyncio.subprocess.Process) -> None:
        """Leave no child behind, whatever happened to us."""
        self._child = None
        if child.returncode is not None:
            return
        _signal(child, signal.SIGTERM)
        try:
            await asyncio.wait_for(child.wait(), _STOP_S)
        except TimeoutError:
            _signal(child, signal.SIGKILL)
            await child.wait()


def _signal(child: asyncio.subprocess.Process, number: int) -> None:
    """To the child and all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _reader(pipe: asyncio.StreamReader | None) -> asyncio.StreamReader:
    if pipe is None:
        raise TrainerError("the trainer has no output to listen to")
    return pipe


async def _last_line(stream: asyncio.StreamReader, most: int = 500) -> str:
    """What a child complained of last, read while it goes on."""
    tail = b""
    while piece := await stream.read(4096):
        tail = (tail + piece)[-most:]
    return tail.decode(errors="replace").strip().rpartition("\n")[2]
