"""What admins of any platform hear of training, and what their presses do."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
import structlog.testing

from bot.access import Access
from bot.errors import RefusedError
from bot.learning.outcome import Progress, RolledBack, RoundOutcome
from bot.platforms.base import PlatformError, VersionAction
from bot.platforms.chat.training_reports import ReportTexts, TrainingAnnouncer, offered
from bot.texts import say
from tests.support.fakes import FakeTraining

WAITING = RoundOutcome(7, "tax-ko", "promoted", version="v7", waits=True)
BACK = VersionAction("rollback", "tax-ko", "v7")


class FakeAdminMessages:
    """AdminMessages that never reach the channel "lost", nor "late" at the first try.

    ``calls``: all else, channel first.
    """

    def __init__(self) -> None:
        self.down = {"lost": 1_000, "late": 1}
        self.calls: list[tuple[Any, ...]] = []

    async def review(self, channel: str, text: str, correction: int) -> None:
        raise NotImplementedError

    async def post(self, channel: str, text: str) -> str:
        self._reach(channel)
        self.calls.append((channel, text))
        return "1"

    async def report(
        self, channel: str, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        self._reach(channel)
        self.calls.append((channel, text, picture, tuple(choices)))

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        self.calls.append((channel, message, text))

    async def remove(self, channel: str, message: str) -> None:
        self.calls.append((channel, message))

    def _reach(self, channel: str) -> None:
        if self.down.get(channel):
            self.down[channel] -= 1
            raise PlatformError("no such channel")


class Room:
    """A TrainingAnnouncer on such messages, with everything that was begun."""

    def __init__(self, training: FakeTraining, *channels: str) -> None:
        self.admin_messages = FakeAdminMessages()
        self.announcing = TrainingAnnouncer(
            platform="x",
            training=training,
            access=Access(admins=("x:ada",)),
            admin_channels=channels,
            language="en",
            rendering=ReportTexts(
                line=lambda progress, _: f"step {progress.step}",
                text=lambda outcome, _: outcome.verdict,
                picture=self._picture,
                went_back=lambda news, _: f"{news.version} went, {news.to} is back",
            ),
            again_s=(0.01,),
        )
        self.breaks = False
        self._begun: list[Coroutine[Any, Any, None]] = []
        self.announcing.show_on(self.admin_messages, self._begun.append)

    async def settled(self) -> None:
        while self._begun:
            begun, self._begun[:] = list(self._begun), []
            await asyncio.gather(*begun)

    async def _picture(self, _: RoundOutcome, __: object) -> bytes:
        if self.breaks:
            raise ValueError("no font")
        return b"PNG"


async def test_a_lost_channel_stops_nothing():
    """It is logged, under the name of the setting; the other channel hears everything."""
    training = FakeTraining()
    room = Room(training, "x:lost", "x:here", "y:elsewhere")
    with structlog.testing.capture_logs() as logs:
        for news in (Progress(7, "tax-ko", "training", step=1), WAITING):
            await training.tell(news)
            await room.settled()
    approve = (VersionAction("approve", "tax-ko", "v7"),)
    assert room.admin_messages.calls == [
        ("here", "step 1"), ("here", "promoted", b"PNG", approve), ("here", "1")
    ]  # fmt: skip
    assert {(log["setting"], log["channel"]) for log in logs} == {("ADMIN_CHANNEL", "x:lost")}


async def test_a_report_outlives_an_outage():
    """Who has to approve must see it."""
    training = FakeTraining()
    room = Room(training, "x:late")
    await training.tell(WAITING)
    approve = (VersionAction("approve", "tax-ko", "v7"),)
    assert room.admin_messages.calls == [("late", "promoted", b"PNG", approve)]


async def test_a_picture_that_cannot_be_drawn_leaves_the_text():
    """With a trace in the log, since it is our fault."""
    training = FakeTraining()
    room = Room(training, "x:here")
    room.breaks = True
    with structlog.testing.capture_logs() as logs:
        await training.tell(WAITING)
        await room.settled()
    assert room.admin_messages.calls[0][:3] == ("here", "promoted", None)
    assert [log["event"] for log in logs] == ["report without picture"]


async def test_a_notice_reaches_every_channel():
    """What the watch has taken back is no round, and told all the same."""
    training = FakeTraining()
    room = Room(training, "x:here", "x:there")
    await training.tell(RolledBack("tax-ko", "v7", "v6", (1, 9), (9, 10)))
    await room.settled()
    text = "v7 went, v6 is back"
    assert sorted(room.admin_messages.calls) == [("here", text), ("there", text)]


async def test_of_two_presses_the_second_is_told_that_it_is_late():
    """What was live before the version before is not meant."""
    training = FakeTraining()
    training.history["tax-ko"] = ["v5", "v6", "v7"]
    room = Room(training)
    presses = [room.announcing.choose(BACK, "ada", (), "ko") for _ in range(2)]
    first, second = await asyncio.gather(*presses, return_exceptions=True)
    assert first == (say("training_rolled_back", "en", by="x:ada", version="v6"), ())
    assert isinstance(second, RefusedError)
    assert str(second) == say("training_not_live", "ko")
    assert training.history["tax-ko"][-1] == "v6"


async def test_approving_what_does_not_wait_any_more_is_late():
    """It may have been approved on the web page."""
    room = Room(FakeTraining())
    with pytest.raises(RefusedError, match="already been decided"):
        await room.announcing.choose(VersionAction("approve", "tax-ko", "v7"), "ada", (), "en")


@pytest.mark.parametrize("verdict", ["rejected", "inconclusive", "failed", "cancelled"])
def test_what_is_not_live_and_does_not_wait_has_no_buttons(verdict: Any):
    """There is nothing to decide."""
    assert offered(RoundOutcome(7, "tax-ko", verdict, version="v7")) == ()
