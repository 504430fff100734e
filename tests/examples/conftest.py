"""The example that needs torch is slow; `make test-fast` does not even import it."""

from pathlib import Path

import pytest

_NEEDS_TORCH = Path(__file__).parent / "test_tuning_method.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    fast = config.getoption("markexpr") == "not slow"
    return True if fast and collection_path == _NEEDS_TORCH else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path == _NEEDS_TORCH:
            item.add_marker("slow")
