"""Running the real program as a user does, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the developer's own settings but where the model is cached."""
    cache = os.environ.get("REACTUNE_CACHE", str(Path.home() / ".cache" / "reactune"))
    names = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
        "REACTUNE_HOME": str(tmp_path / "data"),
        "REACTUNE_CACHE": cache,
        "WEB_PORT": "0",
    }


@pytest.fixture
def reactune(environment: dict[str, str], tmp_path: Path) -> Run:
    """``reactune("ask", "…", MODEL=…)`` runs the command to its end."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
