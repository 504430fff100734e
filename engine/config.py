"""How the engine is set up: numbers that belong to serving, checked at birth."""

from dataclasses import dataclass, field
from pathlib import Path

import psutil


def physical_cores() -> int:
    """Cores that compute at the same time; a second thread on a core does not help matrices."""
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """The room that the requests of one engine share, and where converted files are kept.

    context: tokens of one request, prompt and answer together.
    slots: requests computed at the same time; ``waiting`` more may queue.
    """

    cache: Path
    context: int = 2048
    slots: int = 8
    waiting: int = 256
    threads: int = field(default_factory=physical_cores)

    def __post_init__(self) -> None:
        for name in ("context", "slots", "threads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; temperature 0 is greedy. ``seed`` makes sampling repeatable."""

    temperature: float = 0.0
    top_p: float = 0.95
    seed: int = 0
    max_tokens: int = 256

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise ValueError(f"temperature must be from 0 to 2, not {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, not {self.top_p}")
        if self.max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, not {self.max_tokens}")


GREEDY = Sampling()
