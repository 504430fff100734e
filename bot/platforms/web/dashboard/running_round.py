"""On the training page: the round that runs, or what has gathered for the next."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.learning.outcome import Progress
from bot.learning.report import live_details, percent_done
from bot.platforms.web.ui.elements import Tag
from bot.texts import Language, say


class TrainingNow:
    """Built inside the current element."""

    def __init__(
        self,
        language: Language,
        target: int,
        *,
        title_of: Callable[[str], str],
        on_train: Callable[[], Any],
        on_cancel: Callable[[], Any],
    ) -> None:
        self._language = language
        self._target = target
        self._title_of = title_of
        say_ = partial(say, language=language)
        with Tag("section", "case training-now", aria_label=say_("web_training_now")):
            with Tag("div", "training-line"):
                Tag("h2", "", say_("web_training_buffer"))
                self._count = Tag("p", "training-count")
            self._meter = Tag("progress", max=target, aria_label=say_("web_training_buffer"))
            Tag("p", "case-about", say_("web_training_by_itself", target=target))
            self._running = Tag("div", "training-running", hidden=True)
            with self._running:
                self._round = Tag("p", "", role="status")
                self._bar = Tag("progress", max=100, aria_label=say_("web_training_progress"))
                with Tag("div", "training-line"):
                    self._details = Tag("p", "case-about")
                    self._cancel = Tag("button", "secondary", say_("web_training_cancel"))
            self._train = Tag("button", "primary", say_("web_training_begin"))
        for button, act in ((self._train, on_train), (self._cancel, on_cancel)):
            button.set(type="button")
            button.on("click", act, args=[])

    def show_fresh(self, fresh: int) -> None:
        self._count.text = f"{fresh:,} / {self._target:,}"
        self._meter.set(value=min(fresh, self._target))

    def show(self, progress: Progress | None) -> None:
        """The round that runs, of whichever domain; only one can."""
        self._running.set(hidden=None if progress else True)
        self._train.set(hidden=True if progress else None)
        if progress:
            title = self._title_of(progress.domain)
            self._round.text = say(
                "web_training_running", self._language, title=title, round=progress.round
            )
            self._bar.set(value=percent_done(progress))
            self._details.text = live_details(progress, self._language)
