"""On the training page: the versions, which one is live, and the way to another."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from bot.platforms.web.training_data import VersionRow
from bot.platforms.web.ui.elements import Tag, reveal
from bot.texts import Language, say
from engine.gate.confidence import wilson
from storage.statistics import VersionApproval

Act = Callable[[VersionRow], Awaitable[None]]


class TrainingVersions:
    """Built inside the current element; drawn anew when anything in it has changed."""

    def __init__(self, language: Language, *, on_approve: Act, on_choose: Act) -> None:
        self._language = language
        self._on_approve = on_approve
        self._on_choose = on_choose
        self._shown: Sequence[VersionRow] = ()
        with Tag("section", "cases"):
            Tag("h2", "", say("web_training_versions", language))
            self._list = Tag("ul", "case versions")

    def show(self, versions: Sequence[VersionRow]) -> None:
        if versions == self._shown:
            return  # who is about to confirm is not disturbed
        self._shown = versions
        self._list.clear()
        with self._list:
            for row in versions:
                self._row(row)

    def _row(self, row: VersionRow) -> None:
        with Tag("li", "version"):
            with Tag("div", "version-about"):
                self._name(row)
                Tag("p", "case-about", self._about(row))
            self._buttons(row)

    def _name(self, row: VersionRow) -> None:
        states = {
            "live": row.live, "waits": row.waits, "tainted": row.contains_forgotten,
            "disliked": row.disliked,
        }  # fmt: skip
        with Tag("p", "version-name"):
            Tag("span", "", row.name or say("web_training_base", self._language))
            for state, holds in states.items():
                if holds:
                    Tag("span", f"badge {state}", say(f"web_training_{state}", self._language))

    def _about(self, row: VersionRow) -> str:
        parts = [shown_time(row.made_at)] if row.made_at else []
        return " · ".join([*parts, approval_words(row.approval, self._language)])

    def _buttons(self, row: VersionRow) -> None:
        """The original model has none: going back leads there."""
        if row.name is None:
            return
        if row.waits:
            approve = self._button("primary", "web_training_approve", row)
            approve.on("click", partial(self._on_approve, row), args=[])
            return
        key = "web_training_back" if row.live else "web_training_choose"
        ask = self._button("secondary", key, row)
        target = row.back_to if row.live else row.name
        sure = self._sure(row, target or say("web_training_base", self._language))

        def open_(shown: bool) -> None:
            sure.set(hidden=None if shown else True)
            ask.set(aria_expanded="true" if shown else "false")
            reveal(sure if shown else ask, focus=".primary" if shown else "")

        ask.set(aria_expanded="false")
        ask.on("click", partial(open_, True), args=[])
        with sure, Tag("div", "form-buttons"):
            no = Tag("button", "secondary", say("web_forget_no", self._language), type="button")
            no.on("click", partial(open_, False), args=[])
            yes = Tag("button", "primary", say(key, self._language), type="button")
            yes.on("click", partial(self._on_choose, row), args=[])

    def _button(self, look: str, key: str, row: VersionRow) -> Tag:
        words = say(key, self._language)
        return Tag("button", look, words, type="button", aria_label=f"{words}: {row.name}")

    def _sure(self, row: VersionRow, target: str) -> Tag:
        sure = Tag("div", "sure", role="alert", hidden=True)
        with sure:
            Tag("p", "", say("web_training_sure", self._language, target=target))
            if row.contains_forgotten and not row.live:
                Tag("p", "", say("web_training_sure_tainted", self._language))
        return sure


def approval_words(approval: VersionApproval, language: Language) -> str:
    """The share with Wilson's 95 % interval."""
    if not approval.total:
        return say("web_training_no_votes", language)
    low, high = (f"{100 * end:.0f}" for end in wilson(approval.approved, approval.total))
    share = f"{100 * approval.approved / approval.total:.0f}"
    return say(
        "web_training_approval", language, share=share, low=low, high=high, total=approval.total
    )


def shown_time(utc: str) -> str:
    """On this machine's clock, to the minute."""
    return datetime.fromisoformat(utc).astimezone().strftime("%Y-%m-%d %H:%M")
