"""Starter packs: what a field comes with, to be loaded while nothing is known of it."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
from pydantic import ValidationError

from bot.domains import Domain
from bot.knowledge.importing import Importer, Row
from bot.knowledge.retriever import Retriever
from bot.subscribers import Subscribers
from storage.pairs import Pairs

_PERSON = "reactune:starter"  # nobody's own: it stays when the one who loaded it is forgotten
_NAMED = 4
_LAW = re.compile(r"\s*(?:\(|,| 제\d).*")
_log = structlog.get_logger("knowledge")


@dataclass(frozen=True, slots=True)
class Pack:
    """What is in a file of pairs. ``sources``: where most of them are from, the first before all;
    ``more``: there are others. ``as_of``: the dates as of which they hold."""

    pairs: int
    sources: tuple[str, ...]
    more: bool
    as_of: tuple[str, ...]


@dataclass(slots=True)
class Loading:
    """How far it is: the pairs are taught at once, then read one after the other for recall."""

    total: int
    read: int = 0
    state: Literal["running", "done", "failed"] = "running"


class StarterPacks:
    """Loads each pack once for everybody; ``subscribers`` hear the domain when that moves on."""

    def __init__(self, pairs: Pairs, importer: Importer, retriever: Retriever) -> None:
        self.subscribers: Subscribers[str] = Subscribers()
        self._pairs = pairs
        self._importer = importer
        self._retriever = retriever
        self._loading: dict[str, Loading] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def offer(self, domain: Domain) -> Pack | None:
        """What could be loaded; None where something is known already."""
        if domain.starter is None:
            return None
        loading = self.loading(domain.name)
        if not (loading and loading.state == "running"):
            self._loading.pop(domain.name, None)
            if await self._pairs.count(domain.name):
                return None
        return read_pack(domain.starter)

    def loading(self, domain: str) -> Loading | None:
        return self._loading.get(domain)

    def load(self, domain: Domain) -> None:
        """Begin, unless it is on its way already."""
        before = self.loading(domain.name)
        if domain.starter is None or (before and before.state == "running"):
            return
        loading = self._loading[domain.name] = Loading(read_pack(domain.starter).pairs)
        self.subscribers.tell(domain.name)
        task = asyncio.create_task(self._load(domain.name, domain.starter, loading))
        self._tasks.add(task)  # the loop itself keeps no task alive
        task.add_done_callback(self._tasks.discard)

    async def _load(self, name: str, path: Path, loading: Loading) -> None:
        def show(read: int) -> None:
            loading.read = read
            self.subscribers.tell(name)

        try:
            await self._importer.teach(path, _PERSON)
            await self._retriever.embed_all(show)
            loading.state = "done"
        except Exception:
            _log.exception("starter pack not loaded", domain=name)
            loading.state = "failed"
        self.subscribers.tell(name)


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
