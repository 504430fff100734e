"""Take pictures of the web page: ``python docs/screenshots.py FOLDER``.

Serves the page with the model that the settings name, from a database of its own, loads the starter
pack, asks, reacts and corrects, and writes PNGs in two widths, light and dark. Needs Playwright and
Chromium (``CHROMIUM`` names another path).
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.app import open_app
from bot.platforms.registry import platforms
from bot.settings import load_settings

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTHS = {1280: 800, 390: 844}


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(
            reactune_home=home, web_port=0, corrections="review", unknown="mark"
        )
        async with open_app(settings) as app, async_playwright() as playwright:
            web = next(p for p in platforms(app) if p.name == "web")
            address = await web.start()
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            looks = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
            pages = {look: await open_page(browser, address, *look) for look in looks}
            for look, page in pages.items():
                await page.wait_for_selector(".starter")
                await take(page, folder, look, "offer")
                await ask(page, "부가가치세 신고는 언제 하나요?")
                await take(page, folder, look, "unverified")
                await page.click(".new" if look[0] > 900 else ".bar .narrow-only:last-child")
                await page.wait_for_selector(".starter")
            await pages[looks[0]].click(".starter .primary")  # nothing was loaded: `run` does that
            for look, page in pages.items():
                await page.wait_for_selector(".starter progress[hidden]", state="attached")
                await page.reload()
                await talk(page, folder, look)
            for look, page in pages.items():
                await page.goto(f"{address}/review")
                await page.wait_for_selector(".case")
                await take(page, folder, look, "review")
            await browser.close()
            await app.answers.close(0)
            await web.stop()


async def open_page(browser: Browser, address: str, width: int, scheme: str) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=scheme,  # type: ignore[arg-type]
        device_scale_factor=2,
    )
    page = await context.new_page()
    page.set_default_timeout(120_000)
    await page.goto(address)
    return page


async def talk(page: Page, folder: Path, look: tuple[int, str]) -> None:
    """Known answers with a reaction, an unknown one that is corrected, and the menu."""
    await page.wait_for_selector(".example")
    await take(page, folder, look, "empty")
    await ask(page, "부가가치세 신고는 언제 하나요?")
    await ask(page, "간이과세자 부가세 신고 기한이 언제죠?")
    await page.click(".turn:nth-child(1) [data-emoji='👍']")
    await take(page, folder, look, "chat")
    await ask(page, "우리 회사 창립기념일은 며칠인가요?")
    await page.click(".turn:last-child [data-emoji='👎']")
    await page.fill(".correction-form textarea", "5월 2일이고, 그날은 쉽니다.")
    await take(page, folder, look, "form")
    await page.click(".correction-form .primary")
    await page.wait_for_selector(".correction")
    await take(page, folder, look, "corrected")
    if await page.is_visible(".bar [data-drawer-button]"):
        await page.click(".bar [data-drawer-button]")
    await page.click(".my-data summary")
    await page.click(".my-data > button")
    await take(page, folder, look, "menu")


async def ask(page: Page, text: str) -> None:
    number = await page.locator(".turn").count() + 1
    await page.fill(".composer-box", text)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f".turn:nth-child({number}) .actions.ready")


async def take(page: Page, folder: Path, look: tuple[int, str], what: str) -> None:
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(400)
    await page.screenshot(path=folder / f"{look[0]}-{look[1]}-{what}.png")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(folder))
