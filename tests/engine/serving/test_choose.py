"""Which engine serves, and what is refused before anything is loaded."""

from pathlib import Path

import pytest

from engine.config import EngineConfig
from engine.errors import MethodNotServedError
from engine.model.base_model import BaseModel
from engine.serving.choose import choose_engine


@pytest.mark.parametrize("method", ["bottleneck", "lora+bottleneck"])
def test_a_method_that_the_engine_cannot_serve_is_refused(tmp_path: Path, method: str) -> None:
    """Both are named, and the ways out."""
    model = BaseModel("m", gguf=tmp_path / "m.gguf")
    with pytest.raises(MethodNotServedError) as refused:
        choose_engine("llamacpp", model, method, EngineConfig(tmp_path))
    assert str(refused.value) == (
        f"METHOD={method} cannot be served by ENGINE=llamacpp; set ENGINE=transformers or "
        "METHOD=lora"
    )
