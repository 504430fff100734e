"""Slash commands on Discord."""

from bot.texts import say
from storage.errors import StorageError
from storage.statistics import DomainStats, Stats
from tests.bot.platforms.discord.conftest import Bot, OpenBot
from tests.bot.platforms.discord.fake.server import FakeDiscord
from tests.bot.platforms.discord.fake.world import ADMIN, ALICE, BORA, TAX_TEAM
from tests.bot.platforms.fakes.rounds import DOMAIN, NEW, OLD, with_live
from tests.support.fakes import FakeTraining


async def test_stats_are_told_to_admins(fake: FakeDiscord, open_bot: OpenBot):
    """By their id or by a role; only they see it, which the fake checks."""
    for admins in (f"discord:{ADMIN.id}", f"discord:{TAX_TEAM}"):
        async with open_bot(admins=admins):
            await fake.answer(await fake.ask("When is VAT due?"))
            reply = await (await fake.slash("stats", ADMIN)).text()
            assert "people) · answered:" in reply


async def test_others_get_a_polite_refusal(fake: FakeDiscord, open_bot: OpenBot):
    """In their language, whatever Discord's own permissions say."""
    async with open_bot(admins=f"discord:{ADMIN.id}"):
        assert "Only admins" in await (await fake.slash("stats", ALICE)).text()
        assert "관리자만" in await (await fake.slash("stats", BORA)).text()


async def test_commands_work_in_a_direct_message(fake: FakeDiscord, open_bot: OpenBot):
    """Where nobody has roles."""
    async with open_bot(admins=f"discord:{ADMIN.id}"):
        direct = fake.world.direct_channel(ADMIN)
        assert "No questions yet" in await (await fake.slash("stats", ADMIN, direct)).text()


async def test_commands_have_korean_names(fake: FakeDiscord, bot: Bot):
    """Discord shows them to people who read Korean."""
    command = next(c for c in fake.rest.commands if c["name"] == "stats")
    assert command["name"] == "stats"
    assert command["name_localizations"] == {"ko": "통계"}
    assert command["description_localizations"]["ko"].startswith("질문")


async def test_a_command_of_an_older_version_is_answered(fake: FakeDiscord, bot: Bot):
    """Discord's apps remember commands for a while."""
    assert "There are: stats" in await (await fake.slash("teach")).text()


async def test_a_command_that_fails_says_so(fake: FakeDiscord, open_bot: OpenBot, monkeypatch):
    """With a reference, and never with the exception."""

    async def broken(stats: Stats, domain: str) -> DomainStats:
        raise StorageError("the disk is gone")

    monkeypatch.setattr(Stats, "of_domain", broken)
    async with open_bot(admins=f"discord:{ADMIN.id}"):
        reply = await (await fake.slash("stats", ADMIN)).text()
        assert "Tell your admin this number: I" in reply
        assert "disk" not in reply


async def test_a_slow_command_is_acknowledged_at_once(fake: FakeDiscord, open_bot: OpenBot):
    """Discord waits three seconds; then the database may take its time."""
    async with open_bot(admins=f"discord:{ADMIN.id}"):
        fake.trouble("POST", "^/webhooks", "slow", seconds=0.3)
        assert "No questions yet" in await (await fake.slash("stats", ADMIN)).text()


async def test_people_see_what_is_stored_about_them(fake: FakeDiscord, bot: Bot):
    """They alone, which the fake checks."""
    await fake.answer(await fake.ask("When is VAT due?"))
    reply = await (await fake.slash("my-data", ALICE)).text()
    assert reply.startswith("questions 1")
    assert "When is VAT due?" in reply
    assert await (await fake.slash("my-data", BORA)).text() == say("mydata_empty", "ko")


async def test_people_are_forgotten_when_they_say_it_twice(fake: FakeDiscord, bot: Bot):
    """Nobody else with them."""
    for person in (ALICE, BORA):
        await fake.answer(await fake.ask("When is VAT due?", person))
    await bot.settled()
    assert await (await fake.slash("forget-me", ALICE)).text() == say("forget_confirm", "en")
    assert (await (await fake.slash("forget-me", ALICE)).text()).startswith("Removed: questions 1")
    rows = await bot.database.rows("SELECT person FROM questions")
    assert [row[0] for row in rows] == [f"discord:{BORA.id}"]


async def test_admins_start_a_round(fake: FakeDiscord, open_bot: OpenBot):
    """In the domain of the settings if they name none; why not, in the service's own words."""
    async with open_bot(training=FakeTraining(), admins=f"discord:{ADMIN.id}"):
        begun = await fake.slash("train", ADMIN, domain="general-en")
        assert await begun.text() == say("train_begun", "en", round=1, domain="general-en")
        assert await (await fake.slash("train", ADMIN)).text() == "round 1 runs"
        assert (
            "There are: general-en" in await (await fake.slash("train", ADMIN, domain="law")).text()
        )


async def test_admins_roll_back(fake: FakeDiscord, open_bot: OpenBot):
    """Nobody else."""
    training = with_live(NEW)
    async with open_bot(training=training, admins=f"discord:{ADMIN.id}"):
        assert await (await fake.slash("rollback", BORA)).text() == say("admins_only", "ko")
        reply = await (await fake.slash("rollback", ADMIN)).text()
        assert reply == say("rollback_done", "en", domain=DOMAIN, version=OLD)
        assert training.deeds == [f"discord:{ADMIN.id} rolls {DOMAIN} back"]
