"""``reactune run``: start the parts, tell where they are, wait for the end, stop cleanly."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

import structlog

from bot.app import App, open_app
from bot.cli.fetching import better_recall
from bot.platforms.registry import platforms
from bot.settings import Settings
from engine.model.convert import converted_path

_log = structlog.get_logger("run")
_M_ARENA_MAX = -8  # of malloc.h


async def serve(settings: Settings, show: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. ``show`` prints progress for a person."""
    _share_heaps()
    stop = _stop_signal()
    show(f"Loading {settings.model} …")
    async with open_app(settings, serving=True) as app, contextlib.AsyncExitStack() as started:
        pairs = await _load_starter_pack(app, show)
        for platform in platforms(app):
            where = await platform.start()
            started.push_async_callback(platform.stop)
            show(f"Ready on {platform.name}: {where}")
        if pairs:
            app.data.starters.read_in(app.domains[app.settings.domain], pairs)
        else:
            app.data.retriever.indexes.warm_up()
        await app.training.recover()
        app.scheduler.start()
        started.callback(app.scheduler.close)
        await started.enter_async_context(_weights_for_training(app))
        await started.enter_async_context(better_recall(app, show))
        show("Ctrl-C stops.")
        await stop.wait()
        show("Stopping: answers on their way may finish …")
        await app.training.close()
        await app.answers.close(settings.shutdown_grace_s)
    show("Stopped.")


async def _load_starter_pack(app: App, show: Callable[[str], None]) -> int:
    """At the very first start, before anybody can ask; how many pairs were loaded."""
    if not app.settings.starter:
        return 0
    domain = app.domains[app.settings.domain]
    pairs = await app.data.starters.load_first(domain)
    if pairs:
        show(f"Loaded what {domain.name} comes with: {pairs} answers. The page removes them.")
    return pairs


def _share_heaps() -> None:
    """Let all threads share few heaps: one for each of our many would keep tens of MB unused."""
    with contextlib.suppress(AttributeError, OSError):  # glibc only
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _stop_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number)
    return stop


@contextlib.asynccontextmanager
async def _weights_for_training(app: App) -> AsyncIterator[None]:
    """Convert the model for training in a child at low priority, once, beside the answers."""
    if app.model.gguf is None or converted_path(app.model.gguf, app.settings.cache).is_dir():
        yield
        return
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "engine", "convert", "--background",
        app.settings.model, str(app.settings.cache),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
    )  # fmt: skip
    watch = asyncio.create_task(_log_end(child))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await watch


async def _log_end(child: asyncio.subprocess.Process) -> None:
    _, complaint = await child.communicate()
    if child.returncode and child.returncode > 0:
        _log.warning("model not converted for training", error=complaint.decode().strip())
