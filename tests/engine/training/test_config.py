"""The configuration of a round, as its config.json says it."""

import json
from pathlib import Path

import pytest

from engine.training.config import read_config


@pytest.mark.parametrize(
    ("given", "means"), [("adapter", "bottleneck"), ("lightweight", "lora+bottleneck")]
)
def test_the_older_names_of_methods_are_read(tmp_path: Path, given: str, means: str) -> None:
    """A round that was written by an earlier version can still be trained."""
    (tmp_path / "config.json").write_text(json.dumps({"method": given}))
    assert read_config(tmp_path / "config.json").method == means
