"""Where an export goes, whatever there was before."""

import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import FileError
from bot.knowledge.importing import write_lines


async def lines() -> AsyncIterator[str]:
    yield "{}"


async def test_a_link_stays_a_link(tmp_path: Path):
    """What it leads to is written, also where that did not exist."""
    for name in ("old", "new"):
        link = tmp_path / f"to-{name}"
        link.symlink_to(name)
        if name == "old":
            (tmp_path / name).write_text("before")
        await write_lines(link, lines())
        assert link.is_symlink()
        assert (tmp_path / name).read_text() == "{}\n"


async def test_a_device_stays_a_device():
    """It is written to."""
    await write_lines(Path("/dev/null"), lines())
    assert Path("/dev/null").is_char_device()


async def test_a_pipe_is_written_to(tmp_path: Path):
    """Whoever reads it gets the lines."""
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    await write_lines(pipe, lines())
    reader.join(10)
    assert got == ["{}\n"]
    assert pipe.is_fifo()


async def test_a_file_keeps_its_mode(tmp_path: Path):
    """A new one is for its owner alone."""
    shared = tmp_path / "shared"
    shared.touch()
    shared.chmod(0o640)
    await write_lines(shared, lines())
    await write_lines(tmp_path / "new", lines())
    assert shared.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["folder", "nowhere/out"])
async def test_what_cannot_be_written_is_named(tmp_path: Path, name: str):
    """In one line."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match=f"{name} cannot be written: "):
        await write_lines(tmp_path / name, lines())
