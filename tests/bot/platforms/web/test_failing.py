"""Questions that are refused and answers that fail, as the page says it."""

import pytest
from playwright.async_api import expect

from storage.errors import StorageError
from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import ask, hear
from tests.support.fakes import FakeEngine, failing

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_refusal_gives_the_text_back(site: Site, watched: Watched):
    """A question that is too long is still there to be shortened; the notice says why."""
    page = await watched.tab(site.address)
    question = "very long " * 900
    await ask(page, question)
    await expect(page.locator(".notice")).to_contain_text("too long")
    await expect(page.locator("textarea")).to_have_value(question)
    assert await page.locator(".turn").count() == 0
    await hear(page, "short")
    await expect(page.locator(".notice")).to_be_empty()


async def test_a_refusal_speaks_the_pages_language(open_site: OpenSite, watched: Watched):
    """Whoever switched a Korean page to English is refused in English."""
    async with open_site(language="ko") as site:
        page = await watched.tab(site.address)
        await page.get_by_role("button", name="English").click()
        await expect(page.locator(".sidebar-title")).to_have_text("Conversations")
        await ask(page, "x" * 8001)
        await expect(page.locator(".notice")).to_contain_text("too long")


async def test_a_broken_database_gives_the_text_back(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """A question that cannot be stored is not lost."""

    async def broken(*_: object, **__: object) -> None:
        raise StorageError("no")

    monkeypatch.setattr("storage.conversations.Conversations.add_question", broken)
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await expect(page.locator(".notice")).to_contain_text("did not get through")
    await expect(page.locator("textarea")).to_have_value("Well?")


async def test_a_reply_that_cannot_be_stored_has_failed(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """The page says so, with the number of the question."""

    async def broken(*_: object) -> None:
        raise StorageError("no")

    monkeypatch.setattr("storage.conversations.Conversations.add_reply", broken)
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await expect(page.locator(".answer-note.error")).to_contain_text("Q1")


async def test_a_failed_answer_says_its_number(open_site: OpenSite, watched: Watched):
    """The engine broke down: an apology, no reactions, and the next question works."""
    engine = FakeEngine(failing)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Well?")
        await expect(page.locator(".answer-note.error")).to_contain_text("Q1")
        engine.script = lambda _: "Better."
        await hear(page, "And now?")
        assert await page.locator(".reactions").count() == 1


async def test_an_interrupted_question_says_so(site: Site, watched: Watched):
    """A question without a reply that nobody answers any more is not left hanging."""
    page = await watched.tab(site.address)
    await hear(page, "Well?")
    async with site.database.transaction() as db:
        await db.execute("DELETE FROM replies")
    await page.reload()
    await expect(page.locator(".answer-note")).to_contain_text("interrupted")
