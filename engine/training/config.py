"""``config.json`` of a round: what to train, from what, and how."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engine.adapters.methods import find_method
from engine.config import physical_cores
from engine.errors import EngineError
from engine.model.base_model import DEFAULT_MODEL

FILE = "config.json"
BATCH = 8  # rows to an update

# A name or an alias; the name is kept.
MethodName = Annotated[str, AfterValidator(lambda name: find_method(name).name)]


class ConfigError(EngineError):
    """A round's config.json cannot be used; the message names the key."""


class RoundConfig(BaseModel):
    """The keys of config.json; whatever is left out is what was measured to work.

    model, cache: as the settings MODEL and REACTUNE_CACHE. previous: directory of the adapter in
    use, to be scored beside the new one. context: tokens of a row at most. dtype: of the frozen
    weights; the adapter is always trained in 32 bits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: str = DEFAULT_MODEL
    cache: Path = Path.home() / ".cache" / "reactune"
    previous: Path | None = None
    method: MethodName = "lora"
    rank: int = Field(default=16, ge=1, le=512)
    bottleneck_size: int = Field(default=64, ge=1, le=4096)
    bottleneck_place: Literal["pfeiffer", "houlsby"] = "pfeiffer"
    activation: Literal["relu", "gelu", "silu"] = "gelu"
    lr: float = Field(default=3e-4, gt=0)
    epochs: int = Field(default=1, ge=1, le=100)
    batch: int = Field(default=BATCH, ge=1, le=1024)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    clip: float = Field(default=1.0, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    kto_weight: float = Field(default=1.0, ge=0)
    kto_beta: float = Field(default=0.1, gt=0)
    kl_weight: float = Field(default=0.02, ge=0)
    seed: int = Field(default=0, ge=0)
    threads: int = Field(default_factory=physical_cores, ge=1)
    context: int = Field(default=1024, ge=16)
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"


def read_config(path: Path) -> RoundConfig:
    """The configuration in ``path``. Raises ConfigError."""
    try:
        return RoundConfig.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "all of it"
        raise ConfigError(f"{key} in {path}: {first['msg']}") from error
