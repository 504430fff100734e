"""What is stored about whoever sits before this browser: to be taken home, or forgotten."""

from collections.abc import Callable
from functools import partial

import structlog
from nicegui import Client

from bot.platforms.web.context import WebContext
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say
from storage.errors import StorageError

_log = structlog.get_logger("web")
_BEGIN_ANEW = """
localStorage.setItem("reactune-left", String(Date.now()));
sessionStorage.removeItem("reactune-draft");
location.replace("/");
"""


class MyData:
    """A quiet menu, built inside the current element."""

    def __init__(
        self,
        context: WebContext,
        client: Client,
        browser: str,
        language: Language,
        notice: Callable[[str], None],
    ) -> None:
        self._context = context
        self._client = client
        self._browser = browser
        self._language = language
        self._notice = notice
        say_ = partial(say, language=language)
        with Tag("details", "my-data"):
            with Tag("summary", "quiet"):
                drawing(icon("person"))
                Tag("span", "", say_("web_my_data"))
            Tag("a", "quiet", say_("web_my_data_download"), href="/my-data", download="")
            ask = Tag("button", "quiet", say_("web_forget"), type="button", data_stay="")
            ask.on("click", partial(self._ask, True), args=[])
            self._sure = Tag("div", "sure", role="alert", hidden=True)
            with self._sure:
                Tag("p", "", say_("web_forget_sure"))
                with Tag("div", "form-buttons"):
                    no = Tag("button", "quiet", say_("web_forget_no"), type="button", data_stay="")
                    no.on("click", partial(self._ask, False), args=[])
                    yes = Tag("button", "primary danger", say_("web_forget_yes"), type="button")
                    yes.on("click", self._forget, args=[])

    def _ask(self, sure: bool) -> None:
        self._sure.set(hidden=None if sure else True)

    async def _forget(self) -> None:
        """Remove everything, in all tabs; the page begins anew."""
        try:
            await self._context.running.stop_all(self._browser)
            await self._context.knowledge.people.forget(f"web:{self._browser}")
        except Exception as error:  # whatever it is, the person is told
            unknown = not isinstance(error, StorageError)
            _log.error("not forgotten", error=str(error), exc_info=unknown)
            self._notice(say("web_not_forgotten", self._language))
            return
        self._client.run_javascript(_BEGIN_ANEW)
