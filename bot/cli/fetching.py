"""Models that do not come along, fetched in a process of their own beside whatever goes on."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import cast

import structlog

from bot.app import App
from engine.errors import EngineError
from engine.fetching.base import FetchError
from engine.fetching.catalog import find_fetchable
from engine.retrieval.choose import (
    AUTO,
    EMBEDDINGGEMMA,
    NANO_E5,
    choose_embedder,
    has_embeddinggemma,
)
from storage.errors import StorageError

OnProgress = Callable[[str, int, int], None]
_log = structlog.get_logger("fetching")


async def fetch_model(
    name: str, cache: Path, on_progress: OnProgress = lambda *_: None, *, background: bool = False
) -> None:
    """Fetch the model ``name`` into ``cache``; a cancelled call goes on where it was, next time.

    ``on_progress`` hears (source, bytes that are here, bytes in all). Raises FetchError.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "engine", "fetch", *(["--background"] if background else []),
        name, str(cache),
        stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, env=os.environ.copy(),
    )  # fmt: skip
    try:
        _, complaint = await asyncio.gather(
            _follow(child, on_progress), cast(asyncio.StreamReader, child.stderr).read()
        )
        status = await child.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()
        raise
    if status:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise FetchError(lines[-1] if lines else f"fetching {name} ended with {status}")


async def _follow(child: Process, on_progress: OnProgress) -> None:
    async for line in cast(asyncio.StreamReader, child.stdout):
        told = json.loads(line)
        if "source" in told:
            on_progress(told["source"], told["done"], told["of"])


@contextlib.asynccontextmanager
async def better_recall(app: App, show: Callable[[str], None]) -> AsyncIterator[None]:
    """With EMBEDDER=auto: fetch EmbeddingGemma in the background where it is not here, let it read
    all pairs, and change over. Until then the embedder that is here finds what is known."""
    if app.settings.embedder != AUTO:
        yield
        return
    task = asyncio.create_task(_improve(app, show))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _improve(app: App, show: Callable[[str], None]) -> None:
    settings, indexes = app.settings, app.data.retriever.indexes
    try:
        if not has_embeddinggemma(settings.cache):
            if not settings.fetch:
                return
            show(announcement(EMBEDDINGGEMMA))
            await fetch_model(EMBEDDINGGEMMA, settings.cache, background=True)
        if not (await indexes.embedder()).startswith(f"{NANO_E5}-"):
            return
        make = partial(choose_embedder, EMBEDDINGGEMMA, settings.cache)
        name = await indexes.change_to(make)
    except (EngineError, StorageError) as error:
        _log.warning("recall stays as it is", error=str(error))
        show(f"{EMBEDDINGGEMMA} is not used: {error}")
        return
    _log.info("changed over", embedder=name)
    show(f"{EMBEDDINGGEMMA} finds what is known from now on.")


def announcement(name: str) -> str:
    """What somebody should know before the model ``name`` is fetched in the background."""
    model = find_fetchable(name)
    return (
        f"Fetching {name} in the background, which finds known questions better than {NANO_E5} "
        f"({round(model.size / 1e6)} MB when it is here; {model.terms}). FETCH=off leaves it."
    )
