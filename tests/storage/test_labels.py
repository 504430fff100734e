"""Marks that people put on replies, and the one verdict that follows from them."""

import math
import time
from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.conversations import Conversations, StoredReply
from storage.database import Database
from storage.errors import StorageError
from storage.labels import BUTTONS, Labels, Subject
from tests.storage.judges import NOTHING

SCORES = {"👍": 1.0, "🎉": 1.0, "👎": -1.0}
# (person, place, emoji, put on?): each event happens a second after the one before
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2"]),
        st.sampled_from(["reaction", BUTTONS]),
        st.sampled_from(sorted(SCORES)),
        st.booleans(),
    ),
    max_size=12,
)
slowly = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


def labels_of(database: Database) -> Labels:
    return Labels(database, NOTHING)


async def add_reply(database: Database) -> Subject:
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="d", text="q"
    )
    reply = StoredReply("a", "done", "tiny", None, 1, 1, 0, 0, 0)
    return Subject("reply", await messages.add_reply(question, reply))


def expected(events: list[tuple[str, str, str, bool]]) -> dict[str, float]:
    """Each person's verdict, told in the simplest way: what was put on last and still stands."""
    standing: dict[tuple[str, str], str] = {}
    for person, place, emoji, present in events:
        where = (person, BUTTONS if place == BUTTONS else emoji)
        standing.pop(where, None)  # the latest change goes to the end
        if present:
            standing[where] = emoji
    return {person: SCORES[emoji] for (person, _), emoji in standing.items()}


@slowly
@given(EVENTS, st.randoms(use_true_random=False))
async def test_any_order_of_events_gives_the_same_verdicts(
    database: Database, events: list[tuple[str, str, str, bool]], random: Random
):
    """Late, doubled and shuffled: the verdict is what each person put on last and left there."""
    reply, labels = await add_reply(database), labels_of(database)
    arriving = list(enumerate(events)) * 2
    random.shuffle(arriving)
    for at, (person, place, emoji, present) in arriving:
        where = BUTTONS if place == BUTTONS else emoji
        await labels.change(
            reply, person, where, emoji, SCORES[emoji], present=present, at=float(at)
        )
    assert await labels.verdicts(reply) == expected(events)


async def test_reactions_and_buttons_do_not_disturb_each_other(database: Database):
    """Taking a button's vote back leaves the emoji that is still on the message."""
    reply, labels = await add_reply(database), labels_of(database)
    await labels.change(reply, "u", "👍", "👍", 1.0, present=True, at=1)
    await labels.change(reply, "u", BUTTONS, "👎", -1.0, present=True, at=2)
    assert await labels.verdicts(reply) == {"u": -1.0}
    await labels.change(reply, "u", BUTTONS, "👎", -1.0, present=False, at=3)
    assert await labels.verdicts(reply) == {"u": 1.0}
    assert await labels.votes_of([reply.id], "u") == {}


@pytest.mark.parametrize(
    "at",
    [math.inf, -math.inf, math.nan, -1.0, pytest.param(time.time() + 864_000, id="in ten days")],
)
async def test_a_time_that_cannot_be_is_now(database: Database, at: float):
    """What is put on later counts."""
    reply, labels = await add_reply(database), labels_of(database)
    await labels.change(reply, "u", BUTTONS, "👍", 1.0, present=True, at=at)
    assert await labels.verdicts(reply) == {"u": 1.0}
    await labels.change(reply, "u", BUTTONS, "👎", -1.0, present=True, at=time.time())
    assert await labels.verdicts(reply) == {"u": -1.0}


async def test_of_changes_at_the_same_moment_one_counts_in_any_order(database: Database):
    """The same one, also of two that were put on."""
    labels, found = labels_of(database), set()
    changes = [("👍", True), ("👎", True), ("🎉", False)]
    for number, order in enumerate(permutations(changes)):
        reply = await add_reply(database)
        for emoji, present in order:
            await labels.change(
                reply, f"u{number}", BUTTONS, emoji, SCORES[emoji], present=present, at=5.0
            )
        found.add((await labels.verdicts(reply))[f"u{number}"])
    assert len(found) == 1


async def test_a_label_needs_a_reply(database: Database):
    """One on a reply that does not exist is an error, not a row."""
    with pytest.raises(StorageError, match="no such reply"):
        await labels_of(database).change(
            Subject("reply", 12345), "web:u", "👍", "👍", 1.0, present=True
        )
