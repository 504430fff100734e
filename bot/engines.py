"""Which engine serves: ENGINE, or what suits the model, the method and the machine."""

import shutil
import subprocess

from bot.settings import Settings, SettingsError
from engine.config import EngineConfig
from engine.models import BaseModel
from engine.serving.base import Engine


def choose_engine(settings: Settings, model: BaseModel) -> Engine:
    """ENGINE, or with "auto" what suits the model and the machine."""
    config = EngineConfig(settings.cache)
    kind = settings.engine
    if kind == "auto":
        torch = model.gguf is None or settings.method != "lora" or has_gpu()
        kind = "transformers" if torch else "llamacpp"
    engine = _llamacpp(model, config) if kind == "llamacpp" else _transformers(model, config)
    if settings.method not in engine.methods:
        raise SettingsError(
            f"METHOD={settings.method} cannot be served by ENGINE={kind}; set ENGINE=transformers "
            "or METHOD=lora"
        )
    return engine


def _llamacpp(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.llamacpp import LlamaCppEngine

    return LlamaCppEngine(model, config)


def _transformers(model: BaseModel, config: EngineConfig) -> Engine:
    from engine.serving.transformers import TransformersEngine  # brings torch: seconds to import

    return TransformersEngine(model, config)


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
