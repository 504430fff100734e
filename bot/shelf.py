"""The directories of adapter versions, kept in line with the registry."""

import asyncio
import shutil
from pathlib import Path

from bot.live import LiveVersions
from storage.versions import Versions

# Versions of a domain that one can go back to, and those that were never live.
_KEPT, _KEPT_UNTRIED = 10, 3


class Shelf:
    """Takes away what nobody can go back to."""

    def __init__(self, directory: Path, versions: Versions, live: LiveVersions) -> None:
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
            if version.name != live and (version.tainted or version.name not in kept):
                await self.remove(version.name)

    async def remove(self, name: str) -> None:
        """Take a version out of the engine, the registry and the disk; it must not be live."""
        await self._live.drop(name)
        await self._versions.remove(name)
        await asyncio.to_thread(shutil.rmtree, self._directory / name, ignore_errors=True)

    async def sweep(self) -> None:
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
