"""The list of a channel's conversations."""

from pathlib import Path

from storage.conversations import Conversations, Thread
from storage.database import Database


async def test_threads_are_listed_by_their_newest_question(tmp_path: Path):
    """Each with its first question and the field asked about last; other channels stay out."""
    database = await Database.open(tmp_path / "reactune.db")
    messages = Conversations(database)
    for channel, thread, domain, text in [
        ("mine", "a", "tax", "first of a"),
        ("mine", "b", "tax", "first of b"),
        ("other", "c", "tax", "not mine"),
        ("mine", "a", "law", "second of a"),
    ]:
        await messages.add_question(
            platform="web", channel=channel, thread=thread, person="p", domain=domain, text=text
        )
    a, b = Thread("a", "first of a", "law"), Thread("b", "first of b", "tax")
    assert await messages.threads("web", "mine", last=10) == [a, b]
    assert await messages.threads("web", "mine", last=1) == [a]
    assert await messages.threads("slack", "mine", last=10) == []
    await database.close()
