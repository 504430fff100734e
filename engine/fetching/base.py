"""What every place that a model is fetched from promises."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engine.errors import EngineError

OnProgress = Callable[[int, int], None]  # (bytes that are here, bytes in all)


class FetchError(EngineError):
    """The model cannot be fetched; the line says why and what else can be done."""


class UnreachableError(FetchError):
    """This source does not answer here; another one may."""


class Source(Protocol):
    """One place that has a model."""

    @property
    def name(self) -> str:
        """Where that is, in words."""
        ...

    @property
    def room(self) -> int:
        """Bytes of disk that fetching needs, what was fetched before included."""
        ...

    def fetch(self, folder: Path, on_progress: OnProgress) -> Path:
        """The model as one file within ``folder``, checked against its pinned hash.

        What is in ``folder`` already, from an attempt that was broken off, is not fetched again.
        Raises UnreachableError, FetchError, and OSError where ``folder`` cannot be written.
        """
        ...
