"""Examples are short enough to be read at once."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
WHOLE = sorted(path for path in EXAMPLES.iterdir() if not path.name.startswith("__"))


@pytest.mark.parametrize("example", WHOLE, ids=lambda path: path.name)
def test_an_example_has_less_than_150_lines(example: Path) -> None:
    """All its files together. What is longer belongs into the product, or is no example."""
    files = [path for path in (example, *example.rglob("*")) if path.suffix in (".py", ".toml")]
    assert 0 < sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) < 150
