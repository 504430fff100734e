"""A round from its labels to what is live: with a trainer that only pretends to train."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.domains import golden_file
from bot.errors import RefusedError
from bot.knowledge.retriever import Retriever
from bot.learning.news import News
from bot.learning.outcome import Progress, RoundOutcome
from engine.adapters.published import AdapterVersion
from engine.errors import AdapterError, EngineError
from engine.gate.golden import read_golden
from engine.retrieval.questions import question_key
from storage.corrections import Corrections
from storage.database import Database
from storage.errors import StorageError
from storage.pairs import Pairs, TaughtPair
from storage.personal_data import PersonalData
from tests.bot.conftest import JUDGE
from tests.bot.learning.fakes import Workshop, answered
from tests.bot.platforms.fakes.waiting import until

ENOUGH = 40  # facts, a third of which can be held out


@pytest.fixture
async def workshop(tmp_path: Path, database: Database, recall: Retriever):
    workshop = Workshop(tmp_path, database, recall)
    await workshop.teach(ENOUGH)
    yield workshop
    await workshop.training.close()


async def round_of(workshop: Workshop) -> RoundOutcome:
    _, running = await workshop.training.start("tax-ko", at_least=0)
    return await running


async def test_a_better_version_goes_live(workshop: Workshop):
    """It answers from then on, and its files are where the registry says."""
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.live, outcome.version) == ("promoted", True, "tax-ko-1")
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
    assert (outcome.verdict, outcome.live) == (verdict, False)
    assert workshop.live.of("tax-ko") is None
    assert not workshop.engine.ready("tax-ko-1")
    assert await workshop.rounds.fresh("tax-ko") == 0


async def test_a_golden_question_turned_wrong_rejects(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
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


async def test_too_little_is_not_trained_on(tmp_path: Path, database: Database, recall: Retriever):
    """What could not be judged afterwards need not be computed."""
    workshop = Workshop(tmp_path, database, recall)
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


async def test_a_round_can_be_stopped(workshop: Workshop):
    """Its labels are free again."""
    workshop.trainer.hold = True
    _, running = await workshop.training.start("tax-ko")
    await workshop.trainer.began.wait()
    assert await workshop.training.cancel()
    assert (await running).verdict == "cancelled"
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH
    assert not await workshop.training.cancel()


async def test_one_round_at_a_time(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
):
    """Neither this process nor another one starts a second."""
    workshop.trainer.hold = True
    await workshop.training.start("tax-ko")
    for other in (workshop, Workshop(tmp_path, database, recall)):
        with pytest.raises(RefusedError, match="이미 진행"):
            await other.training.start("tax-ko", at_least=0)


async def test_what_a_killed_process_left_is_tidied_up(workshop: Workshop):
    """Its labels count again; directories that nothing knows of go."""
    assert await workshop.rounds.claim("tax-ko", at_least=1)
    workshop.settings.round.mkdir()
    (workshop.settings.versions / "tax-ko-1").mkdir(parents=True)
    await workshop.training.recover()
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH
    assert not workshop.settings.round.exists()
    assert list(workshop.settings.versions.iterdir()) == []


async def test_a_version_of_a_killed_round_is_tidied_up(workshop: Workshop):
    """It was there whole, but nobody had judged it: nobody shall go to it by name."""
    number = await workshop.rounds.claim("tax-ko", at_least=1)
    assert number
    await workshop.versions.add("tax-ko-1", "tax-ko", number, [])
    (workshop.settings.versions / "tax-ko-1" / "adapter").mkdir(parents=True)
    await workshop.training.recover()
    assert await workshop.versions.names() == frozenset()
    assert list(workshop.settings.versions.iterdir()) == []


async def test_closing_gives_up_the_round(workshop: Workshop):
    """As when the bot is stopped."""
    workshop.trainer.hold = True
    await workshop.training.start("tax-ko")
    await workshop.training.close()
    assert (await workshop.rounds.latest("tax-ko", last=1))[0].state == "cancelled"
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH


async def test_an_admin_may_have_the_last_word(
    tmp_path: Path, database: Database, recall: Retriever
):
    """PROMOTE=approve: a better version waits; approved once, it answers."""
    workshop = Workshop(tmp_path, database, recall, promote="approve")
    await workshop.teach(ENOUGH)
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.waits, outcome.live) == ("promoted", True, False)
    assert workshop.live.of("tax-ko") is None
    assert await workshop.training.approve("tax-ko-1", "slack:BOSS")
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    assert not await workshop.training.approve("tax-ko-1", "slack:BOSS")


async def test_what_waits_is_kept_however_long(
    tmp_path: Path, database: Database, recall: Retriever
):
    """Later rounds that found nothing better do not push it out."""
    workshop = Workshop(tmp_path, database, recall, promote="approve")
    await workshop.teach(60)
    await round_of(workshop)
    workshop.trainer.gain = 0.0
    for _ in range(4):
        assert (await round_of(workshop)).verdict == "inconclusive"
    assert await workshop.training.approve("tax-ko-1", "slack:BOSS")
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_there_is_a_way_back(workshop: Workshop):
    """Step by step, to the base model in the end; or to any version by name."""
    for _ in range(2):
        await round_of(workshop)
    assert await workshop.training.rollback("tax-ko", "me") == "tax-ko-1"
    assert workshop.live.of("tax-ko") == "tax-ko-1"
    assert await workshop.training.rollback("tax-ko", "me") is None
    assert workshop.live.of("tax-ko") is None
    with pytest.raises(RefusedError, match="되돌릴 버전이 없습니다"):
        await workshop.training.rollback("tax-ko", "me")
    assert await workshop.training.rollback("tax-ko", "me", "tax-ko-2") == "tax-ko-2"
    with pytest.raises(RefusedError, match="no version nine"):
        await workshop.training.rollback("tax-ko", "me", "nine")


async def test_a_forgotten_person_leaves_the_weights(workshop: Workshop, database: Database):
    """The version that learned from them makes way for one that is not worse, and is deleted."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = 0.0
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.live, outcome.state) == ("inconclusive", True, "replaced")
    assert workshop.live.of("tax-ko") == "tax-ko-2"
    assert not (workshop.settings.versions / "tax-ko-1").exists()


