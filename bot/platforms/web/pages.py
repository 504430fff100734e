"""The pages that NiceGUI draws, and who sees them."""

from collections.abc import Callable
from typing import Literal

from fastapi import FastAPI
from nicegui import Client, app, ui
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from bot.platforms.web.chat.page import ChatPage
from bot.platforms.web.context import WebContext
from bot.platforms.web.dashboard.page import TrainingPage
from bot.platforms.web.review.page import ReviewPage
from bot.platforms.web.server.auth import Reviewers
from bot.platforms.web.server.routes import review_login_page
from bot.platforms.web.ui.assets import STATIC, head_html
from bot.texts import Language, say

_QUASAR_LANGUAGE: dict[Language, Literal["ko-KR", "en-US"]] = {"ko": "ko-KR", "en": "en-US"}
_VIEWPORT = (
    "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
)


def add_pages(
    api: FastAPI,
    context: WebContext,
    reviewers: Reviewers,
    language_of: Callable[[Request], Language],
) -> None:
    api.mount("/static", StaticFiles(directory=STATIC))
    chats, reviews, trainings = (_pages(path) for path in ("/", "/review", "/training"))

    async def show_chat(client: Client, request: Request, c: str = "") -> None:
        language = language_of(request)
        client.page = chats[language]  # which names the language of what is built from here on
        browser = _begin()
        may_review = reviewers.may(request.session)
        context.note_reviewing(f"web:{browser}", reviewers.has_signed_in(request.session))
        await ChatPage(context, client, browser, language, may_review=may_review).open(c)

    def closed(request: Request) -> Response | None:
        """What everybody but reviewers gets; None for them."""
        if reviewers.may(request.session):
            return None
        language = language_of(request)
        if reviewers.login is None:
            return PlainTextResponse(say("web_review_closed", language), 403)
        return HTMLResponse(review_login_page(request.url.path, language))

    async def show_review(client: Client, request: Request) -> Response | None:
        if refusal := closed(request):
            return refusal
        language = language_of(request)
        client.page = reviews[language]
        await ReviewPage(context, client, f"web:{_begin()}", language).load()
        return None

    async def show_training(client: Client, request: Request, d: str = "") -> Response | None:
        if refusal := closed(request):
            return refusal
        language = language_of(request)
        client.page = trainings[language]
        person = f"web:{_begin()}"
        await TrainingPage(context, context.training, client, person, language, d).load()
        return None

    chats["ko"](show_chat)  # one address; the language is each browser's
    reviews["ko"](show_review)
    trainings["ko"](show_training)


def _pages(path: str) -> dict[Language, ui.page]:
    return {
        language: ui.page(path, title="Reactune", language=tag, viewport=_VIEWPORT)
        for language, tag in _QUASAR_LANGUAGE.items()
    }


def _begin() -> str:
    """What stands at the top of each page; the browser's id."""
    ui.add_head_html(head_html())
    browser = str(app.storage.browser["id"])
    app.storage.browser["id"] = browser  # renews the cookie, which would expire otherwise
    return browser
