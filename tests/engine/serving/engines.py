"""Both engines on a tiny model."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.adapters.published import AdapterVersion
from engine.config import EngineConfig
from engine.model.base_model import BaseModel
from engine.serving.base import Engine
from engine.serving.llamacpp.engine import LlamaCppEngine

ENGINES = ("llamacpp", "transformers")


@asynccontextmanager
async def running(
    name: str,
    model: BaseModel,
    cache: Path,
    versions: Sequence[AdapterVersion] = (),
    **config: int,
) -> AsyncIterator[Engine]:
    """The engine, started with ``versions``, computing in 32 bits, and closed in the end."""
    settings = EngineConfig(
        cache=cache, **({"context": 256, "slots": 2, "waiting": 2, "threads": 1} | config)
    )
    with pytest.MonkeyPatch.context() as patch:
        engine = _engine(name, model, settings, patch)
        try:
            await engine.start(versions)
            yield engine
        finally:
            await engine.close()


def _engine(
    name: str, model: BaseModel, settings: EngineConfig, patch: pytest.MonkeyPatch
) -> Engine:
    if name == "llamacpp":
        return LlamaCppEngine(model, settings)
    import torch  # only where it is needed: it takes seconds

    from engine.serving.transformers.engine import TransformersEngine

    patch.setattr("engine.model.checkpoint.serving_dtype", lambda device: torch.float32)
    return TransformersEngine(model, settings)
