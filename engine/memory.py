"""How much memory this process may still take."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

MIB = 1024 * 1024
_CGROUPS = Path("/sys/fs/cgroup")
_OURS = Path("/proc/self/cgroup")


def available_bytes() -> int:
    """Free memory of the machine, or of the tightest control group (container, service) around us.

    Version 2 of control groups; page cache that can be dropped counts as free.
    """
    free = int(psutil.virtual_memory().available)
    return min([free, *(_left(group) for group in _groups() if (group / "memory.max").exists())])


def _groups() -> Iterator[Path]:
    """Our control group and all above it, each of which may have a limit."""
    try:
        path = _OURS.read_text().strip().rpartition("::")[2].strip("/")
    except OSError:  # not Linux
        return
    group = _CGROUPS / path
    yield group
    while group != _CGROUPS:
        group = group.parent
        yield group


def _left(group: Path) -> int:
    try:
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
        statistics = dict(
            line.split(maxsplit=1) for line in (group / "memory.stat").read_text().splitlines()
        )
        return limit - used + int(statistics["inactive_file"])
    except (OSError, ValueError, KeyError):  # no limit says "max"
        return int(psutil.virtual_memory().total)


def resident_bytes() -> int:
    """What this process and those that it has started hold in memory; shared pages count each."""
    us = psutil.Process()
    total = 0
    for process in (us, *us.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # it ended while we looked
            total += int(process.memory_info().rss)
    return total
