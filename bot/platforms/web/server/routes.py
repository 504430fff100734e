"""The web server's addresses: health, metrics, the doors, one's own data."""

import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from urllib.parse import parse_qs

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from bot.answering.service import AnswerService
from bot.platforms.web.server.auth import Login, Reviewers
from bot.platforms.web.server.login_page import login_page
from bot.platforms.web.training_data import TrainingDashboard
from bot.texts import Language, say
from engine.errors import EngineError
from engine.serving.base import Engine
from storage.conversations import Conversations
from storage.errors import StorageError
from storage.personal_data import PersonalData

_FORM_BYTES = 4096


def add_health(
    api: FastAPI, engine: Engine, answers: AnswerService, conversations: Conversations
) -> None:
    async def failing() -> str | None:
        """Why a question asked now would not be answered and kept; the log tells the rest."""
        try:
            await engine.count("?")  # which only an engine that runs can do
        except EngineError as error:
            return f"the engine does not answer: {error}"
        try:
            await conversations.check_writing()
        except StorageError:
            return "the database cannot be written"
        return "the last reply could not be stored" if answers.store_failed else None

    @api.get("/healthz")
    async def health() -> Response:
        stats = engine.stats
        body = {
            "status": "ok",
            "engine": engine.name,
            "running": stats.running,
            "waiting": stats.waiting,
        }
        if answers.closing:
            body |= {"status": "closing", "reason": "no more questions are taken"}
        elif reason := await failing():
            body |= {"status": "failing", "reason": reason}
        return JSONResponse(body, 200 if body["status"] == "ok" else 503)


def add_metrics(api: FastAPI, registry: CollectorRegistry, login: Login | None) -> None:
    @api.get("/metrics")
    def metrics(request: Request) -> Response:
        if login:
            if wait := login.wait_s(request):
                return PlainTextResponse("too many tries", 429, {"Retry-After": str(wait)})
            if not login.check_basic(request):
                ask = {"WWW-Authenticate": 'Basic realm="Reactune"'}
                return PlainTextResponse("the password, with any user name", 401, ask)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def add_login(api: FastAPI, login: Login, language_of: Callable[[Request], Language]) -> None:
    @api.get("/login")
    def ask(request: Request) -> Response:
        if login.is_open(request.session):
            return RedirectResponse("/", 303)
        return HTMLResponse(_login_page(language_of(request)))

    @api.post("/login")
    async def enter(request: Request) -> Response:
        return await _enter(request, login, language_of(request), _login_page, "/")

    @api.post("/logout")
    def leave(request: Request) -> Response:
        request.session.clear()  # the browser's id too: who comes next sees none of its talks
        return RedirectResponse("/login", 303)


def add_review_login(
    api: FastAPI, login: Login, language_of: Callable[[Request], Language]
) -> None:
    """The second door, before each page behind it."""

    @api.post("/review/login")
    @api.post("/training/login")
    async def enter(request: Request) -> Response:
        target = request.url.path.removesuffix("/login")
        page = partial(review_login_page, target)
        return await _enter(request, login, language_of(request), page, target)


def _login_page(language: Language, problem: str = "") -> str:
    return login_page(language, problem)


def review_login_page(target: str, language: Language, problem: str = "") -> str:
    """Leads to ``target``, "/review" or "/training"."""
    return login_page(language, problem, action=f"{target}/login", ask="web_admin_password_ask")


def add_my_data(api: FastAPI, people: PersonalData) -> None:
    @api.get("/my-data")
    def my_data(request: Request) -> Response:
        person = f"web:{request.session.get('id', '')}"
        headers = {
            "Content-Disposition": 'attachment; filename="reactune-my-data.jsonl"',
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_lines(people, person), 200, headers, "application/jsonl")


def add_training_pictures(
    api: FastAPI,
    dashboard: TrainingDashboard,
    reviewers: Reviewers,
    language_of: Callable[[Request], Language],
) -> None:
    @api.get("/training/{domain}/{number}.png")
    async def picture(request: Request, domain: str, number: int) -> Response:
        if not reviewers.may(request.session):
            return PlainTextResponse("for reviewers only", 403)
        drawn = await dashboard.picture(domain, number, language_of(request))
        if drawn is None:
            return PlainTextResponse("no such picture", 404)
        return Response(drawn, 200, {"Cache-Control": "no-store"}, "image/png")


async def _lines(people: PersonalData, person: str) -> AsyncIterator[str]:
    async for thing in people.data(person):
        yield json.dumps(thing, ensure_ascii=False) + "\n"


async def _enter(
    request: Request,
    login: Login,
    language: Language,
    page: Callable[[Language, str], str],
    target: str,
) -> Response:
    """Open the session with the password of a form, and go to ``target``; else ``page``, which
    says what was wrong."""
    password = await _form_field(request, "password")
    if wait := login.wait_s(request):
        problem = say("web_password_wait", language, seconds=wait)
        return HTMLResponse(page(language, problem), 429, {"Retry-After": str(wait)})
    if not login.check(request, password):
        return HTMLResponse(page(language, say("web_password_wrong", language)), 401)
    login.open(request.session)
    return RedirectResponse(target, 303)


async def _form_field(request: Request, name: str) -> str:
    """One field of a small form; a large body is cut, so that nobody fills the memory."""
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:_FORM_BYTES]
    return parse_qs(body.decode(errors="replace")).get(name, [""])[0]
