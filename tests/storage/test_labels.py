"""Emoji that people put on replies."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.errors import StorageError
from storage.labels import Labels
from storage.messages import Messages, StoredReply

EVENTS = st.lists(
    st.tuples(st.sampled_from(["u1", "u2"]), st.sampled_from(["👍", "👎"]), st.booleans())
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "reactune.db")
    yield database
    await database.close()


async def add_reply(database: Database) -> int:
    messages = Messages(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="d", text="q"
    )
    reply = StoredReply("a", "done", "tiny", None, 1, 1, 0, 0, 0)
    return await messages.add_reply(question, reply)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(EVENTS)
async def test_what_stands_is_what_was_added_last(
    database: Database, events: list[tuple[str, str, bool]]
):
    """Duplicates and removals of nothing change nothing."""
    reply, labels = await add_reply(database), Labels(database)
    standing: set[tuple[str, str]] = set()
    for person, emoji, added in events:
        await labels.change(reply, person, emoji, 1.0, present=added)
        (standing.add if added else standing.discard)((person, emoji))
    for person in ("u1", "u2"):
        found = (await labels.of_person([reply], person)).get(reply, frozenset())
        assert found == {emoji for who, emoji in standing if who == person}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.booleans(), min_size=1, max_size=6), st.randoms(use_true_random=False))
async def test_the_order_of_arrival_does_not_matter(
    database: Database, changes: list[bool], random: Random
):
    """The change that happened last counts, however late or often the others come."""
    reply, labels = await add_reply(database), Labels(database)
    events = list(enumerate(changes)) * 2
    random.shuffle(events)
    for at, present in events:
        await labels.change(reply, "u", "👍", 1.0, present=present, at=float(at))
    assert bool(await labels.of_reply(reply)) == changes[-1]


async def test_a_label_needs_a_reply(database: Database):
    """One on a reply that does not exist is an error, not a row."""
    with pytest.raises(StorageError, match="no such reply"):
        await Labels(database).change(12345, "web:u", "👍", 1.0, present=True)
