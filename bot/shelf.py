"""The directories of adapter versions, kept in line with the registry."""

import asyncio
import shutil
from pathlib import Path

from bot.live import LiveVersions
from storage.versions import Version, Versions

_KEPT = 10  # versions of a domain that one can go back to


class Shelf:
    """Takes away what nobody can go back to."""

    def __init__(self, directory: Path, versions: Versions, live: LiveVersions) -> None:
        self._directory = directory
        self._versions = versions
        self._live = live

    async def retire(self, domain: str) -> None:
        """Keep the newest versions, what is live and what was before.

        What has learned from somebody who is forgotten goes as soon as it is not live.
        """
        live = (await self._versions.live()).get(domain)
        kept = {live, await self._versions.before(domain)}
        found = await self._versions.all(domain)
        for place, version in enumerate(found):
            if version.name != live and (version.tainted or place >= _KEPT) and (
                version.tainted or version.name not in kept
            ):  # fmt: skip
                await self._remove(version)

    async def sweep(self) -> None:
        """Remove what a killed round left: directories that the registry does not know."""
        await asyncio.to_thread(self._sweep, await self._versions.names())

    async def _remove(self, version: Version) -> None:
        await self._live.drop(version.name)
        await self._versions.remove(version.name)
        await asyncio.to_thread(shutil.rmtree, self._directory / version.name, ignore_errors=True)

    def _sweep(self, known: frozenset[str]) -> None:
        if not self._directory.is_dir():
            return
        for path in self._directory.iterdir():
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)
