"""Examples are short enough to be read at once."""

from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_has_less_than_150_lines(example: Path) -> None:
    """What is longer belongs into the product, or is no example."""
    assert len(example.read_text(encoding="utf-8").splitlines()) < 150
