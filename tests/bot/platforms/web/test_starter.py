"""The offer to load what a field comes with."""

import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from bot.knowledge.importing import Importer
from storage.pairs import Pairs
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


async def test_an_empty_database_is_offered_the_starter_pack_and_one_click_loads_it(
    site: Site, watched: Watched
):
    """Its size, sources and dates are told; afterwards it is known, and the offer is gone."""
    page = await watched.tab(site.address)
    other = await watched.tab(site.address)
    offer = page.locator(".starter")
    for said in ("329 questions and answers", "세무·회계", "소득세법", "as of 2025-01-01"):
        await expect(offer).to_contain_text(said)
    await offer.get_by_role("button", name="Load").click()
    await expect(offer.locator(".starter-state")).to_contain_text("All 329 are loaded")
    await expect(other.locator(".starter-state")).to_contain_text("All 329 are loaded")
    await expect(other.get_by_role("button", name="Load")).to_be_hidden()
    assert await Pairs(site.database).count("tax-ko") == 329
    assert await Pairs(site.database).without_vector(last=1) == []
    await page.reload()
    await page.get_by_role("button", name="종합소득세 신고 기간은?").click()
    await expect(page.locator(".sources")).to_contain_text("소득세법")
    await page.locator(".new").click()
    await page.wait_for_selector(".example")
    assert await page.locator(".starter").count() == 0


async def test_a_field_without_a_pack_offers_none(open_site: OpenSite, watched: Watched):
    """Changing the field changes the offer."""
    async with open_site(domain="general-en") as site:
        page = await watched.tab(site.address)
        await page.wait_for_selector(".example")
        assert await page.locator(".starter").count() == 0
        await page.select_option("select", "tax-ko")
        await expect(page.locator(".starter")).to_be_visible()


async def test_a_pack_that_cannot_be_read_is_offered_again(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """The page says that it failed, and the button is still there."""

    async def broken(*_: object, **__: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(Importer, "teach", broken)
    page = await watched.tab(site.address)
    await page.get_by_role("button", name="Load").click()
    await expect(page.locator(".starter-state")).to_contain_text("Loading failed")
    monkeypatch.undo()
    await page.get_by_role("button", name="Load").click()
    await expect(page.locator(".starter-state")).to_contain_text("are loaded")


async def test_who_may_not_review_is_offered_nothing(open_site: OpenSite, watched: Watched):
    """Behind a password, knowledge is the reviewers' to load."""
    async with open_site(web_password=SecretStr("everybody")) as site:
        page = await watched.tab(site.address)
        await page.fill("input", "everybody")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        assert await page.locator(".starter").count() == 0
