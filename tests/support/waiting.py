"""Waiting for something that happens on another side of a wire."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

SOON_S = 3.0  # what takes a second at most, with room for a busy machine

T = TypeVar("T")


async def until(look: Callable[[], T], within_s: float = 20.0) -> T:
    """Ask again and again until ``look`` finds something; what it found."""
    end = asyncio.get_running_loop().time() + within_s
    while not (found := look()):
        if asyncio.get_running_loop().time() > end:
            raise AssertionError("it did not happen in time")
        await asyncio.sleep(0.01)
    return found
