"""The page for those who look after training: one object for each open tab."""

import asyncio
from collections.abc import Awaitable

import structlog
from nicegui import Client, background_tasks, ui

from bot.errors import RefusedError
from bot.learning.outcome import Progress
from bot.platforms.web.context import WebContext
from bot.platforms.web.dashboard.report import training_report
from bot.platforms.web.dashboard.running_round import TrainingNow
from bot.platforms.web.dashboard.versions import TrainingVersions
from bot.platforms.web.training_data import DashboardData, RoundRow, TrainingDashboard, VersionRow
from bot.platforms.web.ui.elements import Tag, drawing
from bot.platforms.web.ui.frame import domain_select, switches
from bot.platforms.web.ui.icons import icon
from bot.texts import Language, say
from storage.errors import StorageError

_LOOK_AGAIN_S = 15.0  # for labels, and for what admins do on chat platforms
_log = structlog.get_logger("web")


class TrainingPage:
    """Shows one domain at a time: what gathers or runs, the versions and the latest rounds."""

    def __init__(
        self,
        context: WebContext,
        dashboard: TrainingDashboard,
        client: Client,
        person: str,
        language: Language,
        domain: str,
    ) -> None:
        self._context = context
        self._dashboard = dashboard
        self._client = client
        self._person = person
        self._language = language
        self._domain = context.domain(domain).name
        self._reports: dict[int, tuple[RoundRow, Tag]] = {}
        self._loading = asyncio.Lock()
        with Tag("div", "review training"):
            self._head()
            with Tag("main", "review-main"), Tag("div", "review-column"):
                self._notice = Tag("p", "notice", role="alert")
                self._now = TrainingNow(
                    language,
                    dashboard.target,
                    title_of=lambda name: context.domain(name).title,
                    on_train=self._train,
                    on_cancel=self._cancel,
                )
                self._versions = TrainingVersions(
                    language, on_approve=self._approve, on_choose=self._choose
                )
                with Tag("section", "cases"):
                    Tag("h2", "", say("web_training_reports", language))
                    self._none = Tag("p", "case-about", say("web_training_none", language))
                    self._list = Tag("div", "cases reports")
        self._now.show(dashboard.training.progress)
        dashboard.subscribers.subscribe(self._heard)
        client.on_delete(lambda: dashboard.subscribers.unsubscribe(self._heard))
        ui.timer(_LOOK_AGAIN_S, self.load, immediate=False)

    def _head(self) -> None:
        back = say("web_back", self._language)
        with Tag("header", "bar"):
            with Tag("a", "icon-button", href="/", title=back, aria_label=back):
                drawing(icon("back"))
            Tag("h1", "domain", say("web_training", self._language))
            if len(self._context.domains) > 1:
                domain_select(self._language, self._context.domains, self._turn_to).set(
                    value=self._domain
                )
            Tag("span", "spacer")
            switches(self._language)

    async def load(self) -> None:
        """Bring the page up to date; only what has changed goes to the browser."""
        async with self._loading:
            domain = self._domain
            try:
                found = await self._dashboard.read(domain)
            except Exception as error:
                self._fail("training not read", error, "web_training_not_read")
                return
            if domain == self._domain:
                self._show(found)

    def _show(self, found: DashboardData) -> None:
        self._now.show_fresh(found.fresh)
        self._now.show(self._dashboard.training.progress)
        self._versions.show(found.versions)
        for number, (shown, report) in list(self._reports.items()):
            if shown not in found.ended:
                report.delete()
                del self._reports[number]
        for place, one in enumerate(found.ended):
            if one.outcome.round not in self._reports:
                self._reports[one.outcome.round] = one, self._report(one, place)
        self._none.set(hidden=True if found.ended else None)

    def _report(self, ended: RoundRow, place: int) -> Tag:
        with self._list:
            report = training_report(ended, self._language, unfolded=place == 0)
        report.move(target_index=place)
        return report

    async def _turn_to(self, domain: str) -> None:
        self._domain = self._context.domain(domain).name
        self._notice.text = ""
        self._client.run_javascript(f"history.replaceState(null, '', '?d={self._domain}')")
        await self.load()

    async def _train(self) -> None:
        await self._do(self._dashboard.training.begin(self._domain))

    async def _cancel(self) -> None:
        await self._do(self._dashboard.training.cancel())

    async def _approve(self, row: VersionRow) -> None:
        if row.name is not None:
            approved = await self._do(self._dashboard.training.approve(row.name, self._person))
            if approved is False:
                self._notice.text = say("review_over", self._language)

    async def _choose(self, row: VersionRow) -> None:
        """Go back from the live version, or put another one live."""
        if row.name is None:
            return
        if row.live:
            back = self._dashboard.take_back(self._domain, row.name, self._person, self._language)
            await self._do(back)
        else:
            await self._do(self._dashboard.training.rollback(self._domain, self._person, row.name))

    async def _do(self, act: Awaitable[object]) -> object:
        """Every tab then looks again; what is refused is said in this one."""
        self._notice.text = ""
        done: object = None
        try:
            done = await act
        except RefusedError as refused:
            self._notice.text = str(refused)
        except Exception as error:  # whatever it is, the admin is told
            self._fail("training not changed", error, "web_training_failed")
        self._dashboard.subscribers.tell(None)
        return done

    def _heard(self, progress: Progress | None) -> None:
        if progress:
            self._now.show(progress)
        else:
            background_tasks.create(self.load())

    def _fail(self, what: str, error: Exception, text: str) -> None:
        unknown = not isinstance(error, StorageError)
        _log.error(what, error=str(error), exc_info=unknown)
        self._notice.text = say(text, self._language)
