"""Fetched models in the cache: each file whole or not there, fetched by one process at a time."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import EngineError
from engine.fetching.base import FetchError, OnProgress, Source, UnreachableError
from engine.files import sync
from engine.memory import MIB

_SPARE = 64 * MIB  # of disk: names, and what others write meanwhile


@dataclass(frozen=True, slots=True)
class Fetchable:
    """A model that does not come along.

    ``file``: its name in the cache. ``size``: its bytes. ``check`` raises EngineError where a file
    is not what it should be. ``sources`` are tried in this order.
    """

    name: str
    file: str
    size: int
    terms: str
    check: Callable[[Path], object]
    sources: Sequence[Source]


def fetch(
    model: Fetchable,
    cache: Path,
    *,
    on_progress: Callable[[str, int, int], None] = lambda source, done, of: None,
) -> Path:
    """The file of ``model`` in ``cache``, from the first source that can be reached.

    ``on_progress`` hears (source, bytes that are here, bytes in all). What was fetched before is
    kept, also when this breaks off. Raises FetchError.
    """
    target = cache / model.file
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(target, on_progress):
            if not target.is_file():
                _fetch(model, target, on_progress)
    except OSError as error:
        raise _not_written(cache, error) from error
    return target


def take(model: Fetchable, file: Path, cache: Path) -> Path:
    """Copy ``file``, which somebody has brought with --file, into ``cache``.

    Raises FetchError, for what ``model.check`` says of the file as well.
    """
    try:
        if not file.is_file():
            raise FetchError(f"{file} is no file")
        model.check(file)
    except EngineError as error:
        raise FetchError(
            f"{error}; give another file with --file, or leave --file out to fetch {model.name}"
        ) from error
    target = cache / model.file
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_one(target, lambda *_: None):
            _check_room(cache, file.stat().st_size)
            unfinished = target.with_name(f"{target.name}.unfinished")
            try:
                shutil.copyfile(file, unfinished)
                _put(unfinished, target)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(cache, error) from error
    return target


def _fetch(model: Fetchable, target: Path, on_progress: Callable[[str, int, int], None]) -> None:
    failures = []
    for number, source in enumerate(model.sources):
        folder = target.with_name(f"{target.name}.{number}.unfinished")
        folder.mkdir(exist_ok=True)
        here = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        try:
            _check_room(target.parent, source.room - here)
            file = source.fetch(folder, _of(source, on_progress))
        except UnreachableError as error:
            failures.append(str(error))
            continue
        model.check(file)
        _put(file, target)
        for left in target.parent.glob(f"{target.name}.*.unfinished"):
            shutil.rmtree(left, ignore_errors=True)
        return
    raise UnreachableError(
        f"{model.name} cannot be fetched: {'; '.join(failures)}. Bring its file from elsewhere: "
        f"reactune models get {model.name} --file PATH"
    )


def _of(source: Source, on_progress: Callable[[str, int, int], None]) -> OnProgress:
    return lambda done, of: on_progress(source.name, done, of)


def _put(file: Path, target: Path) -> None:
    """A file of this name is always whole, whoever was killed."""
    sync(file)
    file.replace(target)
    sync(target.parent)


def _only_one(target: Path, on_progress: Callable[[str, int, int], None]) -> FileLock:
    """The lock of this file, acquired; the system releases it when its process dies."""
    lock = FileLock(f"{target}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_progress("another process that fetches it already", 0, 0)
        lock.acquire()
    return lock


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise FetchError(
            f"fetching needs {(needed + _SPARE) // MIB} MB in {folder} and {free // MIB} MB are "
            "free; free some space or set REACTUNE_CACHE to another folder"
        )


def _not_written(cache: Path, error: OSError) -> FetchError:
    return FetchError(
        f"{cache} cannot be written: {error.strerror or error}; free some space or set "
        "REACTUNE_CACHE to another folder"
    )
