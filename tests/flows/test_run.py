"""``reactune run`` on the real default model: start, stop, and bad days."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from tests.flows.conftest import Run, Running

pytestmark = pytest.mark.slow
Start = Callable[..., Running]


def _computing(bot: Running) -> list[psutil.Process]:
    """The processes in which it computes."""
    children = psutil.Process(bot.process.pid).children()
    return [child for child in children if "llamacpp" in child.cmdline()]


def _end_soon(processes: list[psutil.Process]) -> bool:
    gone, alive = psutil.wait_procs(processes, timeout=10)
    return bool(gone) and not alive


def test_it_stands_its_ground_and_stops_cleanly(running: Start, reactune: Run, tmp_path: Path):
    """Healthy at the printed address, whatever is started beside it; after SIGTERM it exits with 0
    and leaves one file and no process.

    A second one on the same data is refused in one line that says what to do, one on the same port
    with the setting that moves it, and short commands still work.
    """
    bot = running()
    address = bot.address()
    assert httpx.get(f"{address}/healthz").json()["status"] == "ok"
    second = reactune("run")
    assert second.returncode == 1
    assert "another Reactune is already serving" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    elsewhere = reactune("run", WEB_PORT=address.rsplit(":", 1)[1], REACTUNE_HOME="elsewhere")
    assert elsewhere.returncode == 78
    assert "WEB_PORT" in elsewhere.stderr
    assert reactune("ask", "복식부기란 무엇인가요?").returncode == 0
    assert httpx.get(f"{address}/healthz").status_code == 200
    computing = _computing(bot)
    assert bot.end(signal.SIGTERM) == 0
    assert _end_soon(computing)
    assert "Stopped." in bot.output
    assert not list((tmp_path / "data").glob("*-wal"))


def test_killed_it_starts_again_with_everything(running: Start, reactune: Run, tmp_path: Path):
    """What was stored before a kill −9 is there afterwards, the file is sound, and the process in
    which it computed has gone with it; Ctrl-C ends it without a traceback."""
    reactune("ask", "부가가치세 신고는 언제 하나요?")
    bot = running()
    bot.address()
    computing = _computing(bot)
    bot.end(signal.SIGKILL)
    assert _end_soon(computing)
    again = running()
    assert httpx.get(f"{again.address()}/healthz").status_code == 200
    assert again.end(signal.SIGINT) == 0
    assert "Traceback" not in again.output
    database = sqlite3.connect(tmp_path / "data" / "reactune.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT count(*) FROM replies").fetchone() == (1,)
    database.close()


def test_a_full_disk_is_an_error_not_a_crash(environment: dict[str, str], tmp_path: Path):
    """Files that may not grow: the one line names the database."""
    limited = f"ulimit -f 8; exec {sys.executable} -m bot ask 왜?"
    done = subprocess.run(
        ["/bin/bash", "-c", limited],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
