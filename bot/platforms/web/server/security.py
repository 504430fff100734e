"""In front of everything the web server answers: who may ask, and what a browser may do with it."""

import ipaddress
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.web.server.auth import Login

_OPEN_PATHS = ("/healthz", "/metrics", "/login", "/static/")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms as foreign
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityMiddleware:
    """ASGI middleware; it needs the session, so SessionMiddleware stands in front of it.

    Without a password only this machine may ask, by a name that no foreign page can take over
    (DNS rebinding). With one, the session must be open, whatever name leads here.
    """

    def __init__(self, app: ASGIApp, *, login: Login | None) -> None:
        self._app = app
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(HTTPConnection(scope))
        await (refusal or self._app)(scope, receive, _Hardened(send))

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        host = connection.headers.get("host", "")
        if self._login is None and not _is_this_machine(host):
            return PlainTextResponse("unknown host name", 421)
        if _is_foreign(connection, host):
            return PlainTextResponse("this page may not ask here", 403)
        if self._login is None or connection.url.path.startswith(_OPEN_PATHS):
            return None
        if self._login.is_open(connection.session):
            return None
        if "text/html" in connection.headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return PlainTextResponse("log in first", 401)


def _is_foreign(connection: HTTPConnection, host: str) -> bool:
    """Another site's page tries to change something or to open a socket."""
    if connection.scope["type"] == "http" and connection.scope["method"] in ("GET", "HEAD"):
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != host
    except ValueError:  # brackets without an address between them
        return True


def _is_this_machine(host: str) -> bool:
    """Whether a Host header names it by "localhost" or a loopback address."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class _Hardened:
    """Adds the security headers, and to NiceGUI's pages a nonce: only their own scripts run.

    NiceGUI compiles its templates in the browser, so eval stays allowed; what a page does not
    contain from the start (an injected script or handler) is refused all the same.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonce = ""
        self._start: Message | None = None
        self._page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"].endswith("http.response.start"):
            headers = MutableHeaders(scope=message)
            if headers.get("x-nicegui-content") == "page":
                self._nonce = secrets.token_urlsafe(16)
            headers.update(_HEADERS | {"Content-Security-Policy": self._policy()})
            if self._nonce:
                self._start = message  # its length is known when the page is
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        nonce = f'<script nonce="{self._nonce}"'.encode()
        page = bytes(self._page).replace(b"<script", nonce)
        MutableHeaders(scope=start)["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})

    def _policy(self) -> str:
        scripts = f"'self' 'nonce-{self._nonce}' 'unsafe-eval'" if self._nonce else "'self'"
        return (
            f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
