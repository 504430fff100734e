"""The model is made ready for training beside the answers, once."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine.tuning.convert import converted_path
from tests.flows.conftest import Running

pytestmark = pytest.mark.slow


def children(bot: Running) -> list[str]:
    """The commands of what it has started, once it is ready."""
    bot.address()
    bot.wait_for("Ctrl-C stops.")
    return [" ".join(c.cmdline()) for c in psutil.Process(bot.process.pid).children()]


def test_only_what_is_not_converted_is(
    running: Callable[..., Running], tiny_gguf: Path, tmp_path: Path
):
    """A child converts at the first start; where there is a result, none is started."""
    settings = {"MODEL": str(tiny_gguf), "REACTUNE_CACHE": str(tmp_path / "cache")}
    bot = running(**settings)
    assert ["engine convert" in command for command in children(bot)] == [True]
    assert bot.end() == 0
    converted_path(tiny_gguf, tmp_path / "cache").mkdir(parents=True, exist_ok=True)
    again = running(**settings)
    assert children(again) == []
    assert again.end() == 0
