"""Which known question people meant: each person's latest word, and what it says of scores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.conversations import Conversations, StoredReply, UsedPair
from storage.corrections import Corrections
from storage.database import Database
from storage.errors import GoneError
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.personal_data import PersonalData
from storage.picks import Judged, Pick, Picks
from storage.rounds import Rounds
from tests.storage.judges import NOTHING

ONE, OTHER = 1, 2  # the pairs


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    rows = [TaughtPair("d", q, q, f"answer to {q}", "", "", 1.0, "cli:me") for q in ("one", "two")]
    await Pairs(database).teach(rows)
    async with database.transaction() as db:
        await db.execute("UPDATE pairs SET embedder = 'fake'")
    yield database
    await database.close()


@pytest.fixture
def picks(database: Database) -> Picks:
    return Picks(database)


async def offering(database: Database, *offered: tuple[int, float], person: str = "web:u") -> int:
    """A reply that offers these pairs."""
    answers = {ONE: "answer to one", OTHER: "answer to two"}
    suggestions = tuple(UsedPair(pair, score, answers[pair]) for pair, score in offered)
    return await replied(
        database,
        StoredReply("?", "abstained", "m", None, 0, 0, 0, 0, 0, suggestions=suggestions),
        person,
    )


async def recalled(database: Database, score: float = 0.8, person: str = "web:u") -> int:
    """A reply in the words of the first pair."""
    used = (UsedPair(ONE, score, "answer to one"),)
    return await replied(
        database,
        StoredReply(
            "answer to one", "done", "m", None, 0, 0, 0, 0, 0, verified=True, quoted=True,
            used_pairs=used,
        ),
        person,
    )  # fmt: skip


async def replied(database: Database, reply: StoredReply, person: str) -> int:
    messages = Conversations(database)
    rows = await database.rows("SELECT count(*) FROM questions")
    _, question = await messages.add_question(
        platform="web", channel="c", thread=str(rows[0][0]), person=person, domain="d", text="1?"
    )
    return await messages.add_reply(question, reply)


async def say(picks: Picks, reply: int, person: str, pair: int = ONE, *, fits: bool = True) -> None:
    await picks.add(reply, [pair], key="1", person=person, fits=fits, decides=False)


async def test_the_latest_word_of_each_person_counts(database: Database, picks: Picks):
    """The oldest first, whichever reply it was said about."""
    first, second = await offering(database, (ONE, 0.5)), await offering(database, (ONE, 0.5))
    await say(picks, first, "web:a")
    await say(picks, first, "web:b")
    await say(picks, second, "web:a", fits=False)
    said = [Pick(ONE, "web:b", True, False), Pick(ONE, "web:a", False, False)]
    assert await picks.latest("d", "1") == said


async def test_a_pick_is_about_one_question_of_one_domain(database: Database, picks: Picks):
    """Other words, and the same words in another field, are another question."""
    await say(picks, await offering(database, (ONE, 0.5)), "web:a")
    assert await picks.latest("d", "2") == []
    assert await picks.latest("other", "1") == []


async def test_the_same_word_again_is_no_new_label(database: Database, picks: Picks):
    """Another one is, and counts as later than what others said meanwhile."""
    reply, rounds = await offering(database, (ONE, 0.5)), Rounds(database)
    await say(picks, reply, "web:a")
    number = await rounds.claim("d", at_least=1)
    await rounds.end(number or 0, "rejected", {})
    await say(picks, reply, "web:a")
    assert await rounds.fresh("d") == 0
    await say(picks, reply, "web:b", fits=False)
    await say(picks, reply, "web:a", fits=False)
    assert await rounds.fresh("d") == 2
    assert [p.person for p in await picks.latest("d", "1")] == ["web:b", "web:a"]


async def test_a_pick_for_a_reply_that_has_gone_is_refused(picks: Picks):
    """Its question may be nobody's by now."""
    with pytest.raises(GoneError):
        await say(picks, 99, "web:a")


async def test_a_pick_of_a_pair_that_has_gone_is_nothing(database: Database, picks: Picks):
    """And picks go with their pair."""
    reply = await offering(database, (ONE, 0.5))
    await say(picks, reply, "web:a", 99)
    await say(picks, reply, "web:a", OTHER)
    async with database.transaction() as db:
        await db.execute("DELETE FROM pairs WHERE id = ?", (OTHER,))
    assert await picks.latest("d", "1") == []


async def test_what_is_offered_has_the_likeliest_first(database: Database, picks: Picks):
    """For each of the replies that offer something."""
    reply = await offering(database, (ONE, 0.2), (OTHER, 0.6))
    plain = await recalled(database)
    assert await picks.offered([reply, plain]) == {reply: [(OTHER, 0.6), (ONE, 0.2)]}


async def test_a_judged_score_is_the_one_that_the_reply_had(database: Database, picks: Picks):
    """Offered or given; each person's latest, and other embedders' scores apart."""
    offer, given = await offering(database, (ONE, 0.4)), await recalled(database, 0.8)
    await picks.add_judged(offer, ONE, "web:a", fits=False)
    await picks.add_judged(offer, ONE, "web:a", fits=True)
    await picks.add_judged(given, ONE, "web:b", fits=False)
    found = [Judged(0.8, False, "web:b"), Judged(0.4, True, "web:a")]
    assert await picks.judged("d", "fake") == found
    assert await picks.judged("d", "another") == []
    assert await picks.judged("other", "fake") == []


