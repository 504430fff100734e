"""The tests that need torch are slow; `make test-fast` does not even import them, since torch alone
would take as long as all the rest."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
NEED_TORCH = frozenset(
    {
        "test_adapters.py",
        "test_bottleneck.py",
        "test_convert.py",
        "test_detokenizer.py",
        "test_drawing.py",
        "test_engines_agree.py",
        "test_encoding.py",
        "test_methods.py",
        "test_objective.py",
        "test_round.py",
        "test_tokens_agree.py",
        "test_trainer.py",
        "test_transformers.py",
    }
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    fast = config.getoption("markexpr") == "not slow"
    return True if fast and collection_path.name in NEED_TORCH else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE) and item.path.name in NEED_TORCH:
            item.add_marker("slow")
