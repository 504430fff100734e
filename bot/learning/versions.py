"""Which adapter version each domain is answered with: what the registry says, once it is loaded."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf
from pathlib import Path

import structlog

from bot.errors import RefusedError
from bot.texts import Language, say
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError, EngineError
from engine.serving.base import Engine
from storage.errors import StorageError
from storage.versions import VersionRegistry

_log = structlog.get_logger("versions")
_AGAIN_S = 50.0  # after which a version that could not be loaded is tried again
Check = Callable[[Path], AdapterVersion]
Ready = Callable[[str], Awaitable[None]]
# Versions of a domain that one can go back to, and those that were never live.
_KEPT, _KEPT_UNTRIED = 10, 3


class Deployment:
    """Follows the registry, whoever changes it: new requests go to a version when it is ready.

    ``check`` reads a version's directory and refuses what does not belong to the base model.
    """

    def __init__(
        self, engine: Engine, versions: VersionRegistry, directory: Path, check: Check
    ) -> None:
        self._engine = engine
        self._versions = versions
        self._directory = directory
        self._check = check
        self._live: dict[str, str] = {}
        self._refused: dict[str, float] = {}  # version → when, on a clock that only goes forward
        self._changing = asyncio.Lock()

    def of(self, domain: str) -> str | None:
        """The version that answers in ``domain`` now; None: the bare base model."""
        return self._live.get(domain)

    async def start(self) -> None:
        """Start the engine, at once with what is live and with what was: going back is quick.

        Raises ModelError and StorageError.
        """
        names = dict.fromkeys((await self._versions.live()).values())
        for domain in await self._versions.live():
            if before := await self._versions.before(domain):
                names[before] = None
        found = []
        for name in names:
            with suppress(AdapterError):  # ``follow`` says so
                found.append(await asyncio.to_thread(self._check, self._directory / name))
        await self._engine.start(found)
        await self.follow()

    async def follow(self) -> None:
        """Bring what answers in line with the registry.

        A version that cannot be loaded is named in the log, and what was there goes on answering.
        """
        wanted = await self._versions.live()
        for domain in self._live.keys() - wanted.keys():
            del self._live[domain]
        for domain, name in wanted.items():
            refused = self._refused.get(name, -inf)
            if self._live.get(domain) == name or time.monotonic() - refused < _AGAIN_S:
                continue
            try:
                await self.ready(name)
            except EngineError as error:
                self._refused[name] = time.monotonic()
                _log.error("version not loaded", domain=domain, version=name, error=str(error))
            else:
                if (await self._versions.live()).get(domain) != name:
                    continue  # somebody went back while it was loaded
                self._live[domain] = name
                self._refused.pop(name, None)
                _log.info("version live", domain=domain, version=name)
        known = await self._versions.names()
        for name in self._engine.stats.versions:
            if name not in known:  # another process has removed it, maybe for somebody forgotten
                await self.drop(name)

    async def ready(self, name: str) -> None:
        """Have ``name`` loaded beside what answers. Raises AdapterError that names it."""
        if self._engine.ready(name):
            return
        async with self._changing:
            if not self._engine.ready(name):
                version = await asyncio.to_thread(self._check, self._directory / name)
                await self._engine.load(version)

    async def drop(self, name: str) -> None:
        """Unload a version that answers nowhere."""
        if name not in self._live.values():
            await self._engine.unload(name)


class Promoter:
    """Changes what is live. ``ready`` makes sure that a version can be served: EngineError."""

    def __init__(self, versions: VersionRegistry, ready: Ready, language: Language) -> None:
        self._versions = versions
        self._ready = ready
        self._language = language

    async def go(self, domain: str, version: str | None, reason: str) -> None:
        """Let ``version`` answer (None: the base model). Raises RefusedError."""
        try:
            if version is not None:
                await self._ready(version)
            await self._versions.promote(domain, version, reason)
        except (EngineError, StorageError) as error:
            raise self._refusal("version_refused", error=error) from error

    async def go_back(self, domain: str, by: str, to: str | None = None) -> str | None:
        """Let ``to`` answer, or what was live before; what it is (None: the base model).

        Raises RefusedError when there is nothing to go back to, or it cannot be served.
        """
        if to is None and domain not in await self._versions.live():
            raise self._refusal("rollback_nothing", domain=domain)
        target = to or await self._versions.before(domain)
        await self.go(domain, target, f"rollback by {by}")
        return target

    def _refusal(self, key: str, **values: object) -> RefusedError:
        return RefusedError(say(key, self._language, **values))


class VersionRetention:
    """Takes away what nobody can go back to."""

    def __init__(self, directory: Path, versions: VersionRegistry, live: Deployment) -> None:
        self._directory = directory
        self._versions = versions
        self._live = live

    async def retire(self, domain: str, waiting: str | None = None) -> None:
        """Keep what is live, what was before, what is ``waiting`` to be approved, the newest that
        ever were live, and a few others.

        What has learned from somebody who is forgotten goes as soon as it is not live.
        """
        live = (await self._versions.live()).get(domain)
        tried = await self._versions.ever_live(domain)
        found = await self._versions.all(domain)
        kept = {live, waiting, await self._versions.before(domain)}
        kept.update([v.name for v in found if v.name in tried][:_KEPT])
        kept.update([v.name for v in found if v.name not in tried][:_KEPT_UNTRIED])
        for version in found:
            if version.name != live and (version.contains_forgotten or version.name not in kept):
                await self.remove(version.name)

    async def remove(self, name: str) -> None:
        """Take a version out of the engine, the registry and the disk; it must not be live."""
        await self._live.drop(name)
        await self._versions.remove(name)
        await asyncio.to_thread(shutil.rmtree, self._directory / name, ignore_errors=True)

    async def remove_orphans(self) -> None:
        """Remove what a killed round left: a version that nobody has judged, directories that the
        registry does not know, and names in it that have none."""
        live = set((await self._versions.live()).values())
        for name in await self._versions.unusable() - live:
            await self.remove(name)
        names = await self._versions.names()
        for name in names - live:
            if not (self._directory / name).is_dir():
                await self._versions.remove(name)
        await asyncio.to_thread(self._sweep, names)

    def _sweep(self, known: frozenset[str]) -> None:
        if not self._directory.is_dir():
            return
        for path in self._directory.iterdir():
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)
