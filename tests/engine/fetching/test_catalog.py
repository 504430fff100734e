"""What can be fetched is pinned, and a file from elsewhere is looked at."""

from pathlib import Path

import pytest

from engine.fetching.base import FetchError
from engine.fetching.catalog import FETCHABLE, find_fetchable
from engine.fetching.store import take
from tests.support.tiny_model import write_tiny_embedder


def test_each_model_names_its_terms() -> None:
    """They are said before it is fetched."""
    assert all("https://" in model.terms for model in FETCHABLE.values())


def test_an_unknown_name_is_told_what_there_is() -> None:
    """As the command line passes it on."""
    with pytest.raises(FetchError, match="embeddinggemma"):
        find_fetchable("nothing")


def test_an_embeddinggemma_without_its_dense_layers_is_refused(tmp_path: Path) -> None:
    """Its vectors would look right and be others."""
    file = write_tiny_embedder(tmp_path / "tiny.gguf", dense=False)
    with pytest.raises(FetchError, match=r"dense_2\.weight and dense_3\.weight"):
        take(find_fetchable("embeddinggemma"), file, tmp_path / "cache")


def test_other_models_and_other_precisions_are_refused(tmp_path: Path, tiny_gguf: Path) -> None:
    """The one is no embedder, the other nobody has measured; the way out is EMBEDDER."""
    full = write_tiny_embedder(tmp_path / "full.gguf", file_type=0)
    for file, why in ((tiny_gguf, "not EmbeddingGemma"), (full, "EMBEDDER=")):
        with pytest.raises(FetchError, match=why):
            take(find_fetchable("embeddinggemma"), file, tmp_path / "cache")


def test_what_is_no_whole_file_is_refused(tmp_path: Path) -> None:
    """A page of an error that was saved in its place, or a file that was cut short. The error names
    the file and the ways out, and no setting that nobody has set."""
    page, cut = tmp_path / "page.gguf", tmp_path / "cut.gguf"
    page.write_text("<html>")
    whole = write_tiny_embedder(tmp_path / "whole.gguf").read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    for file in (page, cut):
        with pytest.raises(FetchError, match=r"GGUF|damaged") as error:
            take(find_fetchable("embeddinggemma"), file, tmp_path / "cache")
        said = str(error.value)
        assert str(file) in said
        assert "another file with --file, or leave --file out" in said
        assert "MODEL" not in said
        assert "EMBEDDER" not in said


def test_the_right_kind_of_file_is_taken(tmp_path: Path) -> None:
    """8 bit, with its dense layers."""
    file = write_tiny_embedder(tmp_path / "tiny.gguf")
    assert take(find_fetchable("embeddinggemma"), file, tmp_path / "cache").is_file()
