"""The page for reviewers: who may, and what they decide."""

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from bot.settings import Settings
from storage.labels import Labels, Subject
from storage.pairs import Pairs
from tests.bot.conftest import JUDGE
from tests.bot.platforms.web.conftest import OpenSite, Site, Watched
from tests.bot.platforms.web.test_corrections import FORM, READY, SHOWN, ask, states

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

HTML = {"accept": "text/html"}
PASSWORD, ADMIN = SecretStr("everybody"), SecretStr("for reviewers")


async def correct(page: Page, text: str) -> None:
    await page.get_by_role("button", name="Correct this").last.click()
    await page.fill(f"{FORM} textarea", text)
    await page.locator(FORM).get_by_role("button", name="Send").click()
    await expect(page.locator(SHOWN)).to_contain_text("waits for review")


async def test_what_waits_shows_up_at_once_and_counts_when_approved(
    open_site: OpenSite, watched: Watched
):
    """An open review page and the number in the drawer follow; the author's page too."""
    async with open_site(corrections="review") as site:
        review = await watched.tab(f"{site.address}/review")
        await expect(review.locator(".review-empty")).to_be_visible()
        page = await watched.tab(site.address)
        await ask(page, "When?")
        await correct(page, "On Monday.")
        card = review.locator(".case")
        for said in ("When?", "A fine answer.", "On Monday.", "web:"):
            await expect(card).to_contain_text(said)
        await expect(page.locator(".count")).to_have_text("1")
        assert not await Pairs(site.database).any()
        await review.get_by_role("button", name="The correction is right").click()
        await expect(card).to_have_count(0)
        await expect(review.locator(".review-empty")).to_be_visible()
        await expect(page.locator(SHOWN)).to_contain_text("used from the next question on")
        await expect(page.locator(".count")).to_be_empty()
        assert await states(site) == [("On Monday.", "live")]
        assert await Pairs(site.database).count("tax-ko") == 1


async def test_a_rejected_correction_teaches_nothing(open_site: OpenSite, watched: Watched):
    """Two tabs decide: the first wins, and the second is told."""
    async with open_site(corrections="review") as site:
        page = await watched.tab(site.address)
        await ask(page, "When?")
        await correct(page, "On Monday.")
        review = await watched.tab(f"{site.address}/review")
        await review.wait_for_selector(".case")
        async with site.database.transaction() as db:
            await db.execute("UPDATE corrections SET state = 'withdrawn'")
        await review.get_by_role("button", name="The correction is right").click()
        await expect(review.locator(".notice")).to_contain_text("already been decided")
        await expect(review.locator(".case")).to_have_count(0)
        await correct(page, "On Tuesday.")
        await review.get_by_role("button", name="Do not use it").click()
        await expect(page.locator(SHOWN)).to_contain_text("rejected by an admin")
        assert (await states(site))[-1] == ("On Tuesday.", "rejected")
        assert not await Pairs(site.database).any()


async def test_what_one_person_says_is_listed_and_an_admin_can_approve_it(
    open_site: OpenSite, watched: Watched
):
    """Until then it is shown as one person's word, above and when copied; afterwards as verified.
    So a team of one works too."""
    async with open_site(approvals=2) as site:
        page = await watched.tab(site.address)
        await ask(page, "When is VAT due?")
        await page.get_by_role("button", name="Correct this").last.click()
        await page.fill(f"{FORM} textarea", "On the 25th.")
        await page.locator(FORM).get_by_role("button", name="Send").click()
        await expect(page.locator(SHOWN)).to_contain_text("one person’s suggestion")
        reader = await watched.tab(site.address)
        await ask(reader, "When is VAT due?")
        last = reader.locator(".turn").last
        await expect(last).to_contain_text("On the 25th.")
        await expect(last.locator(".unverified")).to_contain_text("One person’s suggestion")
        await expect(last.locator(".verified")).to_have_count(0)
        await reader.reload()
        await expect(last.locator(".unverified")).to_contain_text("One person’s suggestion")
        review = await watched.tab(f"{site.address}/review")
        await review.get_by_role("button", name="The correction is right").click()
        await expect(review.locator(".case")).to_have_count(0)
        await ask(reader, "When is VAT due?")
        await expect(last.locator(".verified")).to_have_count(1)


async def test_a_disputed_answer_can_be_approved(site: Site, watched: Watched):
    """Somebody likes it, somebody does not: with the counts it waits, and a ruling ends it."""
    page = await watched.tab(site.address)
    await ask(page, "When?")
    labels = Labels(site.database, JUDGE)
    for person, emoji, score in (("slack:U1", "👍", 1.0), ("slack:U2", "👎", -1.0)):
        await labels.change(Subject("reply", 1), person, emoji, emoji, score, present=True)
    assert not await Pairs(site.database).any()
    review = await watched.tab(f"{site.address}/review")
    await expect(review.locator(".case-about")).to_contain_text("👍 1 · 👎 1")
    await review.get_by_role("button", name="Approve").click()
    await expect(review.locator(".case")).to_have_count(0)
    assert await Pairs(site.database).count("tax-ko") == 1


