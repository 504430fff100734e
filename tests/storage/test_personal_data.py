"""What is stored about one person: handed out, and forgotten for good."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import personal_data
from storage.conversations import Conversations, StoredReply
from storage.corrections import Corrections
from storage.database import Database, now
from storage.judgement import ApprovedAnswer, Judgement, Rank, ReplyFeedback
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.personal_data import PersonalData
from storage.platform_events import HandledEvents
from tests.storage.judges import FakeJudge


def _judge(opinions: ReplyFeedback) -> Judgement:
    """The first correction is right, else what anybody likes."""
    if opinions.corrections:
        first = opinions.corrections[0]
        return Judgement(
            ApprovedAnswer("k", first.text, 1, Rank.TEAM, 4, first.person), disputed=False
        )
    liked = opinions.answer and any(v.score > 0 for v in opinions.verdicts)
    approved = ApprovedAnswer("k", opinions.answer, 1, Rank.TEAM, 1, None) if liked else None
    return Judgement(approved, disputed=False)


judge = FakeJudge(_judge)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


async def asked(database: Database, person: str, text: str = "비밀 질문") -> int:
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="slack", channel="c", thread=text, person=person, domain="d", text=text
    )
    reply = StoredReply("답", "done", "tiny", None, 1, 1, 0, 0, 0)
    return await messages.add_reply(question, reply)


async def like(database: Database, reply: int, person: str) -> None:
    await Labels(database, judge).change(
        Subject("reply", reply), person, "👍", "👍", 1.0, present=True
    )


async def counted(database: Database, table: str) -> int:
    return (await database.rows(f"SELECT count(*) FROM {table}"))[0][0]


async def test_everything_of_a_person_goes_and_nothing_else(database: Database):
    """Questions with their answers, labels, corrections, pairs; others' stay."""
    theirs, others = await asked(database, "slack:gone"), await asked(database, "slack:b", "남")
    await like(database, theirs, "slack:b")
    await like(database, others, "slack:gone")
    await Corrections(database, judge).add(others, "slack:gone", "고침", pending=False)
    row = TaughtPair("d", "가르침", "k2", "답", "", "", 1.0, "slack:gone")
    await Pairs(database).teach([row])
    counts = await PersonalData(database, judge).forget("slack:gone")
    assert counts == {"question": 1, "label": 1, "correction": 1, "pick": 0, "pair": 2}
    assert [p async for p in PersonalData(database, judge).data("slack:gone")] == []
    for table, left in (("questions", 1), ("labels", 0), ("corrections", 0), ("pairs", 0)):
        assert await counted(database, table) == left, table


async def test_others_opinions_count_again_without_theirs(database: Database):
    """The pair that their correction made becomes what the others approved."""
    reply = await asked(database, "slack:b")
    await like(database, reply, "slack:c")
    await Corrections(database, judge).add(reply, "slack:gone", "고침", pending=False)
    await PersonalData(database, judge).forget("slack:gone")
    rows = await database.rows("SELECT answer, person FROM pairs")
    assert [tuple(row) for row in rows] == [("답", None)]


async def test_no_byte_of_it_stays_in_the_file(database: Database, tmp_path: Path):
    """Neither in free pages nor in the write-ahead log."""
    await asked(database, "slack:gone", "매우은밀한질문" * 50)
    await asked(database, "slack:b")
    await PersonalData(database, judge).forget("slack:gone")
    for path in tmp_path.iterdir():
        assert "매우은밀한질문".encode() not in path.read_bytes(), path.name


async def test_no_event_bears_their_name_any_more(database: Database):
    """What others did stays handled, and so do messages, which are named by number."""
    handled = HandledEvents(database)
    for event in ("hello:U1", "click:C:9.1:U1:5", "click:C:9.1:U12:5", "C1:9.1"):
        await handled.claim("slack", [event])
    await PersonalData(database, judge).forget("slack:U1")
    rows = await database.rows("SELECT event FROM handled ORDER BY event")
    assert [row["event"] for row in rows] == ["C1:9.1", "click:C:9.1:U12:5"]


