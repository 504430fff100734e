"""What a killed process left of a round is tidied up at the next start."""

from tests.bot.learning.fakes import ENOUGH, Workshop


async def test_what_a_killed_process_left_is_tidied_up(workshop: Workshop):
    """Its labels count again; directories that nothing knows of go."""
    assert await workshop.rounds.claim("tax-ko", at_least=1)
    workshop.settings.round.mkdir()
    (workshop.settings.versions / "tax-ko-1").mkdir(parents=True)
    await workshop.training.recover()
    assert await workshop.rounds.fresh("tax-ko") == ENOUGH
    assert not workshop.settings.round.exists()
    assert list(workshop.settings.versions.iterdir()) == []


async def test_a_version_of_a_killed_round_is_tidied_up(workshop: Workshop):
    """It was there whole, but nobody had judged it: nobody shall go to it by name."""
    number = await workshop.rounds.claim("tax-ko", at_least=1)
    assert number
    await workshop.versions.add("tax-ko-1", "tax-ko", number, [])
    (workshop.settings.versions / "tax-ko-1" / "adapter").mkdir(parents=True)
    await workshop.training.recover()
    assert await workshop.versions.names() == frozenset()
    assert list(workshop.settings.versions.iterdir()) == []
