"""An answer in a real browser: it grows, it can be liked, stopped and copied."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import ANSWER, LONG, READY, THUMB_DOWN, THUMB_UP, ask
from tests.support.fakes import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")

STOPPED_S = 4  # a second on an idle machine; far from the minutes that a held socket would take
DOUBLE_CLICK_MS = 450  # a click on Stop right after Send does not count


async def test_an_answer_streams_in_and_a_reaction_is_stored_and_taken_back(
    open_site: OpenSite, watched: Watched
):
    """Ask, watch it grow, 👍, and 👍 again."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=10)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "How does it work?")
        await expect(page.locator(ANSWER)).to_contain_text("word9")
        await expect(page.locator(ANSWER)).not_to_contain_text("word10")
        await expect(page.locator(ANSWER)).to_have_attribute("aria-busy", "true")
        engine.go_on()
        await page.wait_for_selector(READY)
        await expect(page.locator(ANSWER)).to_have_text(LONG)
        await expect(page.locator(ANSWER)).to_have_attribute("aria-busy", "false")
        await page.click(THUMB_UP)
        await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "true")
        assert await site.labels() == [("👍", 1.0)]
        await page.click(THUMB_UP)
        await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "false")
        assert await site.labels() == []


async def test_one_answer_has_one_verdict(site: Site, watched: Watched):
    """👎 after 👍 replaces it."""
    page = await watched.tab(site.address)
    await ask(page, "Well?")
    await page.click(THUMB_UP)
    await page.click(THUMB_DOWN)
    await expect(page.locator(THUMB_DOWN)).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(THUMB_UP)).to_have_attribute("aria-pressed", "false")
    assert await site.labels() == [("👎", -1.0)]


async def test_stop_keeps_what_was_said(open_site: OpenSite, watched: Watched):
    """Stop stands where Send was, the answer says that it was stopped, and Send is back."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=4)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word3")
        await page.wait_for_timeout(DOUBLE_CLICK_MS)
        await page.get_by_role("button", name="Stop answering").click()
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")
        await expect(page.get_by_role("button", name="Send")).to_be_visible()
        assert await site.replies() == [("word0 word1 word2 word3", "stopped")]
        await page.reload()
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")


async def test_the_answer_can_be_copied(site: Site, watched: Watched):
    """The clipboard gets what the model wrote, below a line that nobody has approved it."""
    page = await watched.tab(site.address, permissions=["clipboard-read", "clipboard-write"])
    await ask(page, "Well?")
    await page.get_by_role("button", name="Copy answer").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    mark, _, text = (await page.evaluate("navigator.clipboard.readText()")).partition("\n\n")
    assert mark.startswith("⚠️ Unverified answer")
    assert text == "A fine answer."


async def test_the_model_hears_the_conversation_and_the_chosen_field(site: Site, watched: Watched):
    """Earlier turns are in the prompt, and the field's language labels it."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.select_option("select", "general-en")
    await page.get_by_role("button", name="What does an auditor do?").click()
    await page.wait_for_selector(READY)
    await ask(page, "And why?")
    await expect(page.locator(".turn")).to_have_count(2)
    await page.wait_for_selector(READY)
    prompt = site.engine.prompts[-1].text
    assert "Question: What does an auditor do?\nAnswer: A fine answer." in prompt
    await page.reload()
    await expect(page.locator("select")).to_have_value("general-en")


async def test_stopping_shows_in_open_tabs_and_takes_about_a_second(
    open_site: OpenSite, watched: Watched
):
    """Answers are stopped first, open tabs show it, and sockets do not hold the server up."""
    engine = FakeEngine(lambda _: LONG)
    engine.hold(after_words=4)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("word3")
        await site.answers.close(0)
        await expect(page.locator(".answer-note")).to_have_text("The answer was stopped.")
        started = asyncio.get_running_loop().time()
        await site.web.stop()
        assert asyncio.get_running_loop().time() - started < STOPPED_S
        await watched.forgive("ERR_CONNECTION_REFUSED", "WebSocket")  # nobody to reconnect to
