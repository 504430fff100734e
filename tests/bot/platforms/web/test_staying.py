"""What stays when tabs are reloaded, doubled and closed."""

import pytest
from playwright.async_api import expect

from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import ANSWER, LONG, READY, THUMB_UP, ask, hear, until
from tests.support.fakes import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_reload_keeps_the_conversation_and_the_chosen_emoji(site: Site, watched: Watched):
    """What was said and thought is there again."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.click(THUMB_UP)
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await expect(page.locator(".question-text")).to_have_text("Well?")
    await expect(page.locator(ANSWER)).to_have_text("A fine answer.")
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
    await page.goto(site.address)
    await expect(page.locator(".question-text")).to_have_text("Well?")


async def test_a_reload_in_mid_answer_and_a_second_tab_follow_the_same_answer(
    open_site: OpenSite, watched: Watched
):
    """The answer belongs to the conversation, not to a tab."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=5)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word4")
        await page.reload()
        second = await watched.tab(page.url, beside=page)
        for tab in (page, second):
            await expect(tab.locator(ANSWER)).to_contain_text("word4")
            await expect(tab.locator(".composer-button.stop")).to_be_visible()
        engine.go_on()
        for tab in (page, second):
            await expect(tab.locator(ANSWER)).to_have_text(LONG)
            await tab.wait_for_selector(READY)
        assert len(engine.prompts) == 1


async def test_a_question_shows_up_in_the_other_tab(site: Site, watched: Watched):
    """Two tabs of one conversation say the same."""
    page = await watched.tab(site.address)
    await hear(page, "First")
    second = await watched.tab(page.url, beside=page)
    await expect(second.locator(".turn")).to_have_count(1)
    await ask(page, "Second")
    await expect(second.locator(".question-text").last).to_have_text("Second")
    await second.wait_for_selector(READY)


async def test_a_closed_tab_does_not_stop_its_answer(open_site: OpenSite, watched: Watched):
    """The answer is finished and stored without anybody looking."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=3)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word2")
        await page.close()
        engine.go_on()
        await until(lambda: has_replies(site))
        assert await site.replies() == [(LONG, "done")]


async def has_replies(site: Site) -> bool:
    return bool(await site.replies())


async def test_conversations_are_listed_and_can_be_reopened(site: Site, watched: Watched):
    """A new one starts empty; the old one is one click away, and a reload stays there."""
    page = await watched.tab(site.address)
    await hear(page, "First talk")
    await page.locator(".new").click()
    await page.wait_for_selector(".example")
    await hear(page, "Second talk")
    await expect(page.locator(".thread")).to_have_text(["Second talk", "First talk"])
    before = page.url
    await page.get_by_role("button", name="First talk").click()
    await expect(page.locator(".question-text")).to_have_text("First talk")
    await expect(page).not_to_have_url(before)
    await page.reload()
    await expect(page.locator(".question-text")).to_have_text("First talk")


async def test_another_browser_sees_nothing_of_it(site: Site, watched: Watched):
    """A conversation's address is of no use to anybody else."""
    page = await watched.tab(site.address)
    await hear(page, "Private")
    other = await watched.tab(page.url)
    await other.wait_for_selector(".example")
    assert await other.locator(".turn, .thread").count() == 0


async def test_language_and_theme_are_kept(site: Site, watched: Watched):
    """Korean and dark, once chosen, outlive a reload; the draft is not lost on the way."""
    page = await watched.tab(site.address, color_scheme="light")
    await page.wait_for_selector(".example")
    await page.fill("textarea", "half a question")
    await page.get_by_role("button", name="한국어").click()
    await expect(page.locator(".sidebar-title")).to_have_text("지난 대화")
    assert await page.get_attribute("html", "lang") == "ko-KR"
    await expect(page.locator("textarea")).to_have_value("half a question")
    await page.get_by_role("button", name="밝은 화면·어두운 화면 전환").click()
    await page.reload()
    assert await page.get_attribute("html", "data-theme") == "dark"