async def test_the_same_words_say_nothing_of_scores(database: Database, picks: Picks):
    """Nor does a pair that was neither offered nor given."""
    reply = await recalled(database, 1.0)
    await picks.add_judged(reply, ONE, "web:a", fits=True)
    await picks.add_judged(reply, OTHER, "web:a", fits=True)
    assert await picks.judged("d", "fake") == []


async def test_votes_and_corrections_judge_what_was_recalled(database: Database, picks: Picks):
    """Approved is right, corrected is wrong; a score that somebody judged has its judgement."""
    liked, wrong = await recalled(database, 0.7), await recalled(database, 0.6)
    both = await recalled(database, 0.5)
    labels = Labels(database, NOTHING)
    for reply in (liked, both):
        subject = Subject("reply", reply)
        await labels.change(subject, "web:a", "👍", "👍", 1.0, present=True)
    await Corrections(database, NOTHING).add(wrong, "web:b", "no", pending=False)
    await picks.add_judged(both, ONE, "web:a", fits=False)
    assert await picks.judged("d", "fake") == [
        Judged(0.5, False, "web:a"), Judged(0.6, False, "web:b"), Judged(0.7, True, "web:a"),
    ]  # fmt: skip


async def test_a_vote_on_what_was_picked_says_nothing_of_its_score(
    database: Database, picks: Picks
):
    """A person found it, not the score: words may even have spoken against it."""
    reply = await recalled(database, 0.2)
    await say(picks, reply, "web:a")
    subject = Subject("reply", reply)
    await Labels(database, NOTHING).change(subject, "web:a", "👍", "👍", 1.0, present=True)
    assert await picks.judged("d", "fake") == []


async def test_nobody_crowds_out_what_others_judged(
    database: Database, picks: Picks, monkeypatch: pytest.MonkeyPatch
):
    """Of one person only so many are looked at, the latest."""
    monkeypatch.setattr("storage.picks._JUDGED", 3)
    monkeypatch.setattr("storage.picks._JUDGED_BY_ONE", 2)
    for person, score in (("web:a", 0.9), *(("web:busy", n / 10) for n in range(1, 6))):
        await picks.add_judged(await recalled(database, score), ONE, person, fits=True)
    found = [Judged(0.5, True, "web:busy"), Judged(0.4, True, "web:busy")]
    assert await picks.judged("d", "fake") == [*found, Judged(0.9, True, "web:a")]


@pytest.mark.parametrize(("state", "left"), [("failed", 2), ("cancelled", 2), ("promoted", 0)])
async def test_picks_are_labels_of_a_round(database: Database, picks: Picks, state, left: int):
    """One for each person and reply, however many pairs it is about; a failed round gives them
    back."""
    rounds = Rounds(database)
    await rounds.end(await rounds.claim("d", at_least=0) or 0, "rejected", {})  # has what is taught
    reply = await offering(database, (ONE, 0.5), (OTHER, 0.4))
    await picks.add(reply, [ONE, OTHER], key="1", person="web:a", fits=False, decides=False)
    await say(picks, reply, "web:b")
    assert (await rounds.fresh("d"), await rounds.fresh("other")) == (2, 0)
    number = await rounds.claim("d", at_least=2)
    assert await rounds.fresh("d") == 0
    await rounds.end(number or 0, state, {})
    assert await rounds.fresh("d") == left


async def test_a_forgotten_person_leaves_no_pick(database: Database, picks: Picks):
    """Neither theirs, nor what others picked for their question, nor what they judged."""
    theirs = await offering(database, (ONE, 0.5), person="web:gone")
    others = await offering(database, (ONE, 0.5), person="web:b")
    for reply, person in ((theirs, "web:t"), (others, "web:gone"), (others, "web:b")):
        await say(picks, reply, person)
        await picks.add_judged(reply, ONE, person, fits=True)
    counts = await PersonalData(database, NOTHING).forget("web:gone")
    assert counts["pick"] == 1
    assert [p.person for p in await picks.latest("d", "1")] == ["web:b"]
    assert await picks.judged("d", "fake") == [Judged(0.5, True, "web:b")]


async def own_picks(database: Database, person: str) -> list[tuple[str, str | None, int]]:
    stored = [thing async for thing in PersonalData(database, NOTHING).data(person)]
    return [
        (thing["question"], thing["known_question"], thing["fits"])
        for thing in stored
        if thing["kind"] == "pick"
    ]


async def test_own_picks_are_told(database: Database, picks: Picks):
    """With the question, the known one, and whether it was meant."""
    await say(picks, await offering(database, (ONE, 0.5)), "web:a", fits=False)
    assert await own_picks(database, "web:a") == [("1?", "one", 0)]


async def test_own_picks_do_not_tell_what_somebody_asked_elsewhere(
    database: Database, picks: Picks
):
    """Whoever got its answer and says that it is not to their question never saw it."""
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="private", thread="x", person="web:b", domain="d", text="secret"
    )
    source = await messages.add_reply(question, StoredReply("a", "done", "m", None, 0, 0, 0, 0, 0))
    async with database.transaction() as db:
        await db.execute(
            "UPDATE pairs SET reply_id = ?, question = 'secret' WHERE id = ?", (source, ONE)
        )
    await say(picks, await recalled(database), "web:a", fits=False)
    assert await own_picks(database, "web:a") == [("1?", None, 0)]
