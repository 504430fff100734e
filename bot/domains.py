"""Domains: fields that people ask about, each a small TOML file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SettingsError
from bot.ranges import must_be
from engine.retrieval.agreement import Agreement, Terms

_HERE = Path(__file__).parent
# Inside an installed package the files lie beside this one; in a checkout one folder up.
_SHIPPED = next((p for p in (_HERE / "domains", _HERE.parent / "domains") if p.is_dir()), _HERE)


Unknown = Literal["auto", "mark", "abstain", "answer"]


class Domain(BaseModel):
    """One field: ``system`` is said before every conversation, ``examples`` open an empty chat.

    ``unknown``: what happens to questions without approved knowledge: a marked draft where the
    model has earned it and else no answer (``auto``), always a marked draft, never an answer, or an
    answer as any other.
    ``max_wrong``: accepted share of wrong answers among verified ones, None: as the settings say.
    ``recalled``: how many known pairs go before a question; ``sources``: show what they rest on.
    ``synonyms`` (short form → full form), ``opposites`` (words of which a question means one) and
    ``names`` (what is said of one says nothing of another): by these a question is compared with a
    known one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    title: str = Field(min_length=1, max_length=60)
    language: Literal["ko", "en"] = "ko"
    system: str = Field(default="", max_length=4000)
    examples: tuple[str, ...] = ()
    unknown: Unknown = "auto"
    max_wrong: float | None = Field(default=None, gt=0, lt=1)
    recalled: int = Field(default=1, ge=1, le=10)
    sources: bool = True
    synonyms: Mapping[str, str] = Field(default_factory=dict)
    opposites: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()

    def agreement(self) -> Agreement:
        """How questions of this domain are compared with known ones, word by word."""
        return Agreement(Terms(self.synonyms, self.opposites, self.names))

    @property
    def starter(self) -> Path | None:
        """Pairs to begin with, where the field comes with some."""
        path = _SHIPPED / f"{self.name}.jsonl"
        return path if path.is_file() else None


def golden_file(home: Path, name: str) -> Path:
    """Where the golden questions of a domain are: in ``home/domains``, else the shipped ones."""
    own = home / "domains" / f"{name}.golden.jsonl"
    return own if own.is_file() else _SHIPPED / own.name


def shipped_vector_files(embedder: str) -> list[Path]:
    """The vectors that ``embedder`` (its name with its version) has made of the shipped pairs."""
    return [path for path in _SHIPPED.glob("*.npz") if path.stem.endswith(f".vectors.{embedder}")]


def load_domains(home: Path, unknown: Unknown = "auto") -> Mapping[str, Domain]:
    """The shipped domains and those in ``home/domains``, which win over them by file name.

    ``unknown`` holds for those whose file does not say.

    Raises SettingsError that names the file and the key.
    """
    files = {path.stem: path for path in sorted(_SHIPPED.glob("*.toml"))}
    files |= {path.stem: path for path in sorted((home / "domains").glob("*.toml"))}
    return {name: _read(name, path, unknown) for name, path in files.items()}


def _read(name: str, path: Path, unknown: Unknown) -> Domain:
    try:
        keys = {"unknown": unknown} | tomllib.loads(path.read_text(encoding="utf-8"))
        return Domain(name=name, **keys)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{path}: {key}: {must_be(Domain, first)}") from error
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def check_domain(name: str, domains: Mapping[str, Domain]) -> None:
    if name not in domains:
        raise SettingsError(f"DOMAIN: there is no domain {name}; there are {', '.join(domains)}")
