"""The door: one shared password, a signed session cookie, and patience with guessers."""

import hashlib
import hmac
import time
from base64 import b64decode
from binascii import Error as Base64Error
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from math import ceil
from typing import Any, Literal

from starlette.requests import HTTPConnection

from bot.settings import Settings

_FREE = 5
_LONGEST_S = 300.0
_FORGET_S = 3600.0
_CLIENTS = 1000


class LoginAttempts:
    """Wrong passwords by client: the first five are free, each further one doubles the wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, client: str) -> int:
        """Whole seconds before this client may try again; 0 when it may now."""
        count, last = self._wrong.get(client, (0, 0.0))
        if count < _FREE:
            return 0
        wait = min(2.0 ** (count - _FREE + 1), _LONGEST_S)
        return max(0, ceil(last + wait - self._clock()))

    def wrong(self, client: str) -> None:
        count, last = self._wrong.pop(client, (0, 0.0))
        now = self._clock()
        self._wrong[client] = (count + 1 if now - last < _FORGET_S else 1, now)
        if len(self._wrong) > _CLIENTS:
            self._wrong.popitem(last=False)

    def right(self, client: str) -> None:
        self._wrong.pop(client, None)


class Login:
    """Knows the password; a session that was opened with another one is no longer open.

    ``door`` is what it opens: a session can be open for one and not for the other.
    """

    def __init__(
        self,
        password: str,
        secret: str,
        attempts: LoginAttempts | None = None,
        *,
        door: Literal["login", "review"] = "login",
    ) -> None:
        self._door = door
        self._secret = secret.encode()
        self._digest = self._hashed(password)
        self._attempts = attempts or LoginAttempts()

    def wait_s(self, connection: HTTPConnection) -> int:
        return self._attempts.wait_s(_client(connection))

    def check(self, connection: HTTPConnection, password: str) -> bool:
        """Whether ``password`` is right; wrong ones count. Ask ``wait_s`` first."""
        right = hmac.compare_digest(self._hashed(password), self._digest)
        (self._attempts.right if right else self._attempts.wrong)(_client(connection))
        return right

    def check_basic(self, connection: HTTPConnection) -> bool:
        """HTTP basic authentication with any user name, as scrapers send it."""
        scheme, _, credentials = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            decoded = b64decode(credentials, validate=True).decode()
        except (Base64Error, UnicodeDecodeError):
            return False
        return self.check(connection, decoded.partition(":")[2])

    def open(self, session: MutableMapping[str, Any]) -> None:
        session[self._door] = self._digest

    def is_open(self, session: MutableMapping[str, Any]) -> bool:
        return hmac.compare_digest(str(session.get(self._door, "")), self._digest)

    def _hashed(self, password: str) -> str:
        return hmac.new(self._secret, password.encode(), hashlib.sha256).hexdigest()


def _client(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


class Reviewers:
    """Where only this machine can come in, everybody; else who knows WEB_ADMIN_PASSWORD too.

    ``login`` None: nobody can become one.
    """

    def __init__(self, settings: Settings, secret: str) -> None:
        password = settings.web_admin_password
        self._everybody = settings.web_password is None
        self.login = Login(password.get_secret_value(), secret, door="review") if password else None

    def may(self, session: MutableMapping[str, Any]) -> bool:
        return self._everybody or self.has_signed_in(session)

    def has_signed_in(self, session: MutableMapping[str, Any]) -> bool:
        """Only then what is said in the chat counts as a teacher's word."""
        return self.login is not None and self.login.is_open(session)
