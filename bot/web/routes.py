"""The web server's addresses: health, metrics, the door, and the page behind it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs

from fastapi import FastAPI
from nicegui import Client, app, ui
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.staticfiles import StaticFiles

from bot.answer import Answers
from bot.texts import Language, say
from bot.web.chat import Chat
from bot.web.login import Login
from bot.web.login_page import login_page
from bot.web.page import Page
from engine.errors import EngineError
from engine.serving.base import Engine
from storage.errors import StorageError
from storage.messages import Messages

STATIC = Path(__file__).parent / "static"
_VERSION = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))
).hexdigest()[:12]
_QUASAR_LANGUAGE: dict[Language, Literal["ko-KR", "en-US"]] = {"ko": "ko-KR", "en": "en-US"}
_FORM_BYTES = 4096


def add_health(api: FastAPI, engine: Engine, answers: Answers, messages: Messages) -> None:
    async def failing() -> str | None:
        """Why a question asked now would not be answered and kept; the log tells the rest."""
        try:
            await engine.count("?")  # which only an engine that runs can do
        except EngineError as error:
            return f"the engine does not answer: {error}"
        try:
            await messages.check_writing()
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
        return HTMLResponse(login_page(language_of(request), _VERSION))

    @api.post("/login")
    async def enter(request: Request) -> Response:
        language = language_of(request)
        password = await _form_field(request, "password")
        if wait := login.wait_s(request):
            problem = say("web_password_wait", language, seconds=wait)
            headers = {"Retry-After": str(wait)}
            return HTMLResponse(login_page(language, _VERSION, problem), 429, headers)
        if not login.check(request, password):
            problem = say("web_password_wrong", language)
            return HTMLResponse(login_page(language, _VERSION, problem), 401)
        login.open(request.session)
        return RedirectResponse("/", 303)

    @api.post("/logout")
    def leave(request: Request) -> Response:
        request.session.clear()  # the browser's id too: who comes next sees none of its talks
        return RedirectResponse("/login", 303)


def add_chat(api: FastAPI, chat: Chat, language_of: Callable[[Request], Language]) -> None:
    api.mount("/static", StaticFiles(directory=STATIC))
    pages = {
        language: ui.page("/", title="Reactune", language=tag, viewport=_VIEWPORT)
        for language, tag in _QUASAR_LANGUAGE.items()
    }

    async def show(client: Client, request: Request, c: str = "") -> None:
        language = language_of(request)
        client.page = pages[language]  # which names the language of what is built from here on
        ui.add_head_html(
            f'<link rel="stylesheet" href="/static/style.css?{_VERSION}">'
            f'<script src="/static/page.js?{_VERSION}"></script>'
        )
        browser = str(app.storage.browser["id"])
        app.storage.browser["id"] = browser  # renews the cookie, which would expire otherwise
        await Page(chat, client, browser, language).open(c)

    pages["ko"](show)  # one address; the language is each browser's


_VIEWPORT = (
    "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
)


async def _form_field(request: Request, name: str) -> str:
    """One field of a small form; a large body is cut, so that nobody fills the memory."""
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:_FORM_BYTES]
    return parse_qs(body.decode(errors="replace")).get(name, [""])[0]