async def test_the_way_back_passes_over_what_had_to_go(workshop: Workshop, database: Database):
    """One that learned from a forgotten person may not answer, even before it is deleted."""
    for _ in range(3):
        await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01' WHERE name = 'tax-ko-2'")
    assert await workshop.training.rollback("tax-ko", "me") == "tax-ko-1"
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_a_forgotten_person_leaves_even_without_a_successor(
    workshop: Workshop, database: Database
):
    """Then the base model answers."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = -0.5
    outcome = await round_of(workshop)
    assert outcome.state == "withdrawn"
    assert workshop.live.of("tax-ko") is None


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


async def test_a_forgotten_person_leaves_though_training_fails(
    workshop: Workshop, database: Database
):
    """Where memory is short for good, nothing would ever replace what has learned from them."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.error = EngineError("no memory")
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.state) == ("failed", "withdrawn")
    assert workshop.live.of("tax-ko") is None
    assert await workshop.versions.names() == frozenset()


async def test_a_kill_after_the_verdict_leaves_nobody_in_the_weights(
    workshop: Workshop, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """What must go goes with the verdict itself: nothing is left to be done for it later."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    workshop.trainer.gain = -0.5

    async def killed() -> None:
        if not await workshop.rounds.running():
            raise StorageError("as if nothing came after this")

    monkeypatch.setattr(workshop.live, "follow", killed)
    await round_of(workshop)
    assert await workshop.versions.live() == {}


async def test_who_is_forgotten_while_a_round_runs_is_not_learned_from(
    workshop: Workshop, database: Database
):
    """What was trained on them meanwhile is dropped, and a round without them is wanted."""
    subject = await answered(database, "취득세는 언제 내나요?", "모릅니다.")
    corrections = Corrections(database, JUDGE)
    await corrections.add(subject.id, "web:x", "60일 안에 냅니다.", pending=False)
    train = workshop.trainer.train

    async def forgetting(*given: Any) -> Any:
        await PersonalData(database, JUDGE).forget("web:x")
        return await train(*given)

    workshop.trainer.train = forgetting
    outcome = await round_of(workshop)
    assert (outcome.verdict, outcome.live) == ("rejected", False)
    assert workshop.live.of("tax-ko") is None
    assert await workshop.rounds.wanted() == {"tax-ko": "forgotten"}
    assert await workshop.versions.names() == frozenset()


async def test_who_is_forgotten_while_examples_are_chosen_is_not_learned_from(
    workshop: Workshop, database: Database, recall: Retriever, monkeypatch: pytest.MonkeyPatch
):
    """Their words have been read, and nothing says yet whose version this will be."""
    subject = await answered(database, "취득세는 언제 내나요?", "모릅니다.")
    corrections = Corrections(database, JUDGE)
    await corrections.add(subject.id, "web:x", "60일 안에 냅니다.", pending=False)
    find = recall.find_for_training

    async def forgetting(*given: Any, **more: Any) -> Any:
        await PersonalData(database, JUDGE).forget("web:x")
        return await find(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(recall, "find_for_training", forgetting)
        assert (await round_of(workshop)).state == "rejected"
    assert await workshop.rounds.wanted() == {"tax-ko": "forgotten"}
    assert (await round_of(workshop)).state == "promoted"
    assert await workshop.rounds.wanted() == {}


async def test_nobody_can_let_a_version_answer_that_must_go(
    tmp_path: Path, database: Database, recall: Retriever
):
    """Neither by approving it nor by going back to it."""
    workshop = Workshop(tmp_path, database, recall, promote="approve")
    await workshop.teach(ENOUGH)
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    for deed in (
        workshop.training.approve("tax-ko-1", "me"),
        workshop.training.rollback("tax-ko", "me", "tax-ko-1"),
    ):
        with pytest.raises(RefusedError, match="forgotten"):
            await deed


async def test_a_round_that_nobody_has_judged_leaves_no_version(workshop: Workshop):
    """Such as one that is stopped while the candidate is asked."""
    workshop.engine.hold()
    _, running = await workshop.training.start("tax-ko")
    await until(lambda: workshop.engine.prompts)
    assert await workshop.training.cancel()
    assert (await running).verdict == "cancelled"
    workshop.engine.go_on()
    assert await workshop.versions.names() == frozenset()
    assert list(workshop.settings.versions.iterdir()) == []
    assert not workshop.engine.ready("tax-ko-1")


async def test_old_versions_are_not_kept_for_ever(workshop: Workshop):
    """The ten newest are."""
    for _ in range(11):
        await round_of(workshop)
    kept = {path.name for path in workshop.settings.versions.iterdir()}
    assert kept == {f"tax-ko-{n}" for n in range(2, 12)}
    assert not workshop.engine.ready("tax-ko-1")


async def test_everybody_hears_of_it(workshop: Workshop):
    """Each step, then the outcome, once; one who fails to listen keeps nobody from hearing."""
    heard: list[News] = []

    async def listen(news: News) -> None:
        heard.append(news)

    async def fail(news: News) -> None:
        raise RuntimeError("a watcher with a bug")

    workshop.training.watch(fail)
    workshop.training.watch(listen)
    outcome = await round_of(workshop)
    await workshop.training.report()
    await asyncio.sleep(0)
    steps = [news for news in heard if isinstance(news, Progress)]
    assert [step.stage for step in steps][:3] == ["preparing", "training", "training"]
    assert (steps[2].step, steps[2].steps, steps[2].loss) == (1, 2, 1.5)
    assert heard[-1] == outcome
    await workshop.training.report()
    await asyncio.sleep(0)
    assert heard.count(outcome) == 1
    assert workshop.training.progress is None


async def test_who_is_killed_while_it_reports_tells_it_again(workshop: Workshop):
    """A round is told of when everybody has heard: a post takes a while."""
    posted = asyncio.Event()

    async def post(news: News) -> None:
        await posted.wait()

    workshop.training.watch(post)
    await round_of(workshop)
    for _ in range(2):
        await workshop.training.report()
    assert len(await workshop.rounds.unreported()) == 1
    posted.set()
    await workshop.training.close()
    assert await workshop.rounds.unreported() == []


async def test_the_report_is_kept_as_it_was_told(workshop: Workshop):
    """Through JSON and back."""
    outcome = await round_of(workshop)
    kept = (await workshop.rounds.latest("tax-ko", last=1))[0]
    assert RoundOutcome.of(kept.report) == outcome
    assert outcome.examples + outcome.heldout == ENOUGH
    assert outcome.seconds["total"] > 0


async def test_a_version_that_cannot_be_loaded_changes_nothing(workshop: Workshop):
    """What answered goes on, and the log names the version."""
    await round_of(workshop)
    await workshop.engine.unload("tax-ko-1")

    async def broken(version: object) -> None:
        raise EngineError("damaged")

    workshop.engine.load = broken
    with pytest.raises(RefusedError, match="damaged"):
        await workshop.training.rollback("tax-ko", "me", "tax-ko-1")
    assert workshop.live.of("tax-ko") == "tax-ko-1"


async def test_a_live_version_that_cannot_be_served_stops_no_training(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
):
    """As with another MODEL: the base model answers, so that is what a candidate must beat."""
    await round_of(workshop)
    again = Workshop(tmp_path, database, recall)
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


async def test_what_another_process_has_removed_leaves_the_memory(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
):
    """As `reactune train` does with a version that has learned from somebody forgotten."""
    await round_of(workshop)
    async with database.transaction() as db:
        await db.execute("UPDATE versions SET tainted_at = '2026-01-01'")
    await round_of(other := Workshop(tmp_path, database, recall))
    await workshop.live.follow()
    assert workshop.engine.stats.versions == other.engine.stats.versions == ("tax-ko-2",)


async def test_going_back_holds_while_a_version_is_loaded(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
):
    """The load ends later; what it brought does not answer."""
    await round_of(workshop)
    other = Workshop(tmp_path, database, recall)  # the running bot, the round was another process
    load = other.engine.load

    async def slow(version: AdapterVersion) -> None:
        await load(version)
        await workshop.training.rollback("tax-ko", "me")

    other.engine.load = slow
    await other.live.follow()
    assert other.live.of("tax-ko") is None


async def test_it_starts_with_what_is_live_and_what_was_before(
    workshop: Workshop, tmp_path: Path, database: Database, recall: Retriever
):
    """Going back is then a matter of a moment. One that is damaged is named, and left out."""
    for _ in range(3):
        await round_of(workshop)
    again = Workshop(tmp_path, database, recall)
    await again.live.start()
    assert again.live.of("tax-ko") == "tax-ko-3"
    assert again.engine.stats.versions == ("tax-ko-2", "tax-ko-3")
