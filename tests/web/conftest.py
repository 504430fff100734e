"""A whole web platform on a fake engine and a real database, and a browser that watches itself."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from nicegui.client import Client as NiceGuiClient
from nicegui.testing.general import nicegui_reset_globals
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from bot.answer import Answers
from bot.correct import Correcting
from bot.domains import load_domains
from bot.label import Labeling
from bot.metrics import Metrics
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from bot.recall import Recall
from bot.respond import Responder
from bot.settings import Settings
from bot.teach import Teacher
from bot.web.knowledge import Knowledge
from bot.web.server import WebPlatform
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels
from storage.messages import Messages
from storage.pairs import Pairs
from storage.people import People
from tests.bot.conftest import JUDGE
from tests.fakes import FakeEmbedder, FakeEngine

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Site:
    """A running web platform with everything behind it."""

    address: str
    web: WebPlatform
    engine: FakeEngine
    database: Database
    answers: Answers
    settings: Settings

    def client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, trust_env=False, **options)

    async def labels(self) -> list[tuple[str, float]]:
        rows = await self.database.rows("SELECT emoji, score FROM labels WHERE present")
        return [(row["emoji"], row["score"]) for row in rows]

    async def replies(self) -> list[tuple[str, str]]:
        rows = await self.database.rows("SELECT text, status FROM replies ORDER BY id")
        return [(row["text"], row["status"]) for row in rows]

    async def stop(self, grace_s: float = 0) -> None:
        await self.answers.close(grace_s)
        await self.web.stop()


OpenSite = Callable[..., AbstractAsyncContextManager[Site]]


@contextmanager
def fresh_nicegui() -> Iterator[None]:
    """NiceGUI's state is the process's; each site in a test starts with a new one."""
    with nicegui_reset_globals():
        yield
        NiceGuiClient.page_routes.clear()  # or leaving would forget our imported modules


@pytest.fixture
def open_site(tmp_path: Path) -> OpenSite:
    """Opens a site; further arguments are settings."""

    @asynccontextmanager
    async def open_(engine: FakeEngine | None = None, **given: Any) -> AsyncIterator[Site]:
        given = {"web_port": 0, "reactune_home": tmp_path, "language": "en"} | given
        settings = Settings(_env_file=None, **given)
        engine = engine or FakeEngine(lambda _: "A fine answer.")
        database = await Database.open(tmp_path / "reactune.db")
        metrics, messages = Metrics(), Messages(database)
        domains = load_domains(tmp_path, settings.unknown)
        masker, pairs = Masker(frozenset(Kind)), Pairs(database)
        recall = Recall(pairs, FakeEmbedder)
        corrections = Corrections(database, JUDGE)
        answers = Answers(
            Responder(engine, recall, domains),
            messages,
            metrics,
            masker,
            model="fake",
            language=settings.language,
        )
        web = WebPlatform(
            settings,
            engine=engine,
            answers=answers,
            messages=messages,
            labeling=Labeling(Labels(database, JUDGE), settings.reactions, metrics),
            domains=domains,
            metrics=metrics,
            knowledge=Knowledge(
                pairs=pairs,
                recall=recall,
                corrections=corrections,
                correcting=Correcting(
                    corrections, masker, settings.corrections, is_teacher=lambda *_: False
                ),
                people=People(database, JUDGE),
                teacher=Teacher(pairs, masker, domains, settings.domain),
            ),
        )
        try:
            with fresh_nicegui():
                site = Site(await web.start(), web, engine, database, answers, settings)
                yield site
                await site.stop()
        finally:
            await recall.close()
            await engine.close()
            await database.close()

    return open_


@pytest_asyncio.fixture(loop_scope="session")
async def site(open_site: OpenSite) -> AsyncIterator[Site]:
    async with open_site() as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM} (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield browser
        await browser.close()


@dataclass
class Watched:
    """Opens tabs and notes what a page should never do."""

    browser: Browser
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def tab(self, address: str, beside: Page | None = None, **options: Any) -> Page:
        """A new browser with one tab, or with ``beside`` another tab of the same browser."""
        if beside:
            context = beside.context
        else:
            context = await self.browser.new_context(locale="en-US", **options)
        page = await context.new_page()
        page.set_default_timeout(10_000)
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


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser) -> AsyncIterator[Watched]:
    """Tabs whose console must stay silent and whose requests must stay at home."""
    watched = Watched(browser)
    yield watched
    for context in browser.contexts:
        await context.close()
    assert watched.foreign == []
    assert watched.errors == []
