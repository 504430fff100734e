"""Labels are claimed by one round at a time, and none is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.conversations import Conversations, StoredReply
from storage.corrections import Corrections
from storage.database import Database
from storage.errors import StorageError
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.rounds import Rounds
from storage.versions import VersionRegistry
from tests.storage.judges import NOTHING


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


async def like(database: Database, number: int, score: float = 1.0) -> Subject:
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread=str(number), person="web:u", domain="d", text="q"
    )
    reply = StoredReply("a", "done", "tiny", None, 1, 1, 0, 0, 0)
    subject = Subject("reply", await messages.add_reply(question, reply))
    await Labels(database, NOTHING).change(subject, "web:u", "👍", "👍", score, present=True)
    return subject


async def test_verdicts_corrections_and_taught_pairs_count(database: Database):
    """In their own domain only."""
    subject = await like(database, 1)
    await Corrections(database, NOTHING).add(subject.id, "web:b", "b", pending=False)
    await Corrections(database, NOTHING).add(subject.id, "web:c", "c", pending=True)
    await Pairs(database).teach([TaughtPair("d", "q", "q", "a", "", "", 1.0, "cli:me")])
    assert await Rounds(database).fresh("d") == 3
    assert await Rounds(database).fresh("other") == 0


async def test_a_round_begins_with_enough_labels(database: Database):
    """And takes all of them; afterwards none is fresh."""
    rounds = Rounds(database)
    await like(database, 1)
    assert await rounds.claim("d", at_least=2) is None
    await like(database, 2)
    assert await rounds.claim("d", at_least=2) is not None
    assert await rounds.fresh("d") == 0


async def test_only_one_round_runs(database: Database):
    """Of several that begin at once, one does."""
    await like(database, 1)
    rounds = Rounds(database)
    begun = await asyncio.gather(*(rounds.claim("d", at_least=1) for _ in range(5)))
    assert len([number for number in begun if number]) == 1
    await like(database, 2)
    assert await rounds.claim("d", at_least=1) is None


@pytest.mark.parametrize(
    ("state", "left"), [("failed", 1), ("cancelled", 1), ("rejected", 0), ("promoted", 0)]
)
async def test_a_round_without_verdict_gives_its_labels_back(database: Database, state, left: int):
    """A rejected one keeps them: it must not try the same data for ever."""
    await like(database, 1)
    rounds = Rounds(database)
    number = await rounds.claim("d", at_least=1)
    assert number
    await rounds.end(number, state, {"why": "…"})
    assert await rounds.fresh("d") == left
    [kept] = await rounds.latest("d", last=5)
    assert (kept.state, kept.report) == (state, {"why": "…"})


async def test_a_killed_round_is_undone_at_the_next_start(database: Database):
    """Its labels are fresh again, and a new one may begin."""
    await like(database, 1)
    rounds = Rounds(database)
    number = await rounds.claim("d", at_least=1)
    assert await rounds.recover() == [number]
    assert await rounds.claim("d", at_least=1)


async def test_a_changed_verdict_is_a_new_label(database: Database):
    """The same verdict told again is not."""
    subject = await like(database, 1)
    rounds, labels = Rounds(database), Labels(database, NOTHING)
    number = await rounds.claim("d", at_least=1)
    assert number
    await rounds.end(number, "promoted", {})
    await labels.change(subject, "web:u", "👍", "👍", 1.0, present=True)
    assert await rounds.fresh("d") == 0
    await labels.change(subject, "web:u", "👍", "👍", -1.0, present=True)
    assert await rounds.fresh("d") == 1


async def test_a_wanted_round_needs_no_new_labels(database: Database):
    """As after a person was forgotten; until one has come to a verdict."""
    rounds = Rounds(database)
    async with database.transaction() as db:
        await db.execute("INSERT INTO wanted_rounds VALUES ('d', 'forgotten', '2026-01-01')")
    for state in ("failed", "rejected"):
        assert await rounds.wanted() == {"d": "forgotten"}
        number = await rounds.claim("d", at_least=50)
        await rounds.end(number or 0, state, {})
    assert await rounds.wanted() == {}


async def test_the_latest_promotion_is_live(database: Database):
    """Back and forth, to the bare base model as well."""
    await like(database, 1)
    number = await Rounds(database).claim("d", at_least=1)
    versions = VersionRegistry(database)
    for name in ("v1", "v2"):
        await versions.add(name, "d", number or 0, ["web:u"])
        await versions.promote("d", name, "promoted")
    assert await versions.live() == {"d": "v2"}
    assert await versions.before("d") == "v1"
    await versions.promote("d", "v1", "rolled back")
    assert await versions.live() == {"d": "v1"}
    await versions.promote("d", None, "rolled back")
    assert await versions.live() == {}
    assert [v.name for v in await versions.all("d")] == ["v2", "v1"]


async def test_only_known_versions_go_live(database: Database):
    """Another domain's are not known here."""
    with pytest.raises(StorageError, match="no version v9 in d"):
        await VersionRegistry(database).promote("d", "v9", "promoted")
