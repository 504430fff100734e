"""Starter packs: what a field comes with. The default domain's is loaded by itself at the very
first start; the others, and one that was removed, where somebody wants them."""

import asyncio
import re
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import structlog
from pydantic import ValidationError

from bot.domains import Domain
from bot.errors import FileError
from bot.knowledge.importing import Importer, Row
from bot.knowledge.indexes import Indexes
from bot.subscribers import Subscribers
from storage.errors import StorageError
from storage.pairs import Pairs
from storage.starter_packs import STARTER, LoadedPacks

_NAMED = 4
_LAW = re.compile(r"\s*(?:\(|,| 제\d).*")
_log = structlog.get_logger("knowledge")


@dataclass(frozen=True, slots=True)
class Pack:
    """What is in a file of pairs. ``sources``: where most of them are from, the first before all;
    ``more``: there are others. ``as_of``: the dates as of which they hold. ``loaded``: how many of
    them the database has."""

    pairs: int
    sources: tuple[str, ...]
    more: bool
    as_of: tuple[str, ...]
    loaded: int = 0


@dataclass(slots=True)
class Loading:
    """How far it is: the pairs are taught at once, then read one after the other for recall; or
    that they were ``removed``."""

    total: int
    read: int = 0
    state: Literal["running", "done", "failed", "removed"] = "running"


class StarterPacks:
    """Loads each pack once for everybody; ``subscribers`` hear the domain when that moves on."""

    def __init__(
        self, pairs: Pairs, loaded: LoadedPacks, importer: Importer, indexes: Indexes
    ) -> None:
        self.subscribers: Subscribers[str] = Subscribers()
        self._loaded = loaded
        self._pairs = pairs
        self._importer = importer
        self._indexes = indexes
        self._loading: dict[str, Loading] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def of(self, domain: Domain) -> Pack | None:
        """The pack of ``domain``, loaded or to be loaded; None where others taught all there is.

        Raises StorageError.
        """
        if domain.starter is None:
            return None
        loading = self.loading(domain.name)
        loaded = await self._loaded.count(domain.name)
        if not (loading and loading.state == "running"):
            self._loading.pop(domain.name, None)
            if not loaded and await self._pairs.count(domain.name):
                return None
        return replace(read_pack(domain.starter), loaded=loaded)

    async def load_first(self, domain: Domain) -> int:
        """Load it if nothing was ever known or asked here; how many pairs there are then.

        They are known word for word at once, and in other words after ``read_in``. What fails is in
        the log, and the page offers the pack as before.
        """
        if domain.starter is None or not await self._loaded.untouched():
            return 0
        try:
            return await self._teach(domain.name, domain.starter)
        except (FileError, StorageError) as error:
            _log.error("starter pack not loaded", domain=domain.name, error=str(error))
            return 0

    def read_in(self, domain: Domain, pairs: int) -> None:
        """Read what ``load_first`` has loaded in the background, and tell how far it is."""
        loading = self._loading[domain.name] = Loading(pairs)
        self._begin(self._read_in(domain.name, loading))

    async def remove(self, domain: str) -> int:
        """Take the pack away for good, unless somebody loads it again; how many pairs went.

        What people taught and approved stays. Raises StorageError.
        """
        gone = await self._loaded.remove(domain)
        self._loading[domain] = Loading(0, state="removed")
        _log.info("starter pack removed", domain=domain, pairs=gone)
        self.subscribers.tell(domain)
        return gone

    def loading(self, domain: str) -> Loading | None:
        return self._loading.get(domain)

    def load(self, domain: Domain) -> None:
        """Begin, unless it is on its way already."""
        before = self.loading(domain.name)
        if domain.starter is None or (before and before.state == "running"):
            return
        loading = self._loading[domain.name] = Loading(read_pack(domain.starter).pairs)
        self.subscribers.tell(domain.name)
        self._begin(self._load(domain.name, domain.starter, loading))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself keeps no task alive
        task.add_done_callback(self._tasks.discard)

    def _show(self, name: str, loading: Loading, read: int) -> None:
        loading.read = read
        self.subscribers.tell(name)

    async def _read_in(self, name: str, loading: Loading) -> None:
        await asyncio.wait([self._indexes.warm_up(partial(self._show, name, loading))])
        loading.state = "done"
        self.subscribers.tell(name)

    async def _load(self, name: str, path: Path, loading: Loading) -> None:
        try:
            await self._teach(name, path)
            await self._indexes.embed_all(partial(self._show, name, loading))
            loading.state = "done"
        except Exception:
            _log.exception("starter pack not loaded", domain=name)
            loading.state = "failed"
        self.subscribers.tell(name)

    async def _teach(self, name: str, path: Path) -> int:
        result = await self._importer.teach(path, STARTER)
        await self._loaded.note_loaded(name)
        return result.good


def read_pack(path: Path) -> Pack:
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError:
            continue  # teaching skips and counts it
    named = Counter(_LAW.sub("", row.source) for row in rows if row.source)
    sources = tuple(name for name, _ in named.most_common(_NAMED))
    dates = tuple(sorted({row.as_of for row in rows if row.as_of}))
    return Pack(len(rows), sources, len(named) > _NAMED, dates)
