"""Whoever wants to hear of something: the one way to publish and subscribe."""

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import structlog

News = TypeVar("News")
_log = structlog.get_logger("subscribers")


class Subscribers(Generic[News]):
    """Each subscriber is called with each piece of news, in the order in which they came."""

    def __init__(self) -> None:
        self._subscribers: dict[Callable[[News], Any], None] = {}

    def __bool__(self) -> bool:
        return bool(self._subscribers)

    def subscribe(self, subscriber: Callable[[News], Any]) -> None:
        self._subscribers[subscriber] = None

    def unsubscribe(self, subscriber: Callable[[News], Any]) -> None:
        self._subscribers.pop(subscriber, None)

    def tell(self, news: News) -> None:
        """Call all, plain functions, at once."""
        for subscriber in list(self._subscribers):
            subscriber(news)

    async def deliver(self, news: News) -> None:
        """Call all, coroutine functions, side by side, and wait for them."""
        await asyncio.gather(*(_delivered(each, news) for each in list(self._subscribers)))


async def _delivered(subscriber: Callable[[News], Any], news: News) -> None:
    try:
        await subscriber(news)
    except Exception:  # one who cannot listen must not keep the others from hearing
        _log.exception("news not delivered", news=type(news).__name__, id=getattr(news, "id", None))
