"""``reactune models``: which models there are, and how the others come here."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bot.cli.fetching import fetch_model
from bot.settings import Settings
from engine.fetching.catalog import FETCHABLE, find_fetchable
from engine.fetching.store import take
from engine.model.base_model import DEFAULT_MODEL
from engine.retrieval.choose import AUTO, EMBEDDINGGEMMA, NANO_E5, has_embeddinggemma


@dataclass(frozen=True, slots=True)
class Model:
    """One model that Reactune knows by name. ``here``: it need not be fetched; ``used``: the
    settings mean it; ``mb``: of the file that is fetched, 0 where it comes along."""

    name: str
    kind: Literal["base model", "embedder"]
    here: bool
    used: bool
    mb: int = 0
    terms: str = ""

    def __str__(self) -> str:
        found = "here" if self.here else f"reactune models get {self.name}"
        if self.mb:
            found += f" ({self.mb} MB; terms: {self.terms})"
        return f"{'*' if self.used else ' '} {self.name:16} {self.kind:12} {found}"


def known_models(settings: Settings) -> list[Model]:
    """All of them, base models first."""
    fetched = has_embeddinggemma(settings.cache)
    meant = settings.embedder
    if meant == AUTO:
        meant = EMBEDDINGGEMMA if fetched else NANO_E5
    return [
        Model(DEFAULT_MODEL, "base model", True, settings.model == DEFAULT_MODEL),
        Model(NANO_E5, "embedder", True, meant == NANO_E5),
        *(
            Model(
                name,
                "embedder",
                (settings.cache / model.file).is_file(),
                meant == name,
                round(model.size / 1e6),
                model.terms,
            )
            for name, model in FETCHABLE.items()
        ),
    ]


def as_json(models: list[Model]) -> str:
    """The object that ``models --json`` prints."""
    return json.dumps({"models": [asdict(model) for model in models]}, ensure_ascii=False)


def terms_of(name: str) -> str:
    """Under which terms the model ``name`` may be used, said before it is fetched."""
    return f"Who uses {name} agrees to its terms: {find_fetchable(name).terms}"


async def get_model(
    settings: Settings, name: str, file: Path | None, show: Callable[[str], None]
) -> Path:
    """Fetch the model ``name``, or take it from ``file``; where it is then.

    Raises FetchError, for a file that cannot be embedded with as well.
    """
    model = find_fetchable(name)
    if file is not None:
        return take(model, file, settings.cache)
    target = settings.cache / model.file
    if not target.is_file():
        await fetch_model(name, settings.cache, lambda *told: show(_progress(*told)))
    return target


def _progress(source: str, done: int, of: int) -> str:
    if not of:
        return f"Waiting for {source} …"
    return f"{done // 10**6:,} of {of // 10**6:,} MB from {source}"
