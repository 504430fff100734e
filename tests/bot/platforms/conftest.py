"""Which tests of the platforms are slow: bad days and streams, which last as they do outside."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
BAD_DAYS = frozenset(
    {
        "test_catching_up.py",
        "test_connection.py",
        "test_exactly_once.py",
        "test_killed.py",
        "test_many.py",
        "test_starting.py",
        "test_streaming.py",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE) and item.path.name in BAD_DAYS:
            item.add_marker("slow")
