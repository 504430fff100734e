"""A whole web platform on a fake engine and a real database, and a browser beside it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from nicegui.client import Client as NiceGuiClient
from nicegui.testing.general import nicegui_reset_globals
from playwright.async_api import Browser

from bot.access import Access
from bot.answering.choices import ChoiceService
from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.domains import load_domains
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.feedback.rules import ApprovalRules
from bot.knowledge.importing import Importer
from bot.knowledge.packs import StarterPacks
from bot.metrics import Metrics
from bot.platforms.web.context import Knowledge
from bot.platforms.web.platform import WebPlatform
from bot.platforms.web.training_data import TrainingDashboard
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from bot.settings import Settings
from engine.retrieval.questions import question_key
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from storage.picks import Picks
from storage.rounds import Rounds
from storage.starter_packs import LoadedPacks
from storage.statistics import VersionApproval
from storage.versions import VersionRegistry
from tests.bot.platforms.web.tabs import CHROMIUM, Tabs, Watched, chromium
from tests.support.fakes import FakeEngine, FakeTraining
from tests.support.retrieving import retriever_on


@dataclass
class Site:
    """A running web platform with everything behind it."""

    address: str
    web: WebPlatform
    engine: FakeEngine
    database: Database
    answers: AnswerService
    settings: Settings
    training: FakeTraining

    def client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, trust_env=False, **options)

    async def health(self) -> tuple[int, str]:
        """The status code of /healthz, and the reason where it is no 200."""
        async with self.client() as client:
            response = await client.get("/healthz")
        return response.status_code, response.json().get("reason", "")

    async def labels(self) -> list[tuple[str, float]]:
        rows = await self.database.rows("SELECT emoji, score FROM labels WHERE present")
        return [(row["emoji"], row["score"]) for row in rows]

    async def replies(self) -> list[tuple[str, str]]:
        rows = await self.database.rows("SELECT text, status FROM replies ORDER BY id")
        return [(row["text"], row["status"]) for row in rows]

    async def stop(self, grace_s: float = 0) -> None:
        await self.answers.close(grace_s)
        await self.web.stop()


class Votes:
    """How versions are liked, in tests that are about the page."""

    async def approval_by_version(self, domain: str) -> list[VersionApproval]:
        return [VersionApproval(None, 10, 40), VersionApproval("tax-ko-1", 30, 44)]


OpenSite = Callable[..., AbstractAsyncContextManager[Site]]


@contextmanager
def fresh_nicegui() -> Iterator[None]:
    """NiceGUI's state is the process's; each site in a test starts with a new one."""
    with nicegui_reset_globals():
        yield
        NiceGuiClient.page_routes.clear()  # or leaving would forget our imported modules


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a browser is slow, and what starts a whole site (a second each)."""
    for item in items:
        if {"browser", "open_site"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


@pytest.fixture
def open_site(tmp_path: Path, tabs: Tabs) -> OpenSite:
    """Opens a site on which the model answers what is unknown; further arguments are settings. It
    stops when nobody looks at it any more."""

    @asynccontextmanager
    async def open_(engine: FakeEngine | None = None, **given: Any) -> AsyncIterator[Site]:
        basic = {"web_port": 0, "reactune_home": tmp_path, "language": "en", "unknown": "mark"}
        basic |= {"approvals": 1}  # one person is enough, where a test does not say otherwise
        given = basic | given
        settings = Settings(_env_file=None, **given)
        engine = engine or FakeEngine(lambda _: "A fine answer.")
        database = await Database.open(tmp_path / "reactune.db")
        metrics, messages = Metrics(), Conversations(database)
        domains = load_domains(tmp_path, settings.unknown)
        masker, pairs, picks = Masker(frozenset(Kind)), Pairs(database), Picks(database)
        agreements = {name: domain.agreement() for name, domain in domains.items()}
        retriever = retriever_on(database, agreements=agreements)
        judge = ApprovalRules(question_key, settings.disagreement, settings.approvals)
        corrections = Corrections(database, judge)
        correction_service = CorrectionService(
            corrections, masker, settings.corrections, is_teacher=Access().is_teacher
        )
        answers = AnswerService(
            Responder(engine, retriever, domains),
            messages,
            metrics,
            masker,
            model="fake",
            language=settings.language,
        )
        versions = VersionRegistry(database)
        training = FakeTraining(versions.promote)
        web = WebPlatform(
            settings,
            engine=engine,
            answers=answers,
            conversations=messages,
            label_service=LabelService(
                Labels(database, judge),
                settings.reactions,
                metrics,
                correction_service.contested,
                is_teacher=Access().is_teacher,
            ),
            choices=ChoiceService(
                answers,
                conversations=messages,
                pairs=pairs,
                picks=picks,
                retriever=retriever,
                model="fake",
                is_teacher=Access().is_teacher,
            ),
            domains=domains,
            metrics=metrics,
            knowledge=Knowledge(
                pairs=pairs,
                retriever=retriever,
                corrections=corrections,
                correction_service=correction_service,
                people=PersonalData(database, judge),
                starters=StarterPacks(
                    pairs,
                    LoadedPacks(database),
                    Importer(pairs, masker, domains, settings.domain),
                    retriever.indexes,
                ),
            ),
            training=TrainingDashboard(
                training,
                rounds=Rounds(database),
                versions=versions,
                approvals=Votes(),
                target=50,
            ),
        )
        try:
            with fresh_nicegui():
                site = Site(await web.start(), web, engine, database, answers, settings, training)
                try:
                    yield site
                finally:
                    await tabs.close()
                    await site.stop()
        finally:
            await retriever.indexes.close()
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
    async with chromium() as browser:
        yield browser


@pytest.fixture
def tabs() -> Tabs:
    return Tabs()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, tabs: Tabs) -> AsyncIterator[Watched]:
    """Tabs whose console must stay silent and whose requests must stay at home."""
    watched = Watched(browser, tabs)
    yield watched
    await tabs.close()
    assert watched.foreign == []
    assert watched.errors == []
