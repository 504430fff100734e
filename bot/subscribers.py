"""Open tabs that want to hear of something."""

from collections.abc import Callable
from typing import Generic, TypeVar

Told = TypeVar("Told")


class Subscribers(Generic[Told]):
    """Everybody who watches is told, at once and in no order."""

    def __init__(self) -> None:
        self._watchers: set[Callable[[Told], object]] = set()

    def watch(self, watcher: Callable[[Told], object]) -> None:
        self._watchers.add(watcher)

    def unwatch(self, watcher: Callable[[Told], object]) -> None:
        self._watchers.discard(watcher)

    def tell(self, told: Told) -> None:
        for watcher in list(self._watchers):
            watcher(told)
