"""Which tests of the platforms are slow: bad days, which last as long as they do outside."""

import pytest

BAD_DAYS = frozenset({"test_connection.py", "test_exactly_once.py", "test_starting.py"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in BAD_DAYS:
            item.add_marker("slow")
