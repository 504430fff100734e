"""One's own data in a browser: to be taken home, or forgotten."""

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bot.platforms.web.conftest import OpenSite, Site, Watched
from tests.bot.platforms.web.test_corrections import ask
from tests.support.fakes import FakeEngine

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


async def test_everything_said_can_be_downloaded(site: Site, watched: Watched):
    """JSON lines with the questions, labels and corrections of this browser, and of no other."""
    other = await watched.tab(site.address)
    await ask(other, "Not mine")
    page = await watched.tab(site.address)
    await ask(page, "Mine?")
    await page.click("[data-emoji='👍']")
    await expect(page.locator("[data-emoji='👍']")).to_have_attribute("aria-pressed", "true")
    await page.fill(".composer-box", "correction: Ours.")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".correction")
    await page.get_by_text("My data").click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download").click()
    file = await (await download.value).path()
    rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows] == ["question", "label", "correction", "pair"]
    assert rows[0]["question"] == "Mine?"
    assert rows[2]["correction"] == "Ours."


async def test_forgetting_needs_a_second_click_and_leaves_an_empty_page_in_every_tab(
    site: Site, watched: Watched
):
    """Cancel keeps everything; the second click removes it, of this browser only."""
    other = await watched.tab(site.address)
    await ask(other, "Not mine")
    page = await watched.tab(site.address)
    await ask(page, "Mine?")
    tab = await watched.tab(page.url, beside=page)
    await tab.wait_for_selector(".turn")
    await page.get_by_text("My data").click()
    await page.get_by_role("button", name="Forget me").click()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator(".sure")).to_be_hidden()
    await page.get_by_role("button", name="Forget me").click()
    await page.get_by_role("button", name="Remove all").click()
    for gone in (page, tab):
        await expect(gone.locator(".example").first).to_be_visible()
        await expect(gone.locator(".turn, .thread")).to_have_count(0)
    rows = await site.database.rows("SELECT text FROM questions")
    assert [row["text"] for row in rows] == ["Not mine"]


async def test_forgetting_stops_an_answer_on_its_way(open_site: OpenSite, watched: Watched):
    """Nothing is left of it, and nothing failed."""
    engine = FakeEngine(lambda _: "one two three four")
    engine.hold(after_words=2)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await page.fill(".composer-box", "Mine?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".prose")).to_contain_text("two")
        await page.get_by_text("My data").click()
        await page.get_by_role("button", name="Forget me").click()
        await page.get_by_role("button", name="Remove all").click()
        await expect(page.locator(".example").first).to_be_visible()
        assert await site.replies() == []
        assert not site.answers.store_failed


async def test_without_a_password_strangers_see_nobodys_data(site: Site):
    """Who has no cookie has said nothing."""
    async with site.client() as client:
        answer = await client.get("/my-data")
        assert (answer.status_code, answer.text) == (200, "")
        assert answer.headers["cache-control"] == "no-store"
