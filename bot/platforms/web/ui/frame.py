"""What stands around a conversation: the drawer with the others, and the bar on top."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bot.domains import Domain
from bot.platforms.web.ui.elements import Tag, drawing, icon_button
from bot.platforms.web.ui.icons import MARK, icon
from bot.texts import Language, say
from storage.conversations import Thread

_OTHER: dict[Language, Language] = {"ko": "en", "en": "ko"}


class Drawer:
    """The conversations of this browser; a column on wide screens, else it slides in."""

    def __init__(
        self,
        language: Language,
        *,
        on_open: Callable[[str], Any],
        on_new: Callable[[], Any],
    ) -> None:
        self.threads: Mapping[str, Thread] = {}
        self._on_open = on_open
        self._current = ""
        self._buttons: dict[str, Tag] = {}
        with Tag("aside", "sidebar", aria_label=say("web_conversations", language)):
            with Tag("div", "sidebar-top"):
                drawing(MARK)
                Tag("span", "brand", "Reactune")
                icon_button("close", say("web_close_menu", language), "narrow-only")
            new = Tag("button", "new", type="button")
            with new:
                drawing(icon("compose"))
                Tag("span", "", say("web_new", language))
            new.on("click", on_new, args=[])
            Tag("h2", "sidebar-title", say("web_conversations", language))
            self._list = Tag("nav", "threads", aria_label=say("web_conversations", language))
            self.foot = Tag("div", "sidebar-foot")
        Tag("div", "scrim")

    def show(self, threads: Sequence[Thread]) -> None:
        """Bring the list up to date; only what is new, has moved or is gone goes to the browser."""
        self.threads = {thread.thread: thread for thread in threads}
        for name in self._buttons.keys() - self.threads.keys():
            self._buttons.pop(name).delete()
        shown = self._list.default_slot.children
        for place, thread in enumerate(threads):
            button = self._buttons.get(thread.thread) or self._add(thread)
            if shown[place] is not button:
                button.move(target_index=place)

    def mark(self, current: str) -> None:
        """Which conversation is open; it need not be in the list yet."""
        if before := self._buttons.get(self._current):
            before.set(aria_current=None)
        self._current = current
        if now := self._buttons.get(current):
            now.set(aria_current="true")

    def _add(self, thread: Thread) -> Tag:
        here = "true" if thread.thread == self._current else None
        with self._list:
            button = Tag("button", "thread", thread.title, type="button", aria_current=here)
        button.set(title=thread.title)
        button.on("click", partial(self._on_open, thread.thread), args=[])
        self._buttons[thread.thread] = button
        return button


def training_link(language: Language) -> None:
    with Tag("a", "quiet", href="/training"):
        drawing(icon("rise"))
        Tag("span", "", say("web_training", language))


def log_out(language: Language) -> None:
    with Tag("form", "log-out", method="post", action="/logout"):
        hint = say("web_log_out_hint", language)
        with Tag("button", "quiet", type="submit", title=hint):
            drawing(icon("exit"))
            Tag("span", "", say("web_log_out", language))


def switches(language: Language) -> None:
    """The other language; light or dark."""
    other = _OTHER[language]
    Tag(
        "button", "quiet", say("web_language", language),
        type="button", data_language=other, lang=other,
    )  # fmt: skip
    theme = say("web_theme", language)
    with Tag(
        "button", "icon-button", type="button",
        title=theme, aria_label=theme, data_theme_button="",
    ):  # fmt: skip
        drawing(icon("moon")).classes("when-light")
        drawing(icon("sun")).classes("when-dark")


class Bar:
    """The field that is asked about, language, light or dark, and a new conversation."""

    def __init__(
        self,
        language: Language,
        domains: Mapping[str, Domain],
        *,
        on_domain: Callable[[str], Any],
        on_new: Callable[[], Any],
    ) -> None:
        self._select: Tag | None = None
        with Tag("header", "bar"):
            icon_button("menu", say("web_menu", language), "narrow-only", data_drawer_button="")
            if len(domains) > 1:
                self._select = domain_select(language, domains, on_domain)
            else:
                Tag("span", "domain", *[domain.title for domain in domains.values()])
            Tag("span", "spacer")
            switches(language)
            new = icon_button("compose", say("web_new", language), "narrow-only")
            new.on("click", on_new, args=[])

    def set_domain(self, name: str) -> None:
        if self._select:
            self._select.set(value=name)


def domain_select(
    language: Language, domains: Mapping[str, Domain], on_domain: Callable[[str], Any]
) -> Tag:
    with Tag("label", "domain"):
        Tag("span", "sr-only", say("web_domain", language))
        select = Tag("select")
        with select:
            for name, domain in domains.items():
                Tag("option", "", domain.title, value=name)
    select.on("change", lambda e: on_domain(str(e.args)), js_handler="(e) => emit(e.target.value)")
    return select
