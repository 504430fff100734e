"""What others write does nothing, and the door holds, in a real browser."""

import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import READY, hear, until
from tests.support.fakes import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = (
    "<script>document.title = 'owned'</script> <img src=x onerror=\"document.title='owned'\"> "
    "![p](https://evil.example/p.png) [click](javascript:document.title='owned') "
    "<iframe src='https://evil.example'></iframe> "
    "`</script><script>document.title='owned'</script>`"
)


async def test_what_a_model_says_does_nothing(open_site: OpenSite, watched: Watched):
    """Scripts, handlers, pictures and frames of an answer are only text, while it streams too."""
    async with open_site(FakeEngine(lambda _: HOSTILE, pace_s=0.01)) as site:
        page = await watched.tab(site.address)
        await hear(page, HOSTILE)
        await page.reload()
        await page.wait_for_selector(READY)
        assert await page.title() == "Reactune"
        answer = page.locator(".turn")
        assert await answer.locator("script, img, iframe, [onerror]").count() == 0
        for link in await answer.locator("a").all():
            assert (await link.get_attribute("href") or "").startswith("https://")
        assert "<script>" in await answer.inner_text()


async def test_even_injected_markup_could_not_run(site: Site, watched: Watched):
    """The second line of defence: the browser itself refuses handlers and strangers' pictures."""
    page = await watched.tab(site.address)
    await page.wait_for_selector(".example")
    await page.evaluate(
        """() => { document.querySelector('.hero').innerHTML =
        `<img src="/nothing" onerror="document.title='owned'">
        <img src="http://evil.example/p">` }"""
    )
    await until(lambda: complained(watched, "404"))  # when the handler would have run
    assert await page.title() == "Reactune"
    assert any("Content Security Policy" in error for error in watched.errors)
    await watched.forgive("Content Security Policy", "404")
    watched.foreign.clear()  # Playwright reports the request that the browser then refuses


async def complained(watched: Watched, of: str) -> bool:
    return any(of in error for error in watched.errors)


async def test_password_wrong_then_right_then_out(open_site: OpenSite, watched: Watched):
    """The door in a browser; logging out takes the conversations along."""
    async with open_site(web_password=SecretStr("open sesame")) as site:
        page = await watched.tab(site.address)
        assert page.url.endswith("/login")
        await page.fill("input", "guess")
        await page.keyboard.press("Enter")
        await expect(page.locator(".problem")).to_contain_text("not right")
        await page.fill("input", "open sesame")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        await hear(page, "Secret?")
        await page.get_by_role("button", name="Log out").click()
        await page.wait_for_url("**/login")
        await page.fill("input", "open sesame")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".example")
        assert await page.locator(".turn, .thread").count() == 0
        await watched.forgive("401")  # Chromium notes the wrong one
