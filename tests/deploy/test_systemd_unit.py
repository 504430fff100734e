"""deploy/reactune.service, judged by systemd's own tools where they are; nothing is started."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import Settings

UNIT = Path(__file__).parents[2] / "deploy" / "reactune.service"
_WORST = 15  # tenths; systemd 252 says 12


def entries() -> list[tuple[str, str]]:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"(\w+)=(.*)", line) for line in lines if not line.startswith("#")]
    return [(entry[1], entry[2]) for entry in found if entry]


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("systemd-analyze")
    if not tool:
        pytest.skip("systemd-analyze is not installed here")
    return subprocess.run(
        [tool, *arguments, str(UNIT)], capture_output=True, text=True, check=False
    )


def test_systemd_understands_every_line():
    """``systemd-analyze verify`` neither fails nor warns about this unit."""
    done = analyze("verify", "--man=no")
    assert done.returncode == 0, done.stderr
    assert UNIT.name not in done.stderr


def test_little_is_exposed():
    """``systemd-analyze security`` stays within the threshold (0 is best, 100 worst)."""
    done = analyze("security", "--offline=true", "--no-pager", f"--threshold={_WORST}")
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze cannot judge a unit offline")
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_systemd_waits_longer_than_the_grace():
    """Else it would kill answers that may still finish."""
    grace = Settings.model_fields["shutdown_grace_s"].default
    assert int(dict(entries())["TimeoutStopSec"]) >= grace + 20


def test_the_paths_are_the_ones_that_systemd_makes_writable():
    """Everything else is read-only to the service."""
    unit = dict(entries())
    assert f"REACTUNE_HOME=%S/{unit['StateDirectory']} " in unit["ExecStart"]
    assert f"REACTUNE_CACHE=%C/{unit['CacheDirectory']} " in unit["ExecStart"]
    assert unit["WorkingDirectory"] == f"%S/{unit['StateDirectory']}"


def test_what_reactune_needs_is_not_taken_away():
    """Free memory is read from /proc/meminfo, and torch writes code for bfloat16 at run time."""
    unit = dict(entries())
    assert "ProcSubset" not in unit
    assert "MemoryDenyWriteExecute" not in unit
    assert {"AF_INET", "AF_UNIX"} <= set(unit["RestrictAddressFamilies"].split())