async def test_reports_of_training_lose_their_questions(database: Database):
    """And those that they answered, with the answers beside them; the rest of a report stays."""
    await asked(database, "slack:gone", "비밀 질문")
    row = TaughtPair("d", "가르친 질문", "k2", "비밀 답", "", "", 1.0, "slack:gone")
    await Pairs(database).teach([row])
    sample = {"question": "비밀 질문", "before": "답", "after": "다른 답"}
    taught = {"question": "가르친 질문", "before": "답", "after": "비밀 답"}
    other = {"question": "남의 질문", "before": "답", "after": "답"}
    report = {
        "samples": [sample, taught, other],
        "reasons": [{"group": "비밀 질문", "change": "-1"}],
    }
    async with database.transaction() as db:
        await db.execute(
            "INSERT INTO rounds (domain, state, report, created_at) VALUES ('d', 'rejected', ?, ?)",
            (json.dumps(report, ensure_ascii=False), now()),
        )
    await PersonalData(database, judge).forget("slack:gone")
    [row] = await database.rows("SELECT report FROM rounds")
    reasons = [{"group": "", "change": ""}]
    assert json.loads(row["report"]) == {
        "samples": [dict.fromkeys(sample, ""), dict.fromkeys(taught, ""), other],
        "reasons": reasons,
    }


async def test_reports_of_training_lose_their_words_in_answers_to_others(database: Database):
    """A version that was asked another's question said what they had corrected."""
    reply = await asked(database, "slack:b", "다른 질문")
    await Corrections(database, judge).add(reply, "slack:gone", "비밀 고침", pending=False)
    sample = {"question": "남의 질문", "before": "답", "after": "그것은 비밀 고침"}
    async with database.transaction() as db:
        await db.execute(
            "INSERT INTO rounds (domain, state, report, created_at) VALUES ('d', 'rejected', ?, ?)",
            (json.dumps({"verdict": "rejected", "samples": [sample]}), now()),
        )
    await PersonalData(database, judge).forget("slack:gone")
    [row] = await database.rows("SELECT report FROM rounds")
    report = {"verdict": "rejected", "samples": [dict.fromkeys(sample, "")]}
    assert json.loads(row["report"]) == report


async def test_own_data_is_told_by_kind(database: Database):
    """What was asked with its answer, what was thought, what was corrected."""
    reply = await asked(database, "slack:a")
    await like(database, reply, "slack:a")
    await Corrections(database, judge).add(reply, "slack:a", "고침", pending=True)
    stored = [thing async for thing in PersonalData(database, judge).data("slack:a")]
    assert [thing["kind"] for thing in stored] == ["question", "label", "correction"]
    assert stored[0]["answer"] == "답"


async def test_own_data_is_read_some_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch):
    """Each thing once and in order, without the number that it is stored under."""
    monkeypatch.setattr(personal_data, "_AT_ONCE", 2)
    for number in range(5):
        reply = await asked(database, "slack:a", f"질문 {number}")
        await like(database, reply, "slack:a")
    stored = [thing async for thing in PersonalData(database, judge).data("slack:a")]
    assert [t["question"] for t in stored if t["kind"] == "question"] == [
        f"질문 {number}" for number in range(5)
    ]
    assert len([t for t in stored if t["kind"] == "label"]) == 5
    assert all("id" not in thing for thing in stored)


async def test_versions_that_learned_from_them_are_marked(database: Database):
    """And a round without them is wanted, once for each domain."""
    async with database.transaction() as db:
        for name in ("v1", "v2", "v3"):
            await db.execute(
                "INSERT INTO versions (name, domain, created_at) VALUES (?, 'd', ?)",
                (name, now()),
            )
            who = "slack:b" if name == "v3" else "slack:gone"
            await db.execute("INSERT INTO trained_on VALUES (?, ?)", (name, who))
    await PersonalData(database, judge).forget("slack:gone")
    rows = await database.rows("SELECT name FROM versions WHERE tainted_at IS NOT NULL")
    assert [row["name"] for row in rows] == ["v1", "v2"]
    wanted = await database.rows("SELECT domain, reason FROM wanted_rounds")
    assert [tuple(row) for row in wanted] == [("d", "forgotten")]
