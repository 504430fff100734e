"""How the page looks and moves, and that everybody can use it."""

import pytest
from playwright.async_api import Page, expect

from tests.bot.platforms.web.conftest import OpenSite, Site
from tests.bot.platforms.web.tabs import Watched
from tests.bot.platforms.web.talking import ANSWER, READY, ask, hear, settled, until
from tests.support.fakes import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("width", [360, 390, 820, 1280])
async def test_nothing_scrolls_sideways(open_site: OpenSite, watched: Watched, width: int):
    """Long words, tables and code stay within the page at every width."""
    wide = (
        "| " + " | ".join(f"heading number {n}" for n in range(9)) + " |\n" + "|---" * 9 + "|\n\n"
        "https://a.example/" + "x" * 300 + "\n\n```\n" + "code " * 80 + "\n```\n\n" + "한" * 300
    )
    async with open_site(FakeEngine(lambda _: wide)) as site:
        viewport = {"width": width, "height": 800}
        page = await watched.tab(site.address, viewport=viewport)
        await hear(page, "넓은" + "질문" * 200)
        for selector in ("html", ".log-scroller", ".main"):
            inner, outer = await page.eval_on_selector(
                selector, "e => [e.scrollWidth, e.clientWidth]"
            )
            assert inner <= outer, selector


async def test_the_page_follows_the_answer_until_the_reader_scrolls_up(
    open_site: OpenSite, watched: Watched
):
    """Reading back is not disturbed by what is being written."""
    lines = "\n\n".join(f"line {number}" for number in range(80))
    engine = FakeEngine(lambda _: lines, pace_s=0.002)
    engine.hold(after_words=60)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        gap = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
        await ask(page, "Tell me")
        await expect(page.locator(ANSWER)).to_contain_text("line 58")
        await until(lambda: near_end(page, gap))
        await page.hover(ANSWER)
        await page.mouse.wheel(0, -400)
        before = await settled(page)
        engine.go_on()
        await page.wait_for_selector(READY, state="attached")
        assert await page.eval_on_selector(".log-scroller", "e => e.scrollTop") == before
        await page.get_by_role("button", name="Jump to the end").click()
        await until(lambda: near_end(page, gap))


async def near_end(page: Page, gap: str) -> bool:
    return bool(await page.eval_on_selector(".log-scroller", gap) < 2)


async def test_nothing_jumps_when_an_answer_ends(open_site: OpenSite, watched: Watched):
    """The row of reactions and the line about what is known have their place from the start."""
    engine = FakeEngine(lambda _: "One short line")
    engine.hold(after_words=2)
    async with open_site(engine) as site:
        page = await watched.tab(site.address)
        await ask(page, "Well?")
        await expect(page.locator(ANSWER)).to_contain_text("One short")
        height = "e => e.getBoundingClientRect().height"
        before = await page.eval_on_selector(".turn", height)
        engine.go_on()
        await page.wait_for_selector(READY)
        assert await page.eval_on_selector(".turn", height) == before


async def test_the_drawer_on_a_phone_opens_closes_and_is_out_of_reach(site: Site, watched: Watched):
    """Escape and the veil close it; closed, the keyboard cannot get into it."""
    page = await watched.tab(site.address, viewport={"width": 390, "height": 800})
    await page.wait_for_selector(".example")
    drawer = page.locator(".sidebar")
    await expect(drawer).to_be_hidden()
    assert await drawer.evaluate("e => e.inert")
    await page.get_by_role("button", name="Open conversations").click()
    await expect(drawer).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()
    await page.get_by_role("button", name="Open conversations").click()
    await page.mouse.click(380, 400)
    await expect(drawer).to_be_hidden()


async def test_every_control_has_a_name(site: Site, watched: Watched):
    """Screen readers can say what each button, field and link is for."""
    page = await watched.tab(site.address)
    await hear(page, "Well?")
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('#app :is(button, select, textarea, input, a)')]
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()))
        .map(e => e.outerHTML)"""
    )
    assert nameless == []


async def test_enter_while_composing_korean_does_not_send(site: Site, watched: Watched):
    """Enter ends the syllable; the next one sends; Shift+Enter makes a line."""
    page = await watched.tab(site.address)
    await page.wait_for_selector("textarea")
    await page.focus("textarea")
    keys = await page.context.new_cdp_session(page)
    await keys.send(
        "Input.imeSetComposition", {"text": "부가", "selectionStart": 2, "selectionEnd": 2}
    )
    await page.keyboard.press("Enter")
    await page.wait_for_timeout(200)
    assert await page.locator(".turn").count() == 0
    await keys.send("Input.insertText", {"text": "부가세"})
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("언제?")
    assert await page.locator(".turn").count() == 0
    await page.keyboard.press("Enter")
    await expect(page.locator(".question-text")).to_contain_text("부가세\n언제?")
