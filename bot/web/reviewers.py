"""Who may review what people say, and load knowledge."""

from collections.abc import MutableMapping
from typing import Any

from bot.settings import Settings
from bot.web.login import Login


class Reviewers:
    """Where only this machine can come in, everybody; else who knows WEB_ADMIN_PASSWORD too.

    ``login`` None: nobody can become one.
    """

    def __init__(self, settings: Settings, secret: str) -> None:
        password = settings.web_admin_password
        self._everybody = settings.web_password is None
        self.login = Login(password.get_secret_value(), secret, door="review") if password else None

    def may(self, session: MutableMapping[str, Any]) -> bool:
        if self._everybody:
            return True
        return self.login is not None and self.login.is_open(session)
