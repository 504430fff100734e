"""Shared fixtures: the tiny models of tests.support, with adapters and a cache for conversions."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from engine.adapters.published import AdapterVersion
from engine.model.base_model import BaseModel
from tests.support.tiny_model import write_tiny_adapter, write_tiny_model

# 200 ms an example, as hypothesis has it, judges how busy the machine is.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
os.environ["FETCH"] = "off"  # no test fetches a model, not even in a process that it starts


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole programs first: they take longest, and everything else fits around them."""
    items.sort(key=lambda item: "flows" not in item.path.parts)


@pytest.fixture(scope="session")
def tiny_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds everything tiny; "cache" in it is the engines' cache."""
    directory = tmp_path_factory.mktemp("tiny")
    for arch in ("gemma3", "llama"):
        write_tiny_model(directory / f"{arch}.gguf", arch=arch)
    return directory


@pytest.fixture(scope="session")
def tiny_cache(tiny_directory: Path) -> Path:
    return tiny_directory / "cache"


@pytest.fixture(scope="session")
def tiny_gemma(tiny_directory: Path) -> BaseModel:
    return BaseModel("tiny-gemma3", gguf=tiny_directory / "gemma3.gguf")


@pytest.fixture(scope="session")
def tiny_llama(tiny_directory: Path) -> BaseModel:
    return BaseModel("tiny-llama", gguf=tiny_directory / "llama.gguf")


@pytest.fixture(scope="session")
def tiny_adapters(tiny_directory: Path) -> dict[str, AdapterVersion]:
    """LoRA versions "one" and "two", which answer differently; they fit both tiny models."""
    return {
        name: AdapterVersion(name, write_tiny_adapter(tiny_directory / name, seed=seed))
        for seed, name in enumerate(("one", "two"), start=1)
    }


@pytest.fixture(scope="session")
def tiny_gguf(tiny_gemma: BaseModel) -> Path:
    assert tiny_gemma.gguf is not None
    return tiny_gemma.gguf
