"""What a round may learn from what people picked."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from storage.conversations import Conversations, StoredReply
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from storage.picks import Pick, Picks
from storage.rounds import Rounds
from storage.training_data import TrainingData, TrainingRow

PAIR = 1


def two_people(picks: Sequence[Pick]) -> int | None:
    """A pair that two mean; the rule itself is the application's."""
    for pair_id in (PAIR, 2):
        if sum(p.fits for p in picks if p.pair_id == pair_id) >= 2:
            return pair_id
    return None


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    await teach(database, "one")
    yield database
    await database.close()


async def teach(database: Database, question: str, answer: str = "the answer") -> None:
    row = TaughtPair("d", question, question, answer, "", "", 1.0, "cli:me")
    await Pairs(database).teach([row])


async def pick(
    database: Database,
    person: str,
    text: str = "First?",
    pair: int = PAIR,
    *,
    fits: bool = True,
    decides: bool = False,
) -> None:
    """``person`` asks, and says whether the pair was meant."""
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread=f"{text}{person}", person=person, domain="d", text=text
    )
    reply = StoredReply("?", "abstained", "m", None, 0, 0, 0, 0, 0)
    await Picks(database).add(
        await messages.add_reply(question, reply), [pair], key=text.strip(" ?").casefold(),
        person=person, fits=fits, decides=decides,
    )  # fmt: skip


async def picked(database: Database, number: int | None = None) -> list[TrainingRow]:
    """The rows of what was picked, for a round that claims everything."""
    if number is None:
        number = await Rounds(database).claim("d", at_least=0)
    rows = await TrainingData(database, two_people).of("d", number or 0)
    return [row for row in rows if row.picked]


async def test_what_people_agree_to_mean_is_learned(database: Database):
    """In the words of the latest of them, with the pair's answer; everybody in it is known."""
    await pick(database, "web:a", "First?")
    await pick(database, "web:b", " FIRST ? ")
    assert await picked(database) == [
        TrainingRow(
            "approved", PAIR, " FIRST ? ", "the answer", 1.0, 2, ("web:a", "web:b"),
            ("web:b", "web:a", "cli:me"), fresh=True, picked=True,
        )
    ]  # fmt: skip


async def test_what_nobody_else_means_is_not_learned(database: Database):
    """One pick, one that others do not share, and a pair that was not meant."""
    await pick(database, "web:a", "first?")
    await pick(database, "web:a", "second?")
    await pick(database, "web:b", "second?", fits=False)
    for person in ("web:a", "web:b"):
        await pick(database, person, "third?", fits=False)
    assert await picked(database) == []


async def test_whoever_is_against_it_lowers_its_quality(database: Database):
    """Theirs is a word on it too, and they are in it."""
    for person in ("web:a", "web:b", "web:c"):
        await pick(database, person)
    await pick(database, "web:d", fits=False)
    [row] = await picked(database)
    assert (row.quality, row.votes, row.judges) == (0.5, 3, ("web:a", "web:b", "web:c"))
    assert "web:d" in row.people


async def test_a_teachers_word_is_enough(database: Database):
    """Whatever the others say."""
    await pick(database, "web:a", fits=False)
    await pick(database, "web:b")
    await pick(database, "web:teacher", decides=True)
    [row] = await picked(database)
    assert (row.quality, row.judges) == (1.0, ("web:b", "web:teacher"))


async def test_the_latest_word_of_each_person_counts(database: Database):
    """Two who took it back leave nothing to learn."""
    for fits in (True, False):
        for person in ("web:a", "web:b"):
            await pick(database, person, fits=fits)
    assert await picked(database) == []


async def test_what_earlier_rounds_had_comes_again(database: Database):
    """Not as fresh; a third pick makes it so again."""
    rounds = Rounds(database)
    for person in ("web:a", "web:b"):
        await pick(database, person)
    first = await rounds.claim("d", at_least=1)
    assert [row.fresh for row in await picked(database, first)] == [True]
    await rounds.end(first or 0, "rejected", {})
    second = await rounds.claim("d", at_least=0)
    assert [row.fresh for row in await picked(database, second)] == [False]
    await rounds.end(second or 0, "rejected", {})
    await pick(database, "web:c")
    assert [row.fresh for row in await picked(database)] == [True]


async def test_a_question_that_a_pair_has_is_not_learned_twice(database: Database):
    """Its own answer counts, whatever was picked before."""
    for person in ("web:a", "web:b"):
        await pick(database, person)
    await teach(database, "first", "another answer")
    assert await picked(database) == []


async def test_a_pair_that_is_known_no_more_is_not_learned(database: Database):
    """Somebody with authority has ruled that it is wrong."""
    for person in ("web:a", "web:b"):
        await pick(database, person)
    async with database.transaction() as db:
        await db.execute("UPDATE pairs SET score = 0")
    assert await picked(database) == []


async def test_other_domains_learn_nothing_of_it(database: Database):
    """Each has an adapter of its own."""
    for person in ("web:a", "web:b"):
        await pick(database, person)
    number = await Rounds(database).claim("other", at_least=0)
    assert await TrainingData(database, two_people).of("other", number or 0) == []


async def test_everybody_behind_an_approved_answer_is_known(database: Database):
    """Who asked its own question, who voted for it, and whom it repeats."""
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread="own", person="web:asker", domain="d", text="own?"
    )
    source = await messages.add_reply(question, StoredReply("a", "done", "m", None, *[0] * 5))
    async with database.transaction() as db:
        await db.execute("UPDATE pairs SET reply_id = ?, person = NULL", (source,))
        await db.execute("INSERT INTO repeats VALUES (?, 'web:author')", (source,))
        await db.execute(
            "INSERT INTO labels (reply_id, person, place, emoji, score, present, changed_at, "
            "created_at) VALUES (?, 'web:voter', 'x', 'x', 1, 1, 0, '')",
            (source,),
        )
    for person in ("web:a", "web:b"):
        await pick(database, person)
    [row] = await picked(database)
    assert set(row.people) == {"web:a", "web:b", "web:asker", "web:voter", "web:author"}
