"""Take pictures of the web page: ``python docs/screenshots.py FOLDER``.

Serves the page with the model that the settings name, from a database of its own, asks what the
domain suggests, and writes PNGs in two widths, light and dark. Needs Playwright and Chromium
(``CHROMIUM`` names another path).
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.settings import load_settings
from bot.wiring import open_app, platforms

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTHS = {1280: 800, 390: 844}


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(reactune_home=home, web_port=0)
        async with open_app(settings) as app, async_playwright() as playwright:
            web = next(p for p in platforms(app) if p.name == "web")
            address = await web.start()
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    await photograph(browser, address, width, scheme, folder)
            await browser.close()
            await app.answers.close(0)
            await web.stop()


async def photograph(browser: Browser, address: str, width: int, scheme: str, folder: Path) -> None:
    """The empty page, and a conversation with a reaction."""
    context = await browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=scheme,  # type: ignore[arg-type]
        device_scale_factor=2,
    )
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector(".example")
    await page.screenshot(path=folder / f"{width}-{scheme}-empty.png")
    for number in (0, 1):
        await ask_example(page, number)
    await page.click(".turn:last-child [data-emoji='👍']")
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(400)
    await page.screenshot(path=folder / f"{width}-{scheme}.png")
    await context.close()


async def ask_example(page: Page, number: int) -> None:
    if number == 0:
        await page.click(".example")
    else:
        await page.fill("textarea", "간이과세자도 부가가치세를 신고해야 하나요?")
        await page.keyboard.press("Enter")
    await page.wait_for_selector(f".turn:nth-child({number + 1}) .actions.ready", timeout=120_000)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(folder))
