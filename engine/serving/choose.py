"""Which engine serves: ENGINE, or what suits the model, the method and the machine."""

import shutil
import subprocess
from collections.abc import Callable, Mapping

from engine.adapters.methods import METHODS, served_by
from engine.config import EngineConfig
from engine.errors import MethodNotServedError
from engine.model.base_model import BaseModel
from engine.serving.base import Engine


def _llamacpp(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.llamacpp.engine import LlamaCppEngine

    return LlamaCppEngine(model, config)


def _transformers(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.transformers.engine import TransformersEngine  # brings torch: seconds

    return TransformersEngine(model, config)


# A new engine is a folder beside this file and a line here; the setting ENGINE reads the names.
ENGINES: Mapping[str, Callable[[BaseModel, EngineConfig], Engine]] = {
    "llamacpp": _llamacpp,
    "transformers": _transformers,
}


def choose_engine(kind: str, model: BaseModel, method: str, config: EngineConfig) -> Engine:
    """The engine of that ``kind``, or with "auto" what suits the model and the machine.

    Raises MethodNotServedError when it cannot serve adapters of ``method``.
    """
    if kind == "auto":
        small = model.gguf is not None and method in served_by("llamacpp") and not has_gpu()
        kind = "llamacpp" if small else "transformers"
    engine = ENGINES[kind](model, config)
    if method not in engine.methods:
        raise MethodNotServedError(
            f"METHOD={method} cannot be served by ENGINE={kind}; set "
            f"ENGINE={' or '.join(sorted(METHODS[method].served_by))} "
            f"or METHOD={' or '.join(sorted(served_by(kind)))}"
        )
    return engine


def has_gpu() -> bool:
    """NVIDIA's own tool sees one; asking torch would cost its import."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return False
    try:
        listed = subprocess.run(  # noqa: S603
            [tool, "-L"], capture_output=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):  # a driver that hangs serves nobody
        return False
    return listed.returncode == 0 and b"GPU " in listed.stdout
