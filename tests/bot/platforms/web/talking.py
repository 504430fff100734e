"""What people do on the page, and where it shows."""

import asyncio
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

LONG = " ".join(f"word{number}" for number in range(60))
ANSWER = ".turn:last-child .prose"
READY = ".turn:last-child .actions.ready"
THUMB_UP = ".turn:last-child [data-emoji='👍']"
THUMB_DOWN = ".turn:last-child [data-emoji='👎']"


async def ask(page: Page, text: str) -> None:
    await page.fill("textarea", text)
    await page.keyboard.press("Enter")


async def hear(page: Page, text: str) -> None:
    """Ask and wait until the answer is whole."""
    turns = await page.locator(".turn").count()
    await ask(page, text)
    await expect(page.locator(".turn")).to_have_count(turns + 1)
    await page.wait_for_selector(READY, state="attached")


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that nobody announces."""
    for _ in range(1500):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def settled(page: Page) -> float:
    """Where the reader is, once the page has scrolled there."""
    places = [-1.0, -2.0]
    while len(set(places[-3:])) > 1 or len(places) < 5:
        await page.wait_for_timeout(100)
        places.append(await page.eval_on_selector(".log-scroller", "e => e.scrollTop"))
    return places[-1]
