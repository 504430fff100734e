"""Corrections of several replies at once, and what others think of them."""

from pathlib import Path

from storage.conversations import Conversations, StoredReply
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels, Subject
from tests.bot.conftest import JUDGE

REPLY = StoredReply(
    text="An answer.",
    status="done",
    model="fake",
    version=None,
    prompt_tokens=1,
    tokens=1,
    queued_ms=0,
    first_token_ms=0,
    latency_ms=0,
)


async def test_corrections_are_found_by_reply_with_everybodys_votes(tmp_path: Path):
    """Withdrawn ones are left out; a vote that was taken back does not count."""
    database = await Database.open(tmp_path / "reactune.db")
    messages, corrections = Conversations(database), Corrections(database, JUDGE)
    replies = []
    for text in ("one", "two"):
        _, question = await messages.add_question(
            platform="web", channel="c", thread=text, person="web:u", domain="tax-ko", text=text
        )
        replies.append(await messages.add_reply(question, REPLY))
    first = await corrections.add(replies[0], "web:a", "1", pending=False)
    second = await corrections.add(replies[0], "web:b", "2", pending=True)
    gone = await corrections.add(replies[1], "web:a", "3", pending=True)
    await corrections.move(gone, "withdrawn", "web:a", only_from="pending")
    labels = Labels(database, JUDGE)
    for person, score, present in (("a", 1.0, True), ("b", -1.0, True), ("c", -1.0, False)):
        subject = Subject("correction", first)
        await labels.change(subject, person, "buttons", "x", score, present=present)
    found = await corrections.of_replies(replies)
    assert {reply: [c.id for c in some] for reply, some in found.items()} == {
        replies[0]: [first, second]
    }
    assert await corrections.votes([first, second]) == {first: (1, 1)}
    await database.close()
