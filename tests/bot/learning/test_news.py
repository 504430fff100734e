"""Everybody hears what a round does and what came of it."""

import asyncio

from bot.learning.news import News
from bot.learning.outcome import Progress
from tests.bot.learning.fakes import Workshop, round_of
from tests.support.waiting import until


async def test_everybody_hears_of_it(workshop: Workshop):
    """Each step, then the outcome, once; one who fails to listen keeps nobody from hearing."""
    heard: list[News] = []

    async def listen(news: News) -> None:
        heard.append(news)

    async def fail(news: News) -> None:
        raise RuntimeError("a watcher with a bug")

    workshop.training.news.subscribe(fail)
    workshop.training.news.subscribe(listen)
    outcome = await round_of(workshop)
    await workshop.training.news.report()
    await until(lambda: heard[-1:] == [outcome])
    steps = [news for news in heard if isinstance(news, Progress)]
    assert [step.stage for step in steps][:3] == ["preparing", "training", "training"]
    assert (steps[2].step, steps[2].steps, steps[2].loss) == (1, 2, 1.5)
    await workshop.training.news.report()
    await workshop.training.close()
    assert heard.count(outcome) == 1
    assert workshop.training.progress is None


async def test_who_is_killed_while_it_reports_tells_it_again(workshop: Workshop):
    """A round is told of when everybody has heard: a post takes a while."""
    posted = asyncio.Event()

    async def post(news: News) -> None:
        await posted.wait()

    workshop.training.news.subscribe(post)
    await round_of(workshop)
    for _ in range(2):
        await workshop.training.news.report()
    assert len(await workshop.rounds.unreported()) == 1
    posted.set()
    await workshop.training.close()
    assert await workshop.rounds.unreported() == []
