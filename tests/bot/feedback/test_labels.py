"""A reaction becomes a label."""

from bot.answering.service import AnswerService
from bot.feedback.labels import LabelService
from bot.messages import Reaction
from bot.metrics import Metrics
from storage.database import Database
from storage.labels import Subject
from tests.bot.conftest import incoming
from tests.support.fakes import saying


async def replied(answers_of) -> int:
    answers: AnswerService = answers_of(saying("예."))
    reply = await (await answers.ask(incoming())).finished()
    assert reply
    return reply.id


async def rows(database: Database) -> list[tuple]:
    found = await database.rows(
        "SELECT person, emoji, score FROM labels WHERE present ORDER BY person"
    )
    return [tuple(row) for row in found]


async def test_a_reaction_is_a_label_with_its_score(answers_of, label_service, database):
    """As the table of emoji says."""
    reply = await replied(answers_of)
    await label_service.react(Reaction(Subject("reply", reply), "web:a", "👎", added=True))
    assert await rows(database) == [("web:a", "👎", -1.0)]


async def test_an_emoji_without_score_is_no_label(answers_of, label_service, database):
    """People say all kinds of things with them."""
    reply = await replied(answers_of)
    await label_service.react(Reaction(Subject("reply", reply), "web:a", "🦄", added=True))
    assert await rows(database) == []


async def test_a_reaction_can_be_taken_back(answers_of, label_service, database):
    """By the person who gave it, without touching others'."""
    reply = await replied(answers_of)
    for person in ("web:a", "web:b"):
        await label_service.react(Reaction(Subject("reply", reply), person, "👍", added=True))
    await label_service.react(Reaction(Subject("reply", reply), "web:a", "👍", added=False))
    assert await rows(database) == [("web:b", "👍", 1.0)]


async def test_a_choice_replaces_the_last_one(answers_of, label_service: LabelService, database):
    """One choice a person; the same again takes it back."""
    reply = await replied(answers_of)
    assert await label_service.toggle(Subject("reply", reply), "web:a", "👍") == "👍"
    assert await label_service.toggle(Subject("reply", reply), "web:a", "👎") == "👎"
    assert await rows(database) == [("web:a", "👎", -1.0)]
    assert (await label_service.votes_of([reply], "web:a"))[reply] == "👎"
    assert await label_service.toggle(Subject("reply", reply), "web:a", "👎") is None
    assert await rows(database) == []


async def test_labels_are_counted(answers_of, label_service: LabelService, metrics: Metrics):
    """By score."""
    await label_service.toggle(Subject("reply", await replied(answers_of)), "web:a", "👍")
    assert metrics.registry.get_sample_value("reactune_labels_total", {"score": "+1"}) == 1
