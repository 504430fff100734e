"""One file of a repository on the hub, over HTTP, gone on with where it was broken off."""

import os
from dataclasses import dataclass
from pathlib import Path

import httpx

from engine.fetching.base import FetchError, OnProgress, UnreachableError
from engine.files import sha256

_OFF = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_PARTIAL = 206
_TOLD = 1 << 20  # bytes between two words of progress
_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Hub:
    """``file`` of ``repository`` at ``revision``. Heeds HF_ENDPOINT (a mirror), HF_TOKEN and
    HF_HUB_OFFLINE."""

    repository: str
    file: str
    revision: str
    size: int
    sha256: str
    endpoint: str | None = None  # where the hub is; None: where huggingface_hub looks for it

    @property
    def name(self) -> str:
        return f"the hub ({self.repository})"

    @property
    def room(self) -> int:
        return self.size

    def fetch(self, folder: Path, on_progress: OnProgress) -> Path:
        """The file in ``folder``; see Source."""
        target = folder / self.file
        if target.is_file():
            return target
        if any(os.environ.get(name, "").upper() in ("1", "TRUE", "YES", "ON") for name in _OFF):
            raise UnreachableError(f"{self.name} is not asked: HF_HUB_OFFLINE is set")
        unfinished = folder / f"{self.file}.unfinished"
        while (before := _size(unfinished)) < self.size:
            try:
                self._read(unfinished, on_progress)
            except httpx.HTTPError as error:
                if _size(unfinished) > before:  # the line broke: go on where it was
                    continue
                why = str(error) or type(error).__name__
                raise UnreachableError(f"{self.name} cannot be reached: {why}") from error
        if (found := sha256(unfinished)) != self.sha256:
            unfinished.unlink()
            raise FetchError(
                f"{self.file} from {self.name} is another file than was measured (sha256 {found}); "
                "it was removed"
            )
        return unfinished.rename(target)

    def _read(self, unfinished: Path, on_progress: OnProgress) -> None:
        from huggingface_hub import hf_hub_url
        from huggingface_hub.utils._headers import build_hf_headers

        here = _size(unfinished)
        url = hf_hub_url(self.repository, self.file, revision=self.revision, endpoint=self.endpoint)
        headers = build_hf_headers() | {"range": f"bytes={here}-", "accept-encoding": "identity"}
        with httpx.stream(
            "GET", url, headers=headers, timeout=_TIMEOUT_S, follow_redirects=True
        ) as response:
            response.raise_for_status()
            if response.status_code != _PARTIAL:  # it does not know how to go on
                here = 0
            with unfinished.open("ab" if here else "wb") as file:
                for piece in response.iter_raw():
                    here += file.write(piece)
                    if here % _TOLD < len(piece) or here == self.size:
                        on_progress(here, self.size)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
