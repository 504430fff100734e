"""How much memory this process may still take."""

from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")
MIB = 1024 * 1024


def available_bytes() -> int:
    """Free memory of the machine, or of the container where that is less."""
    free = int(psutil.virtual_memory().available)
    try:
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free
    return min(free, limit - used)
