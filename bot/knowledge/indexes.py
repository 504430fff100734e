"""One index of questions for each domain, brought up to date before every search."""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Literal, NamedTuple, Self, TypeVar, TypeVarTuple

import numpy as np
import structlog

from bot.knowledge.embedding import Embedding
from bot.knowledge.thresholds import Thresholds
from engine.errors import EngineError
from engine.retrieval.calibration import NEVER, Threshold
from engine.retrieval.embedders.base import Embedder
from engine.retrieval.index import Found, Index
from engine.retrieval.index import Pair as Indexed
from storage.errors import StorageError
from storage.judgement import Rank
from storage.pairs import EmbeddedPair, Pairs

_AT_ONCE = 2000  # pairs that are read from the database in one go
_READ_NOW = 8  # pairs that are embedded before the next answer, 2 s; more go to the background
_BATCH = 32
_RELATED = 0.05  # a pair with a lower score has nothing to do with the question
_CALIBRATE_EVERY_S = 30.0
_log = structlog.get_logger("retrieval")
Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class _Part(NamedTuple):
    """What is searched as a whole."""

    domain: str
    kind: Literal["known", "unapproved"]

    @classmethod
    def of(cls, pair: EmbeddedPair) -> Self:
        return cls(pair.domain, "known" if pair.rank > Rank.PERSON else "unapproved")


