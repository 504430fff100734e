"""Who may ask, and how often."""

import pytest

from bot.access import Access, AlreadyToldError
from bot.answering.service import AnswerService
from bot.errors import RefusedError
from bot.feedback.labels import LabelService
from bot.messages import Incoming
from bot.operations.commands import Caller, CommandTable, stats_command
from bot.operations.statistics import StatisticsReader
from engine.serving.base import EngineStats
from storage.labels import Subject
from tests.bot.conftest import incoming
from tests.support.fakes import FakeTraining, saying


def asked_by(user: str, *roles: str, channel: str = "C1") -> Incoming:
    return Incoming("discord", channel, "t", user, "?", "tax-ko", roles=frozenset(roles))


def test_without_lists_everybody_may_ask():
    """As often as they like."""
    access = Access()
    for _ in range(1000):
        access.check(asked_by("1"))


def test_only_listed_channels_are_answered():
    """Elsewhere the asker is told."""
    access = Access(channels=["discord:C1"])
    access.check(asked_by("1"))
    with pytest.raises(RefusedError, match="채널"):
        access.check(asked_by("1", channel="C2"))


def test_only_listed_people_are_answered():
    """By their own id or by a role; admins always."""
    access = Access(users=["discord:1"], roles=["discord:77"], admins=["discord:9"])
    for person in (asked_by("1"), asked_by("2", "77"), asked_by("9")):
        access.check(person)
    with pytest.raises(RefusedError, match="등록"):
        access.check(asked_by("2"))


def test_who_may_not_ask_hears_it_once_in_a_while():
    """In each channel; every ten minutes is enough, however often they insist."""
    now = [0.0]
    access = Access(users=["discord:1"], clock=lambda: now[0])
    for told_before in (False, True, True):
        with pytest.raises(RefusedError) as refused:
            access.check(asked_by("2"))
        assert isinstance(refused.value, AlreadyToldError) is told_before
    for later, channel in ((0, "C2"), (601, "C1")):
        now[0] += later
        with pytest.raises(RefusedError, match="등록"):
            access.check(asked_by("2", channel=channel))


def test_people_who_talk_in_a_thread_are_not_told_that_they_may_not_ask():
    """It may not have been said to the bot; who then mentions it is told."""
    for access in (Access(users=["discord:1"]), Access(channels=["discord:C2"])):
        with pytest.raises(AlreadyToldError):
            access.check(asked_by("2"), addressed=False)
        with pytest.raises(RefusedError, match="관리자"):
            access.check(asked_by("2"))


def test_who_asks_too_often_hears_it_once():
    """Until the time that they were told has passed."""
    now = [0.0]
    access = Access(per_user=1, clock=lambda: now[0])
    access.check(asked_by("1"))
    now[0] = 10
    with pytest.raises(RefusedError, match="50초"):
        access.check(asked_by("1"))
    now[0] = 30
    with pytest.raises(AlreadyToldError):
        access.check(asked_by("1"), addressed=False)
    now[0] = 61
    access.check(asked_by("1"))
    with pytest.raises(RefusedError, match="60초"):
        access.check(asked_by("1"))


def test_too_many_questions_have_to_wait():
    """Each person by themselves; the text says how long, and waiting helps."""
    now = [0.0]
    access = Access(per_user=2, clock=lambda: now[0], language="en")
    access.check(asked_by("1"))
    access.check(asked_by("1"))
    with pytest.raises(RefusedError, match="60 seconds"):
        access.check(asked_by("1"))
    access.check(asked_by("2"))
    now[0] = 61
    access.check(asked_by("1"))


def test_a_channel_has_a_limit_of_its_own():
    """Whoever asks there."""
    access = Access(per_channel=1)
    access.check(asked_by("1"))
    with pytest.raises(RefusedError):
        access.check(asked_by("2"))
    access.check(asked_by("2", channel="C2"))


def test_the_refusal_is_in_the_askers_language():
    """Where the platform tells it."""
    with pytest.raises(RefusedError, match="channel"):
        Access(channels=["discord:C9"]).check(asked_by("1"), "en")


@pytest.fixture
def commands(statistics_reader: StatisticsReader) -> CommandTable:
    access = Access(admins=["slack:U9", "discord:77"])
    return CommandTable(
        access,
        [
            stats_command(
                statistics_reader, ["tax-ko"], lambda: EngineStats(0, 0, ()), FakeTraining()
            )
        ],
    )


async def test_stats_are_for_admins(commands: CommandTable):
    """Others get a polite refusal, in their language."""
    assert "관리자만" in await commands.run("stats", Caller("slack", "U1", "ko"))
    assert "Only admins" in await commands.run("stats", Caller("slack", "U1", "en"))
    assert "No questions" in await commands.run("stats", Caller("slack", "U9", "en"))


async def test_a_role_can_make_an_admin(commands: CommandTable):
    """Its id is in ADMINS."""
    caller = Caller("discord", "5", "en", frozenset({"77"}))
    assert "No questions" in await commands.run("stats", caller)


async def test_an_unknown_command_lists_what_there_is(commands: CommandTable):
    """Instead of nothing."""
    assert "stats" in await commands.run("nope", Caller("slack", "U9", "en"))


async def test_stats_count_what_happened(
    commands: CommandTable, answers_of, label_service: LabelService
):
    """Questions, answers, people, labels."""
    answers: AnswerService = answers_of(saying("예."))
    for user in ("a", "b", "b"):
        reply = await (await answers.ask(incoming(user=user))).finished()
        assert reply
        await label_service.toggle(
            Subject("reply", reply.id), f"web:{user}", "👎" if user == "a" else "👍"
        )
    text = await commands.run("stats", Caller("slack", "U9", "en"))
    assert "questions: 3 (2 people) · answered: 3" in text
    assert "approval: 67% (👍 2, 👎 1)" in text
