"""The model is made ready for training beside the answers, once."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine.model.convert import converted_path
from tests.flows.conftest import Running

pytestmark = pytest.mark.slow


def converting(bot: Running) -> int:
    """How many of the processes that it has started convert, once it is ready."""
    bot.address()
    bot.wait_for("Ctrl-C stops.")
    started = psutil.Process(bot.process.pid).children()
    return sum("convert" in child.cmdline() for child in started)


def test_only_what_is_not_converted_is(
    running: Callable[..., Running], tiny_gguf: Path, tmp_path: Path
):
    """A child converts at the first start; where there is a result, none is started."""
    settings = {"MODEL": str(tiny_gguf), "REACTUNE_CACHE": str(tmp_path / "cache")}
    bot = running(**settings)
    assert converting(bot) == 1
    assert bot.end() == 0
    converted_path(tiny_gguf, tmp_path / "cache").mkdir(parents=True, exist_ok=True)
    again = running(**settings)
    assert converting(again) == 0
    assert again.end() == 0
