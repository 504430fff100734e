"""The tests that need torch are slow; `make test-fast` does not even import them, since torch alone
would take as long as all the rest."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
NEED_TORCH = frozenset(
    _HERE / name
    for name in (
        "adapters/methods/test_bottleneck.py",
        "adapters/test_methods.py",
        "model/test_convert.py",
        "model/test_tokens_agree.py",
        "serving/test_engines_agree.py",
        "serving/test_methods.py",
        "serving/transformers/test_detokenizer.py",
        "serving/transformers/test_engine.py",
        "serving/transformers/test_sampling.py",
        "training/test_encoding.py",
        "training/test_losses.py",
        "training/test_run.py",
        "training/test_trainer.py",
    )
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    fast = config.getoption("markexpr") == "not slow"
    return True if fast and collection_path in NEED_TORCH else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path in NEED_TORCH:
            item.add_marker("slow")