class Indexes:
    """What is known, by meaning, with where "known" begins; and beside it, where it can mislead
    nobody, what one person says and nobody has approved.

    Searching happens on one thread of its own and embedding on another: the event loop goes on, and
    the indexes need no locks.
    """

    def __init__(
        self, pairs: Pairs, embedder: Callable[[], Embedder], thresholds: Thresholds
    ) -> None:
        """``embedder``: loads it, when something is to be embedded for the first time."""
        self._pairs = pairs
        self._make_embedder = embedder
        self._embedding: Embedding | None = None
        self._loading = asyncio.Lock()
        self._indexes: dict[_Part, Index] = {}
        self._part_of: dict[int, _Part] = {}
        self._revision = 0  # of the latest change that the indexes know
        self._find_thresholds = thresholds
        self._thresholds: dict[str, Threshold] = {}
        self._calibrated = -math.inf  # when they were measured, on the clock of the process
        self._updating = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recall")
        self._reader: asyncio.Task[None] | None = None
        self._unread = False  # pairs have no vector yet

    async def near(
        self, domain: str, question: str, most: int, without: Collection[int] = ()
    ) -> list[Found]:
        """What is known and has to do with ``question``, nearest first, as if ``without`` were not
        stored.

        Raises StorageError and EngineError.
        """
        # Shielded: somebody who stops waiting must not leave the indexes half changed.
        searching = self._found(_Part(domain, "known"), question, most, without)
        return await asyncio.shield(asyncio.ensure_future(searching))

    async def unapproved(
        self, domain: str, question: str, most: int, without: Collection[int] = ()
    ) -> list[Found]:
        """The same of what one person says and nobody has approved."""
        searching = self._found(_Part(domain, "unapproved"), question, most, without)
        return await asyncio.shield(asyncio.ensure_future(searching))

    def threshold(self, domain: str) -> float:
        """The score from which a pair counts as known in ``domain``.

        NEVER while nothing is, and while pairs are unread: a nearer one may be among them.
        """
        found = self._thresholds.get(domain)
        return found.value if found and not self._unread else NEVER

    async def embed_all(
        self, show: Callable[[int], None] = lambda _: None, *, most: float = math.inf
    ) -> bool:
        """Embed the pairs that have no vector yet, the newest first; ``show`` gets how many.

        False when there were more than ``most``, and some are left.
        """
        await self._embedding_now()
        done = 0
        while rows := await self._pairs.without_vector(last=_BATCH):
            if done >= most:
                return False
            await self._read(rows)
            done += len(rows)
            show(done)
        return True

    def warm_up(self, show: Callable[[int], None] = lambda _: None) -> asyncio.Task[None]:
        """Get ready in the background, so that the first question need not wait; ``show`` gets how
        many pairs are read. The task, which never fails."""
        self._reader = self._reader or asyncio.create_task(self._read_rest(show))
        return self._reader

    async def close(self) -> None:
        if self._reader:
            self._reader.cancel()
            await asyncio.wait({self._reader})
        if self._embedding:
            await self._embedding.close()
        self._thread.shutdown()

    async def embedder(self) -> str:
        """The name of the embedder that is in use. Raises EngineError where it cannot be loaded."""
        return (await self._embedding_now()).embedder.name

    async def change_to(
        self, embedder: Callable[[], Embedder], show: Callable[[int], None] = lambda _: None
    ) -> str:
        """Read all pairs with another embedder, and then search with it; its name.

        Until then everything is found as before. Broken off, it goes on where it was; ``show`` gets
        how many pairs were read. Raises EngineError and StorageError, with nothing changed.
        """
        following = await Embedding.load(embedder)
        name = following.embedder.name
        try:
            done = 0
            while rows := await self._pairs.unprepared(name, last=_BATCH):
                await self._pairs.prepare_vectors(name, rows, await _halves(following, rows))
                done += len(rows)
                show(done)
            await asyncio.shield(asyncio.ensure_future(self._change_over(following)))
        except BaseException:
            if self._embedding is not following:
                await following.close()
            raise
        return name

    async def _change_over(self, following: Embedding) -> None:
        async with self._updating, self._loading:
            await self._pairs.change_embedder(following.embedder.name)
            before, self._embedding = self._embedding, following
            self._indexes, self._part_of = {}, {}
            self._revision, self._calibrated = 0, -math.inf
        if before:
            await before.close()

    async def _found(
        self, part: _Part, question: str, most: int, without: Collection[int]
    ) -> list[Found]:
        if not self._indexes or part in self._indexes:
            # Before this question's turn to search: those that wait are embedded together.
            await (await self._embedding_now()).question(question)
        async with self._updating:
            await self._catch_up()
            return await self._near(part, question, most, without)

    async def _near(
        self, part: _Part, question: str, most: int, without: Collection[int]
    ) -> list[Found]:
        index = self._indexes.get(part)
        if index is None:
            return []
        vector = await (await self._embedding_now()).question(question)
        search = partial(index.search, question, vector, most, without=without)
        return [f for f in await self._on_thread(search) if f.score >= _RELATED]

    async def _catch_up(self) -> None:
        """Read what changed since the last look, by whichever process."""
        self._revision = await self._taken_from(self._revision or await self._load())
        reading = self._reader is not None and not self._reader.done()
        rows = await self._pairs.without_vector(last=_READ_NOW, only_said=reading)
        self._unread = reading or len(rows) == _READ_NOW
        if rows:
            await self._read(rows)
            self._revision = await self._taken_from(self._revision)
            if len(rows) == _READ_NOW and not reading:
                self._reader = asyncio.create_task(self._read_rest())
        if time.monotonic() - self._calibrated >= _CALIBRATE_EVERY_S:
            self._calibrated = time.monotonic()
            await self._calibrate()

    async def _calibrate(self) -> None:
        """Measure anew where known begins, on what people said about earlier answers."""
        embedder = (await self._embedding_now()).embedder
        for domain in {part.domain for part in self._indexes}:
            found = await self._find_thresholds.of(domain, embedder.name, embedder.verifier)
            if found != self._thresholds.get(domain):
                _log.debug("threshold", domain=domain, **asdict(found))
            self._thresholds[domain] = found

    async def _load(self) -> int:
        revision = await self._pairs.revision()
        after = 0
        while rows := await self._pairs.all(after, last=_AT_ONCE):
            await self._take({row.id: row for row in rows})
            after = rows[-1].id
        return revision

    async def _taken_from(self, revision: int) -> int:
        """Take the changes after ``revision``; the one reached."""
        while True:
            revision, changed = await self._pairs.changed(revision, last=_AT_ONCE)
            if not changed:
                return revision
            await self._take(changed)

    async def _take(self, reads: Mapping[int, EmbeddedPair | None]) -> None:
        """Bring the indexes in line with these pairs; None: the pair is gone."""
        embedder = (await self._embedding_now()).embedder
        ready: dict[_Part, list[EmbeddedPair]] = {}
        for pair_id, read in reads.items():
            if (old := self._part_of.pop(pair_id, None)) is not None:
                self._indexes[old].remove(pair_id)
            whole = read and read.vector and len(read.vector) == 2 * embedder.dimensions
            if read and whole and read.embedder == embedder.name:
                ready.setdefault(_Part.of(read), []).append(read)
        for part, found in ready.items():
            index = self._indexes.setdefault(part, Index(embedder.dimensions, embedder.verifier))
            vectors = np.stack([np.frombuffer(r.vector or b"", np.float16) for r in found])
            rows = [Indexed(r.id, r.question, _support(r), r.answer) for r in found]
            await self._on_thread(index.put_many, rows, vectors.astype(np.float32))
            self._part_of.update({r.id: part for r in found})

    async def _read(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Embed pairs and keep their vectors."""
        embedding = await self._embedding_now()
        kept = await _halves(embedding, rows)
        async with self._loading:
            if embedding is self._embedding:  # else another took over, and reads them itself
                await self._pairs.put_vectors(embedding.embedder.name, rows, kept)

    async def _read_rest(self, show: Callable[[int], None] = lambda _: None) -> None:
        try:
            if await self._pairs.any():
                await self.embed_all(show)
        except (EngineError, StorageError) as error:
            _log.error("pairs not embedded", error=str(error))

    async def _embedding_now(self) -> Embedding:
        if self._embedding is None:
            async with self._loading:
                if self._embedding is None:
                    loaded = await Embedding.load(self._make_embedder)
                    await self._pairs.set_embedder(loaded.embedder.name)
                    self._embedding = loaded
        return self._embedding

    async def _on_thread(self, function: Callable[[*Given], Result], *arguments: *Given) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)


async def _halves(embedding: Embedding, rows: Sequence[tuple[int, str, str]]) -> list[bytes]:
    """The vectors of pairs as they are stored: numbers of 16 bits."""
    vectors = await embedding.pairs([(question, answer) for _, question, answer in rows])
    return [vector.astype(np.float16).tobytes() for vector in vectors]


def _support(pair: EmbeddedPair) -> float:
    """Of two pairs with the same question the higher one is found: rank first, then people."""
    return pair.rank + pair.support / (1.0 + pair.support)
