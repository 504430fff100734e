"""Browsers that note what a page should never do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    async_playwright,
    expect,
)

CHROMIUM = Path("/usr/bin/chromium")
_PATIENCE_MS = 30_000  # a loaded machine takes its time
_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        expect.set_options(timeout=_PATIENCE_MS)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGS)
        yield browser
        await browser.close()


@dataclass
class Tabs:
    """What a test has opened. Whoever stops a site closes them first: a page that has lost its
    site tries to reconnect, and Chromium calls every try an error."""

    opened: list[BrowserContext] = field(default_factory=list)

    async def close(self) -> None:
        while self.opened:
            await self.opened.pop().close()


@dataclass
class Watched:
    """Opens tabs and notes what a page should never do."""

    browser: Browser
    tabs: Tabs
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def tab(self, address: str, beside: Page | None = None, **options: Any) -> Page:
        """A new browser with one tab, or with ``beside`` another tab of the same browser."""
        if beside:
            context = beside.context
        else:
            context = await self.browser.new_context(locale="en-US", **options)
            self.tabs.opened.append(context)
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        host = urlsplit(address).netloc

        def on_request(request: Request) -> None:
            if urlsplit(request.url).scheme != "data" and urlsplit(request.url).netloc != host:
                self.foreign.append(request.url)

        def on_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.errors.append(message.text)

        page.on("request", on_request)
        page.on("console", on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(address)
        return page

    async def forgive(self, *expected: str) -> None:
        """Close the tabs; what they complained about is what was expected, and forgotten."""
        await self.tabs.close()
        assert [e for e in self.errors if not any(text in e for text in expected)] == []
        self.errors.clear()
