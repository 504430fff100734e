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


def test_it_says_where_it_is_and_stops_cleanly(running: Start, tmp_path: Path):
    """Healthy at the printed address; after SIGTERM it exits with 0, leaves one file and no
    process."""
    bot = running()
    health = httpx.get(f"{bot.address()}/healthz")
    assert health.json()["status"] == "ok"
    computing = _computing(bot)
    assert bot.end(signal.SIGTERM) == 0
    assert _end_soon(computing)
    assert "Stopped." in bot.output
    assert not list((tmp_path / "data").glob("*-wal"))


def test_control_c_stops_it_too(running: Start):
    """Without a traceback."""
    bot = running()
    bot.address()
    assert bot.end(signal.SIGINT) == 0
    assert "Traceback" not in bot.output


def test_a_second_one_on_the_same_data_is_refused(running: Start, reactune: Run):
    """In one line that says what to do; the first goes on, and short commands still work."""
    bot = running()
    address = bot.address()
    second = reactune("run")
    assert second.returncode == 1
    assert "another Reactune is already serving" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert reactune("ask", "복식부기란 무엇인가요?").returncode == 0
    assert httpx.get(f"{address}/healthz").status_code == 200
    bot.end()


def test_a_taken_port_is_named(running: Start, reactune: Run):
    """With the setting that moves it."""
    bot = running()
    port = bot.address().rsplit(":", 1)[1]
    second = reactune("run", WEB_PORT=port, REACTUNE_HOME="elsewhere")
    assert second.returncode == 78
    assert "WEB_PORT" in second.stderr
    bot.end()


def test_killed_it_starts_again_with_everything(running: Start, reactune: Run, tmp_path: Path):
    """What was stored before a kill −9 is there afterwards, the file is sound, and the process in
    which it computed has gone with it."""
    reactune("ask", "부가가치세 신고는 언제 하나요?")
    bot = running()
    bot.address()
    computing = _computing(bot)
    bot.end(signal.SIGKILL)
    assert _end_soon(computing)
    again = running()
    assert httpx.get(f"{again.address()}/healthz").status_code == 200
    again.end()
    database = sqlite3.connect(tmp_path / "data" / "reactune.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT count(*) FROM replies").fetchone() == (1,)
    database.close()


def test_serving_with_llama_cpp_is_small(running: Start):
    """No torch in its processes, and less than 700 MB."""
    bot = running()
    bot.address()
    processes = [psutil.Process(bot.process.pid), *_computing(bot)]
    assert not [m.path for p in processes for m in p.memory_maps() if "libtorch" in m.path]
    assert sum(process.memory_info().rss for process in processes) < 700e6
    bot.end()


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
