"""The example of an evaluation: the score alone, and over a file with a real application."""

import json
from pathlib import Path

import pytest

from bot import app as app_module
from bot.app import build_app, open_data
from bot.settings import Settings
from engine.model.base_model import BaseModel
from examples.evaluation import numbers_kept, score_file
from tests.support.fakes import FakeEmbedder, saying

SOURCE = "In 2025 the tax is 10%, due on the 25th."


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("It is 10%, on the 25th, in 2025.", 1.0),
        ("It is 10%, on the 25th.", 1.0),
        ("It is 10%, on the 26th.", 0.5),
        ("It is 110%, on the 125th.", 0.0),
        ("", 0.0),
    ],
)
def test_the_score_is_the_share_of_numbers_that_are_kept(answer: str, score: float):
    """Whole numbers count, and those of the question are left out."""
    assert numbers_kept("What is the tax in 2025?", answer, [SOURCE]) == score


def test_without_numbers_nothing_can_be_lost():
    """An answer to a question without sources scores 1."""
    assert numbers_kept("Why?", "Because.", []) == 1.0
    assert numbers_kept("Why?", "Because.", ["It is so."]) == 1.0


async def test_a_file_is_scored_by_what_the_model_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The model answers even where the approved words are known, and the pair is its source."""
    settings = Settings(_env_file=None, reactune_home=tmp_path, domain="general-en", language="en")
    pairs, questions = tmp_path / "pairs.jsonl", tmp_path / "questions.jsonl"
    pairs.write_text(json.dumps({"question": "What is the tax?", "answer": SOURCE}))
    questions.write_text(json.dumps({"question": "What is the tax?", "must": ["10%"]}))
    monkeypatch.setattr(app_module, "choose_embedder", lambda *_: FakeEmbedder())
    async with open_data(settings) as data:
        await data.importer.teach(pairs, "cli:me")
        app = build_app(data, BaseModel("fake", gguf=None), saying("10% by the 25th."))
        scored = [one async for one in score_file(app, questions, numbers_kept)]
    assert [(one.answer, round(one.score, 2)) for one in scored] == [("10% by the 25th.", 0.67)]
