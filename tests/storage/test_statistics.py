"""What is counted, and what is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.conversations import Conversations, StoredReply, UsedPair
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.picks import Picks
from storage.rounds import Rounds
from storage.statistics import Stats, VersionApproval
from storage.versions import VersionRegistry
from tests.storage.judges import NOTHING


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


class Team:
    """People who ask in domain "d" and judge what they hear."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._messages = Conversations(database)
        self._labels = Labels(database, NOTHING)

    async def hear(
        self,
        *scores: float,
        version: str | None = None,
        status: str = "done",
        ms: int = 0,
        quoted: int | None = None,
        domain: str = "d",
        small_talk: bool = False,
    ) -> int:
        """A reply on which one person after the other puts a score; ``quoted``: of that pair."""
        _, question = await self._messages.add_question(
            platform="web", channel="c", thread="t", person="web:u", domain=domain, text="q"
        )
        used_pairs = () if quoted is None else (UsedPair(quoted, 1.0, "a"),)
        reply = await self._messages.add_reply(
            question,
            StoredReply(
                "a", status, "tiny", version, 1, 1, 0, 0, ms,
                quoted=quoted is not None, small_talk=small_talk, used_pairs=used_pairs,
            ),
        )  # fmt: skip
        for number, score in enumerate(scores):
            await self._labels.change(
                Subject("reply", reply), f"web:{number}", "👍", "👍", score, present=True
            )
        return reply


@pytest.fixture
def team(database: Database) -> Team:
    return Team(database)


async def offering(database: Database, text: str = "q") -> tuple[int, int]:
    """(reply, pair) of a reply that offers a known question."""
    pairs = Pairs(database)
    await pairs.teach([TaughtPair("d", "known", "known", "a", "", "", 1.0, "cli:me")])
    pair = await pairs.exact("d", "known")
    _, question = await Conversations(database).add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="d", text=text
    )
    stored = StoredReply(
        "Did you mean …?", "abstained", "tiny", None, 0, 0, 0, 0, 0,
        suggestions=(UsedPair(pair, 0.5, "a"),),
    )  # fmt: skip
    return await Conversations(database).add_reply(question, stored), pair


async def test_a_choice_is_no_refusal(team: Team, database: Database):
    """Neither is small talk: both are abstentions only in the way they are stored."""
    await offering(database)
    await team.hear(status="abstained")
    await team.hear(status="abstained", small_talk=True)
    found = await Stats(database).of_domain("d")
    assert (found.suggested, found.abstained, found.answered) == (1, 1, 0)


async def test_a_pick_is_one_whatever_it_says(database: Database):
    """Each person's on each reply; in its own domain."""
    reply, pair = await offering(database)
    other, _ = await offering(database, "another")
    picks = Picks(database)
    for reply_id, person, fits in (
        (reply, "web:u", False), (reply, "web:u", True), (reply, "web:teacher", True),
        (other, "web:u", False),
    ):  # fmt: skip
        await picks.add(reply_id, [pair], key="q", person=person, fits=fits, decides=False)
    assert (await Stats(database).of_domain("d")).picks == 3
    assert (await Stats(database).of_domain("other")).picks == 0


async def test_all_is_counted_in_its_own_domain(team: Team):
    """Replies by how they ended, verdicts by person, corrections by whether they count."""
    for status in ("done", "done", "done", "abstained", "stopped", "stopped", "failed"):
        reply = await team.hear(status=status)
    await team.hear(1, -1, 1)
    await team.hear(-1, domain="other")
    for pending in (False, True):
        await Corrections(team.database, NOTHING).add(reply, f"web:{pending}", "b", pending=pending)
    found = await Stats(team.database).of_domain("d")
    assert (found.questions, found.people) == (8, 1)
    assert (found.answered, found.abstained, found.stopped, found.failed) == (4, 1, 2, 1)
    assert sorted(found.verdicts) == [("web:0", 1, 0), ("web:1", 0, 1), ("web:2", 1, 0)]
    assert (found.up, found.down) == (2, 1)
    assert (found.corrections, found.pending) == (1, 1)


async def test_only_rounds_with_a_verdict_are_trainings(team: Team):
    """One that failed or was cancelled has taught nothing."""
    rounds = Rounds(team.database)
    for state in ("promoted", "rejected", "inconclusive", "failed", "cancelled"):
        await team.hear(1)
        number = await rounds.claim("d", at_least=1)
        assert number
        await rounds.end(number, state, {})
    stats = Stats(team.database)
    assert ((await stats.of_domain("d")).trainings, (await stats.of_domain("other")).trainings) == (
        3,
        0,
    )


@pytest.mark.parametrize(
    ("times", "p50", "p95"),
    [([], None, None), ([7], 7, 7), ([4, 1, 3, 2], 2, 4), (list(range(100, 0, -1)), 50, 95)],
)
async def test_percentiles_are_times_that_somebody_waited(
    team: Team, times: list[int], p50: int | None, p95: int | None
):
    """The nearest rank, over whole answers alone."""
    await team.hear(status="stopped", ms=9999)
    for ms in times:
        await team.hear(ms=ms)
    found = await Stats(team.database).of_domain("d")
    assert (found.p50_ms, found.p95_ms) == (p50, p95)


async def test_each_reply_is_one_vote(team: Team):
    """Of its version: approved when the mean of its verdicts is above 0, whoever gave them."""
    for scores in [(1,), (1, 1, -1), (1, -1), (-1,), (0,), ()]:
        await team.hear(*scores)
    await team.hear(1, version="v1")
    await team.hear(-1, version="v2", domain="other")
    stats = Stats(team.database)
    assert await stats.approval_by_version("d") == [
        VersionApproval(None, 2, 4),
        VersionApproval("v1", 1, 1),
    ]
    assert await stats.votes("d", "v2") == (0, 0)


async def test_nobody_decides_alone_whether_a_version_stays(team: Team):
    """Of each person three verdicts are counted, the latest."""
    for _ in range(5):
        await team.hear(1, version="v1")
    for _ in range(4):
        await team.hear(-1, version="v1")
    assert await Stats(team.database).votes("d", "v1") == (0, 3)


async def test_votes_on_words_of_others_are_no_votes_on_a_version(team: Team):
    """A quoted pair, the bot's own "I do not know", half an answer."""
    await Pairs(team.database).teach([TaughtPair("d", "q", "q", "a", "", "", 1.0, "cli:me")])
    await team.hear(1, version="v1", quoted=1)
    for status in ("abstained", "stopped", "failed"):
        await team.hear(-1, version="v1", status=status)
    assert await Stats(team.database).approval_by_version("d") == []


async def test_votes_can_begin_with_the_latest_promotion(team: Team):
    """What was said of a version before it came back is left out."""
    versions, stats = VersionRegistry(team.database), Stats(team.database)
    await versions.add("v1", "d", None, [])
    await team.hear(-1, version="v1")
    assert await stats.votes("d", "v1", since_promotion=True) == (0, 0)
    async with team.database.transaction() as db:
        await db.execute("UPDATE replies SET created_at = '2026-01-01'")
    await versions.promote("d", "v1", "rolled back")
    await team.hear(1, version="v1")
    assert await stats.votes("d", "v1") == (1, 2)
    assert await stats.votes("d", "v1", since_promotion=True) == (1, 1)
    await versions.promote("d", None, "rolled back")
    assert await stats.votes("d", None, since_promotion=True) == (0, 0)
