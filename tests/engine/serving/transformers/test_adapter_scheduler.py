"""Requests of one version run together; versions alternate without starving anybody."""

import asyncio

import pytest

from engine.serving.transformers.adapter_scheduler import AdapterScheduler


class Room:
    """Records who computes and when weights are flipped; nobody may meet another version."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.inside: list[str] = []
        self.fail = False
        self.turns = AdapterScheduler("base", self._flip)

    async def _flip(self, version: str) -> None:
        assert not self.inside
        await asyncio.sleep(0)
        if self.fail:
            raise RuntimeError("no")
        self.log.append(f"flip {version}")

    async def visit(self, name: str, version: str, leave: asyncio.Event | None = None) -> None:
        async with self.turns.of(version):
            self.log.append(name)
            self.inside.append(version)
            assert len(set(self.inside)) == 1
            await (leave.wait() if leave else asyncio.sleep(0))
            self.inside.remove(version)


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_version_runs_together() -> None:
    """Requests for the version in use go in at once, without a flip."""
    room, leave = Room(), asyncio.Event()
    visits = [asyncio.create_task(room.visit(name, "base", leave)) for name in "ab"]
    await _settle()
    assert room.log == ["a", "b"]
    leave.set()
    await asyncio.gather(*visits)


async def test_another_version_waits_and_nobody_overtakes_it() -> None:
    """Once another version waits, newcomers of the current one stand behind it."""
    room, leave = Room(), asyncio.Event()
    visits = [asyncio.create_task(room.visit("a", "base", leave))]
    await _settle()
    visits.append(asyncio.create_task(room.visit("b", "one")))
    await _settle()
    visits.append(asyncio.create_task(room.visit("late", "base")))
    await _settle()
    assert room.log == ["a"]
    leave.set()
    await asyncio.gather(*visits)
    assert room.log == ["a", "flip one", "b", "flip base", "late"]


async def test_all_who_wait_for_a_version_start_together() -> None:
    """One flip serves everybody who waits for that version, in whatever order they came."""
    room, leave = Room(), asyncio.Event()
    visits = [asyncio.create_task(room.visit("a", "base", leave))]
    await _settle()
    for name, version in [("b", "one"), ("c", "base"), ("d", "one")]:
        visits.append(asyncio.create_task(room.visit(name, version)))
        await _settle()
    leave.set()
    await asyncio.gather(*visits)
    assert room.log == ["a", "flip one", "b", "d", "flip base", "c"]


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    """When the only one who waits for another version is cancelled, the others go in."""
    room, leave = Room(), asyncio.Event()
    first = asyncio.create_task(room.visit("a", "base", leave))
    await _settle()
    quitter = asyncio.create_task(room.visit("b", "one"))
    await _settle()
    last = asyncio.create_task(room.visit("c", "base"))
    await _settle()
    quitter.cancel()
    await _settle()
    assert room.log == ["a", "c"]
    leave.set()
    await asyncio.gather(first, last)


async def test_cancelled_in_the_moment_of_being_let_in() -> None:
    """A turn that was given and not taken is given back."""
    room, leave = Room(), asyncio.Event()
    first = asyncio.create_task(room.visit("a", "base", leave))
    await _settle()
    second = asyncio.create_task(room.visit("b", "one"))
    await _settle()
    leave.set()
    while "flip one" not in room.log:  # noqa: ASYNC110
        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, room.visit("c", "base"))
    assert room.log[-2:] == ["flip base", "c"]


async def test_a_failed_flip_reaches_those_who_wait_for_it() -> None:
    """They get the error; the version that was in use still is."""
    room = Room()
    room.fail = True
    with pytest.raises(RuntimeError):
        await room.visit("a", "one")
    await room.visit("b", "base")
    assert room.log == ["b"]
