"""A round from its labels to its verdict: with a trainer that only pretends to train."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domains import golden_file
from bot.knowledge.retriever import Retriever
from bot.learning.outcome import RoundOutcome
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError, EngineError
from engine.gate.golden import read_golden
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.bot.learning.fakes import ENOUGH, Workshop, round_of


async def test_a_better_version_goes_live(workshop: Workshop):
    """It answers from then on, and its files are where the registry says."""
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.went_live, outcome.version) == ("promoted", True, "tax-ko-1")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    assert await workshop.versions.live() == {"tax-ko": "tax-ko-1"}
    found = sorted(p.name for p in (workshop.settings.versions / "tax-ko-1").iterdir())
    assert found == ["adapter", "manifest.json"]


async def test_nobodys_words_stay_behind(workshop: Workshop):
    """Examples and held-out questions go with the round."""
    await round_of(workshop)
    kept = [p for p in workshop.settings.home.rglob("*") if p.is_file()]
    texts = [p for p in kept if p.suffix != ".db" and "reactune.db" not in p.name]
    assert texts
    assert not any("서식".encode() in p.read_bytes() for p in texts)


async def test_the_live_version_is_what_the_next_one_must_beat(workshop: Workshop):
    """The trainer scores it beside the candidate."""
    await round_of(workshop)
    await round_of(workshop)
    previous = Path(workshop.trainer.config["previous"])
    assert previous == workshop.settings.versions / "tax-ko-1" / "adapter"


@pytest.mark.parametrize(("gain", "verdict"), [(-0.5, "rejected"), (0.0, "inconclusive")])
async def test_no_other_goes_live(workshop: Workshop, gain: float, verdict: str):
    """Worse, or no better: the base model goes on, and the labels are used up."""
    workshop.trainer.gain = gain
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.went_live) == (verdict, False)
    assert workshop.live.of("tax-ko") is None
    assert not workshop.engine.ready("tax-ko-1")
    assert await workshop.rounds.fresh("tax-ko") == 0


async def test_a_golden_question_turned_wrong_rejects(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """Asked in the engine that serves, whatever the scores say."""
    (tmp_path / "domains").mkdir()
    line = json.dumps({"question": "세율은?", "must": ["10%"]}, ensure_ascii=False)
    (tmp_path / "domains" / "tax-ko.golden.jsonl").write_text(line)
    workshop.engine.script_of = lambda prompt, version: "10%" if version is None else "20%"
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.golden) == ("rejected", (1, 1, 0))
    assert "세율은?" in str(outcome.reasons[0])


async def test_shipped_golden_questions_count_with_what_makes_them_known(workshop: Workshop):
    """A model that guessed right without the starter pack has nothing to unlearn."""
    golden = read_golden(golden_file(workshop.settings.home, "tax-ko"))
    right = " ".join(must for g in golden for must in g.must)
    workshop.engine.script_of = lambda _, version: "모름" if version == "tax-ko-2" else right
    assert (await round_of(workshop)).golden == (0, 0, 0)
    rows = [
        TaughtPair(
            "tax-ko", golden[0].question, question_key(golden[0].question), right, "", "", 1.0, "me"
        )
    ]
    await Pairs(workshop.database).teach(rows)
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.golden) == ("rejected", (1, 1, 0))


@pytest.mark.parametrize("says", ["", EngineError("it broke down")])
async def test_a_candidate_that_says_nothing_is_rejected(
    workshop: Workshop, tmp_path: Path, says: str | EngineError
):
    """The canary: the model itself is asked before anybody else asks it, though all is known."""
    (tmp_path / "domains").mkdir()
    golden = '{"question": "1번 서식은 언제 내나요?", "must": ["1월"]}'
    (tmp_path / "domains" / "tax-ko.golden.jsonl").write_text(golden)

    def script(prompt: str, version: str | None) -> str:
        if version and isinstance(says, EngineError):
            raise says
        return "" if version else "1월"

    workshop.engine.script_of = script
    outcome = await round_of(workshop)
    assert outcome.verdict == "rejected"
    assert outcome.reasons[0].key == "canary"
    assert outcome.golden == (1, 1, 0)


async def test_too_little_is_not_trained_on(
    tmp_path: Path, database: Database, retriever: Retriever
):
    """What could not be judged afterwards need not be computed."""
    workshop = Workshop(tmp_path, database, retriever)
    await workshop.teach(15)
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.reasons[0].key) == ("inconclusive", "too_few")
    assert not workshop.trainer.seen


@pytest.mark.parametrize("error", [EngineError("no memory"), RuntimeError("a bug")])
async def test_a_failed_round_gives_its_labels_back(workshop: Workshop, error: Exception):
    """And says why; what is live stays."""
    workshop.trainer.error = error
    outcome = await round_of(workshop)
    assert outcome.verdict == "failed"
    assert str(error) in str(outcome.reasons[0])
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH


async def test_what_is_better_than_something_else_does_not_go_live(workshop: Workshop):
    """An admin went back while it was trained: nobody has compared it with what answers now."""
    await round_of(workshop)
    await workshop.teach(1, start=ENOUGH)
    train = workshop.trainer.train

    async def going_back(*given: Any) -> Any:
        await workshop.training.rollback("tax-ko", "me")
        return await train(*given)

    workshop.trainer.train = going_back
    assert (await round_of(workshop)).verdict == "failed"
    assert workshop.live.of("tax-ko") is None
    assert await workshop.versions.names() == {"tax-ko-1"}
    assert await workshop.rounds.fresh("tax-ko") == 1


async def test_a_live_version_that_cannot_be_served_stops_no_training(
    workshop: Workshop, tmp_path: Path, database: Database, retriever: Retriever
):
    """As with another MODEL: the base model answers, so that is what a candidate must beat."""
    await round_of(workshop)
    again = Workshop(tmp_path, database, retriever)
    load = again.engine.load

    async def other_base(version: AdapterVersion) -> None:
        if version.name == "tax-ko-1":
            raise AdapterError("tax-ko-1 was trained on another base model")
        await load(version)

    again.engine.load = other_base
    outcome = await round_of(again)
    assert (outcome.verdict, outcome.previous) == ("promoted", None)
    assert again.trainer.config["previous"] is None
    assert again.live.of("tax-ko") == "tax-ko-2"


async def test_the_report_is_kept_as_it_was_told(workshop: Workshop):
    """Through JSON and back."""
    outcome = await round_of(workshop)
    kept = (await workshop.rounds.latest("tax-ko", last=1))[0]
    assert RoundOutcome.of(kept.report) == outcome
    assert outcome.examples + outcome.heldout == ENOUGH
    assert outcome.seconds["total"] > 0
