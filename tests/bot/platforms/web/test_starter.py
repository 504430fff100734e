"""What a field comes with, on the page: offered, loaded, removed."""

import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from bot.knowledge.importing import Importer
from storage.errors import StorageError
from storage.pairs import Pairs
from storage.starter_packs import STARTER, LoadedPacks
from tests.bot.knowledge.test_retriever import taught
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


async def test_an_empty_database_is_offered_the_starter_pack_and_one_click_loads_it(
    site: Site, watched: Watched
):
    """Its size, sources and dates are told; afterwards it is known, and can be removed."""
    page = await watched.tab(site.address)
    other = await watched.tab(site.address)
    offer = page.locator(".starter")
    for said in ("329 questions and answers", "세무·회계", "소득세법", "as of 2025-01-01"):
        await expect(offer).to_contain_text(said)
    await offer.get_by_role("button", name="Load").click()
    await expect(offer).to_contain_text("329 questions and answers on 세무·회계 are loaded")
    await expect(other.locator(".starter")).to_contain_text("are loaded")
    await expect(other.get_by_role("button", name="Load")).to_be_hidden()
    assert await Pairs(site.database).count("tax-ko") == 329
    assert await Pairs(site.database).without_vector(last=1) == []
    await page.reload()
    await page.get_by_role("button", name="종합소득세 신고 기간은?").click()
    await expect(page.locator(".sources")).to_contain_text("소득세법")
    await page.locator(".new").click()
    await expect(offer).to_contain_text("are loaded")


async def test_one_click_removes_what_was_loaded(site: Site, watched: Watched):
    """In every tab; it is offered again, and what people taught stays."""
    page = await watched.tab(site.address)
    await page.get_by_role("button", name="Load").click()
    await Pairs(site.database).teach([taught(question="Ours?")])
    other = await watched.tab(site.address)
    await page.get_by_role("button", name="Remove").click()
    for tab in (page, other):
        await expect(tab.locator(".starter-state")).to_contain_text("They are removed")
        await expect(tab.get_by_role("button", name="Load")).to_be_visible()
        await expect(tab.get_by_role("button", name="Remove")).to_be_hidden()
    assert await Pairs(site.database).count("tax-ko") == 1


async def test_what_cannot_be_removed_is_said(
    site: Site, watched: Watched, monkeypatch: pytest.MonkeyPatch
):
    """A damaged database, most likely; the button is still there."""

    async def broken(*_: object) -> None:
        raise StorageError("no")

    page = await watched.tab(site.address)
    await page.get_by_role("button", name="Load").click()
    monkeypatch.setattr(LoadedPacks, "remove", broken)
    await page.get_by_role("button", name="Remove").click()
    await expect(page.locator(".starter-state")).to_contain_text("They were not removed")
    await expect(page.get_by_role("button", name="Remove")).to_be_visible()


async def test_where_others_taught_everything_nothing_is_offered(site: Site, watched: Watched):
    """This team has its own knowledge."""
    await Pairs(site.database).teach([taught()])
    page = await watched.tab(site.address)
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
    await expect(page.locator(".starter")).to_contain_text("are loaded")


async def test_who_may_not_review_sees_what_is_loaded_and_changes_nothing(
    open_site: OpenSite, watched: Watched
):
    """Behind a password, knowledge is the reviewers' to load and to remove."""
    async with open_site(web_password=SecretStr("everybody")) as site:
        page = await watched.tab(site.address)
        await page.fill("input", "everybody")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        await expect(page.locator(".starter")).to_be_hidden()
        await Pairs(site.database).teach([taught(person=STARTER)])
        await page.reload()
        await expect(page.locator(".starter")).to_contain_text("are loaded")
        for button in await page.locator(".starter button").all():
            await expect(button).to_be_hidden()
