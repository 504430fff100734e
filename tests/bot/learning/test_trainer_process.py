"""The trainer's process: what it says is heard, and it never outlives its round."""

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from bot.learning.trainer_process import TrainerError, TrainerProcess
from engine.errors import CancelledError

pytestmark = pytest.mark.slow  # processes of their own

SAYS = "import json; say = lambda **line: print(json.dumps(line), flush=True)\n"
WAITS = "import time; time.sleep(60)\n"
STARTS_A_WORKER = (
    "import subprocess, sys\n"
    "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
)


def launched(tmp_path: Path, script: str) -> TrainerProcess:
    """A trainer whose launcher runs ``script`` instead of training."""
    launcher = tmp_path / "launcher.py"
    launcher.write_text(SAYS + script, encoding="utf-8")
    return TrainerProcess(f"{sys.executable} {launcher}")


async def begun(trainer: TrainerProcess, directory: Path, heard: list) -> asyncio.Task:
    """A training whose first line has been heard."""
    first = asyncio.Event()

    def on_line(line: dict) -> None:
        heard.append(line)
        first.set()

    task = asyncio.create_task(trainer.train(directory, on_line))
    await asyncio.wait({asyncio.create_task(first.wait()), task}, return_when="FIRST_COMPLETED")
    return task


async def test_its_lines_are_heard_and_a_launchers_talk_is_not(tmp_path: Path):
    """The manifest is what the last line says is done."""
    script = "say(step=1)\nprint('Launching on 2 machines …')\nsay(done={'examples': 9})\n"
    heard: list = []
    manifest = await launched(tmp_path, script).train(tmp_path, heard.append)
    assert manifest == {"examples": 9}
    assert heard[0] == {"step": 1}


async def test_it_shares_the_bots_session(tmp_path: Path):
    """On Linux a session of its own would get as much of the processor as the answers."""
    script = "import os\nsay(done={'session': os.getsid(0), 'group': os.getpgid(0)})\n"
    manifest = await launched(tmp_path, script).train(tmp_path, lambda _: None)
    assert manifest["session"] == os.getsid(0)
    assert manifest["group"] != os.getpgid(0)


async def test_cancelled_it_ends_with_its_workers(tmp_path: Path):
    """A launcher's workers do not go on for nobody."""
    trainer, heard = launched(tmp_path, STARTS_A_WORKER + "say(step=worker.pid)\n" + WAITS), []
    task = await begun(trainer, tmp_path, heard)
    worker = psutil.Process(heard[0]["step"])
    assert trainer.cancel()
    with pytest.raises(CancelledError):
        await task
    psutil.wait_procs([worker], timeout=5)
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
    assert not trainer.cancel()


DIVERGED = "say(failed='diverged', reason='the loss is not a number')\nraise SystemExit(6)"
COMPLAINED = "import sys\nprint('no space left', file=sys.stderr)\nraise SystemExit(1)"
KILLED = "import os\nos.kill(os.getpid(), 9)"


@pytest.mark.parametrize(
    ("script", "reason"),
    [(DIVERGED, "loss is not"), (COMPLAINED, "no space left"), (KILLED, "enough memory")],
    ids=["its reason", "its last word", "killed"],
)
async def test_why_it_failed_is_told(tmp_path: Path, script: str, reason: str):
    """Its reason, else its last word; the system kills what takes too much memory."""
    with pytest.raises(TrainerError, match=reason):
        await launched(tmp_path, script).train(tmp_path, lambda _: None)


async def test_a_launcher_that_is_not_there_is_named(tmp_path: Path):
    """With the setting to mend."""
    with pytest.raises(TrainerError, match="TRAIN_LAUNCHER: nowhere cannot be started"):
        await TrainerProcess("nowhere --fast").train(tmp_path, lambda _: None)
