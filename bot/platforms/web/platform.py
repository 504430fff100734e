"""The web platform: a server in our own event loop."""

import asyncio
import gc
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request

from bot.answering.choices import ChoiceService
from bot.answering.service import AnswerService
from bot.domains import Domain
from bot.feedback.corrections import Decision
from bot.feedback.labels import LabelService
from bot.metrics import Metrics
from bot.platforms.web.context import Knowledge, WebContext
from bot.platforms.web.pages import add_pages
from bot.platforms.web.picking import Picking
from bot.platforms.web.running_answers import RunningAnswers
from bot.platforms.web.server.auth import Login, Reviewers
from bot.platforms.web.server.listener import address_of, listen
from bot.platforms.web.server.routes import (
    add_health,
    add_login,
    add_metrics,
    add_my_data,
    add_review_login,
    add_training_pictures,
)
from bot.platforms.web.server.security import SecurityMiddleware
from bot.platforms.web.training_data import TrainingDashboard
from bot.platforms.web.ui.assets import STATIC
from bot.settings import Settings
from bot.subscribers import Subscribers
from bot.texts import Language
from engine.serving.base import Engine
from storage.conversations import Conversations
from storage.corrections import Correction

_COOKIE_AGE_S = 365 * 24 * 3600
_RECONNECT_S = 10.0


class WebPlatform:
    """Chat in the browser. NiceGUI's state is the process's, so there is one in each process."""

    name = "web"

    def __init__(
        self,
        settings: Settings,
        *,
        engine: Engine,
        answers: AnswerService,
        conversations: Conversations,
        label_service: LabelService,
        choices: ChoiceService,
        domains: Mapping[str, Domain],
        metrics: Metrics,
        knowledge: Knowledge,
        training: TrainingDashboard,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._answers = answers
        self._conversations = conversations
        self._metrics = metrics
        running, changes = RunningAnswers(answers), Subscribers[int]()
        self._context = WebContext(
            settings=settings,
            running=running,
            conversations=conversations,
            label_service=label_service,
            choices=choices,
            picking=Picking(choices, conversations, running, changes),
            domains=domains,
            knowledge=knowledge,
            changes=changes,
            training=training,
        )
        knowledge.correction_service.pending.subscribe(self._corrected)
        knowledge.correction_service.decisions.subscribe(self._decided)
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Serve; the address. Raises SettingsError when the address cannot be had."""
        api = self._api()
        listener = listen(self._settings.web_host, self._settings.web_port)
        config = uvicorn.Config(
            api,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # anybody could claim to be somebody else, and guess on
            lifespan="on",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._serving.done():
                listener.close()
                self._serving.result()
                raise RuntimeError("the web server ended before it had started")
            await asyncio.sleep(0.01)
        # Going through all that was imported, again and again, would stop the loop for 0.1 s.
        gc.collect()
        gc.freeze()
        return address_of(self._settings.web_host, listener.getsockname()[1])

    async def stop(self) -> None:
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving
            gc.unfreeze()

    def _api(self) -> FastAPI:
        secret = _kept_secret(self._settings.home / "web-secret")
        password = self._settings.web_password
        # Two that count apart: a scraper with an old password locks nobody out of the page.
        login, scrapers = (
            Login(password.get_secret_value(), secret) if password else None for _ in range(2)
        )
        api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        # The last one added is the first to see a request.
        api.add_middleware(SecurityMiddleware, login=login)
        api.add_middleware(
            SessionMiddleware,
            secret_key=secret,
            session_cookie="reactune",
            max_age=_COOKIE_AGE_S,
        )
        api.add_middleware(GZipMiddleware, minimum_size=1000)
        add_health(api, self._engine, self._answers, self._conversations)
        add_metrics(api, self._metrics.registry, scrapers)
        if login:
            add_login(api, login, self._language)
        reviewers = Reviewers(self._settings, secret)
        if reviewers.login:
            add_review_login(api, reviewers.login, self._language)
        add_my_data(api, self._context.knowledge.people)
        add_training_pictures(api, self._context.training, reviewers, self._language)
        add_pages(api, self._context, reviewers, self._language)
        ui.run_with(
            api,
            title="Reactune",
            favicon=STATIC / "icon.svg",
            storage_secret=secret,
            tailwind=False,
            gzip_middleware_factory=None,
            show_welcome_message=False,
            reconnect_timeout=_RECONNECT_S,
        )
        return api

    async def _corrected(self, correction: Correction) -> None:
        """A correction waits for a decision, from whichever platform."""
        self._context.changes.tell(correction.reply_id)

    async def _decided(self, decision: Decision) -> None:
        """Somewhere else, perhaps; every tab shows what became of it."""
        self._context.changes.tell(decision.correction.reply_id)

    def _language(self, request: Request) -> Language:
        match request.cookies.get("reactune-language"):
            case "ko":
                return "ko"
            case "en":
                return "en"
        return self._settings.language


class _Server(uvicorn.Server):
    """Leaves signals to the command line, which closes more than this server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _kept_secret(path: Path) -> str:
    """Signs the cookies; kept, so that they outlive a restart, and readable to its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_text().strip():
            return kept
        path.unlink()  # a crash while it was written left it empty
        return _kept_secret(path)
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