async def test_behind_a_password_the_review_page_needs_its_own(
    open_site: OpenSite, watched: Watched
):
    """Whoever may chat is neither led there nor let in; the other password opens it."""
    async with open_site(web_password=PASSWORD, web_admin_password=ADMIN) as site:
        page = await watched.tab(site.address)
        await page.fill("input", PASSWORD.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        assert await page.locator(".review-link").count() == 0
        await expect(page.locator(".starter")).to_be_hidden()
        await page.goto(f"{site.address}/review")
        await page.fill("input", PASSWORD.get_secret_value())
        await page.keyboard.press("Enter")
        await expect(page.locator(".problem")).to_contain_text("not right")
        assert ADMIN.get_secret_value() not in page.url
        await page.fill("input", ADMIN.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".review-empty")
        assert page.url == f"{site.address}/review"
        await page.get_by_role("link", name="Back").click()
        await expect(page.locator(".review-link")).to_be_visible()
        assert all("401" in error for error in watched.errors)  # Chromium notes the wrong one
        watched.errors.clear()


async def test_who_has_signed_in_to_review_needs_nobody_else(open_site: OpenSite, watched: Watched):
    """What they correct in the chat is verified from the next question on."""
    async with open_site(web_password=PASSWORD, web_admin_password=ADMIN, approvals=2) as site:
        page = await watched.tab(site.address)
        await page.fill("input", PASSWORD.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        await page.goto(f"{site.address}/review")
        await page.fill("input", ADMIN.get_secret_value())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".review-empty")
        await page.goto(site.address)
        await ask(page, "When is VAT due?")
        await page.get_by_role("button", name="Correct this").last.click()
        await page.fill(f"{FORM} textarea", "On the 25th.")
        await page.locator(FORM).get_by_role("button", name="Send").click()
        await expect(page.locator(SHOWN)).to_contain_text("used from the next question on")
        await ask(page, "When is VAT due?")
        await expect(page.locator(".turn").last.locator(".verified")).to_have_count(1)


async def test_without_an_admin_password_the_review_page_says_what_opens_it(open_site: OpenSite):
    """It is closed, to everybody, and names the setting."""
    async with open_site(web_password=PASSWORD) as site, site.client() as client:
        await client.post("/login", data={"password": PASSWORD.get_secret_value()})
        page = await client.get("/review", headers=HTML)
        assert page.status_code == 403
        assert "WEB_ADMIN_PASSWORD" in page.text
        assert (await client.post("/review/login", data={"password": ""})).status_code in (404, 405)


async def test_nobody_guesses_the_admin_password(open_site: OpenSite):
    """Guessing needs the ordinary login, and waits as there; the two doors count apart."""
    open_ = open_site(web_password=PASSWORD, web_admin_password=ADMIN)
    async with open_ as site, site.client() as client:
        right = {"password": ADMIN.get_secret_value()}
        assert (await client.post("/review/login", data=right)).status_code == 401
        await client.post("/login", data={"password": PASSWORD.get_secret_value()})
        for _ in range(5):
            wrong = await client.post("/review/login", data={"password": "guess"})
            assert wrong.status_code == 401
        assert (await client.post("/review/login", data=right)).status_code == 429
        again = await client.post("/login", data={"password": PASSWORD.get_secret_value()})
        assert again.status_code == 303


@pytest.mark.parametrize("admin", ["everybody", " "])
async def test_an_admin_password_must_be_one(admin: str):
    """Blank, or the one that everybody has, it would make everybody a reviewer."""
    with pytest.raises(ValueError, match="WEB_ADMIN_PASSWORD"):
        Settings(_env_file=None, web_password=PASSWORD, web_admin_password=SecretStr(admin))


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_review_page_never_scrolls_sideways(
    open_site: OpenSite, watched: Watched, width: int
):
    """Long words in what waits stay within the page, and every control has a name."""
    async with open_site(corrections="review") as site:
        page = await watched.tab(site.address, viewport={"width": width, "height": 800})
        await ask(page, "넓은" + "질문" * 200)
        await page.wait_for_selector(READY)
        await correct(page, "https://a.example/" + "x" * 300)
        await page.goto(f"{site.address}/review")
        await page.wait_for_selector(".case")
        inner, outer = await page.eval_on_selector(
            ".review-main", "e => [e.scrollWidth, e.clientWidth]"
        )
        assert inner <= outer
