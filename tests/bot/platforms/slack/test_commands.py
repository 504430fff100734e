"""Slash commands."""

from bot.platforms.slack.retry import Timing
from bot.texts import say
from tests.bot.platforms.fakes.rounds import DOMAIN, NEW, OLD, with_live
from tests.bot.platforms.slack.conftest import StartBot
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import FakeSlack, Fault
from tests.bot.platforms.slack.fake.workspace import GENERAL
from tests.support.fakes import FakeTraining, saying
from tests.support.waiting import until


async def test_stats_are_shown_to_admins_alone(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """In their language; others get a polite refusal, in theirs."""
    slack.users["U2"] = {"locale": "en-US"}
    bot = await start_bot(saying("답"), admins=("slack:U1",))
    asked = await people.asks("언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    shown = await people.types("/stats")
    assert shown
    assert shown["response_type"] == "ephemeral"
    assert "질문: 1 (사람 1명) · 답변: 1" in shown["text"]
    refused = await people.types("/stats", user="U2")
    assert refused == {"text": "Only admins can use this command.", "response_type": "ephemeral"}
    assert await bot.count("questions") == 1


async def test_an_unknown_command_lists_what_there_is(start_bot: StartBot, people: People):
    """Instead of an error by Slack."""
    await start_bot()
    shown = await people.types("/nothing")
    assert shown
    assert "stats" in shown["text"]


async def test_a_slow_command_is_acknowledged_first(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Slack waits three seconds; the result follows."""
    slack.fail("users.info", Fault(wait_s=0.4))
    await start_bot(pace=Timing(ack_s=0.1))
    assert await people.types("/stats") is None
    (late,) = await until(lambda: slack.responses)
    assert late["response_type"] == "ephemeral"
    assert "관리자만" in late["text"]


async def test_people_see_what_is_stored_about_them(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """They alone, with what they wrote as they wrote it."""
    await start_bot(saying("답"))
    asked = await people.asks("&lt;!here&gt; 언제?")
    await until(lambda: slack.thread(GENERAL, asked))
    shown = await people.types("/my-data")
    assert shown
    assert shown["response_type"] == "ephemeral"
    assert "질문 1" in shown["text"]
    assert "&lt;!here&gt; 언제?" in shown["text"]
    other = await people.types("/my-data", user="U2")
    assert other
    assert other["text"] == say("mydata_empty", "ko")


async def test_people_are_forgotten_when_they_say_it_twice(
    start_bot: StartBot, slack: FakeSlack, people: People
):
    """Nobody else with them."""
    bot = await start_bot(saying("답"))
    for user in ("U1", "U2"):
        asked = await people.asks("언제?", user=user)
        await until(lambda asked=asked: slack.thread(GENERAL, asked))
    await bot.settled()
    first = await people.types("/forget-me")
    assert first
    assert first["text"] == say("forget_confirm", "ko")
    second = await people.types("/forget-me")
    assert second
    assert second["text"].startswith("지웠습니다: 질문 1")
    rows = await bot.database.rows("SELECT person FROM questions")
    assert [row[0] for row in rows] == ["slack:U2"]


async def test_admins_start_a_round(start_bot: StartBot, people: People):
    """In the domain of the settings if they name none; why not, in the service's own words."""
    await start_bot(training=FakeTraining(), admins=("slack:U1",))
    for command, reply in (
        (("/train", " general-en "), say("train_begun", "ko", round=1, domain="general-en")),
        (("/train",), "round 1 runs"),
        (("/train", "law"), say("unknown_domain", "ko", names="general-en, tax-ko")),
    ):
        assert await people.types(*command) == {"text": reply, "response_type": "ephemeral"}


async def test_admins_roll_back(start_bot: StartBot, people: People):
    """Nobody else."""
    training = with_live(NEW)
    await start_bot(training=training, admins=("slack:U1",))
    refused = await people.types("/rollback", user="U2")
    assert refused
    assert refused["text"] == say("admins_only", "ko")
    reply = await people.types("/rollback", DOMAIN)
    assert reply
    assert reply["text"] == say("rollback_done", "ko", domain=DOMAIN, version=OLD)
    assert training.deeds == [f"slack:U1 rolls {DOMAIN} back"]
