"""What every chat platform does with corrections."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.access import Access
from bot.errors import RefusedError
from bot.feedback.labels import LabelService
from bot.platforms.base import PlatformError
from bot.texts import say
from storage.corrections import Corrections
from storage.errors import StorageError
from storage.labels import Subject
from storage.platform_events import MessageLinks
from tests.bot.platforms.chat.fakes import QUESTION, Screen
from tests.support.fakes import saying

CORRECTION = replace(QUESTION, text="정정: 25일", message="M2", user="U2", events=("E2",))


class Wall:
    """AdminMessages that keep what they are told; ``broken`` makes them refuse."""

    def __init__(self) -> None:
        self.rewritten: list[tuple[str, str, str]] = []
        self.broken = False

    async def review(self, channel: str, text: str, correction: int) -> None:
        raise AssertionError("nobody reviews here")

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        if self.broken:
            raise PlatformError("not now")
        self.rewritten.append((channel, message, text))


@pytest.fixture
async def service(service_with):
    """Asked once, and corrected by U2 in M2; the thanks are S1."""
    service = service_with(saying("모릅니다."))
    await service.question(QUESTION, Screen())
    await service.question(CORRECTION, Screen())
    return service


async def standing(corrections: Corrections) -> list[str]:
    return [c.text for c in await corrections.of_reply(1)]


async def test_the_message_and_the_thanks_show_the_correction(service):
    """So votes on them are votes on it."""
    assert [await service.parts.messages.correction_in("C1", m) for m in ("M2", "S1", "P1")] == [
        1,
        1,
        None,
    ]


@pytest.mark.parametrize("about", ["P1", "M1"])
async def test_a_reply_is_about_what_it_replies_to(service, corrections: Corrections, about: str):
    """A piece of the answer, or its question; not about the last answer in the thread."""
    await service.question(replace(QUESTION, message="M3", events=("E3",)), Screen())
    later = replace(CORRECTION, message="M4", events=("E4",), about=about, user="U3")
    await service.question(later, Screen())
    assert await standing(corrections) == ["25일", "25일"]


async def test_recent_corrections_are_listed_behind_their_answer(service, corrections: Corrections):
    """With all that shows them, so that missed votes are found; not when they are over."""
    ago = datetime(2000, 1, 1, tzinfo=UTC)
    shown = await service.parts.messages.answers_since(ago, last=9)
    assert [(s.correction_id, s.messages) for s in shown] == [(None, ["P1"]), (1, ["M2", "S1"])]
    await corrections.move(1, "withdrawn", "chat:U2", only_from="live")
    assert [s.correction_id for s in await service.parts.messages.answers_since(ago, last=9)] == [
        None
    ]


async def test_thanks_that_cannot_be_kept_are_said(service_with, monkeypatch):
    """Votes on them are lost, the correction is not."""

    async def full(*_: object) -> None:
        raise StorageError("the disk is full")

    service, screen = service_with(saying("모릅니다.")), Screen()
    await service.question(QUESTION, Screen())
    monkeypatch.setattr(MessageLinks, "add", full)
    await service.question(CORRECTION, screen)
    assert "25일" in (screen.notice or "")


@pytest.mark.parametrize("broken", [False, True])
async def test_what_shows_a_correction_says_that_it_is_withdrawn(
    service, corrections: Corrections, broken: bool
):
    """As far as the platform lets us."""
    wall = Wall()
    wall.broken = broken
    service.parts.corrections.use(wall, service.start)
    assert await service.on_cross("C1", "S1", "U2")
    assert await standing(corrections) == []
    words = say("correction_withdrawn", "ko")
    assert wall.rewritten == ([] if broken else [("C1", "M2", words), ("C1", "S1", words)])


@pytest.mark.parametrize(
    ("ruling", "by", "name", "thanks"),
    [
        ("approved", "chat:BOSS", "아다", "✅ 아다님이 정정을 승인했습니다:\n25일"),
        ("rejected", "web:f00", None, "🚫 웹 관리자님이 정정을 반려했습니다:\n25일"),
    ],
)
async def test_thanks_say_what_was_decided(
    service, service_with, corrections, correction_service, ruling, by, name, thanks
):
    """And by whom, also when it was thanked for in an earlier run."""
    wall, later = Wall(), service_with(saying(""))
    later.parts.corrections.use(wall, later.start)
    await corrections.move(1, "pending", "", only_from="live")
    assert await correction_service.decide(1, ruling, by, name)
    await later.close()
    assert wall.rewritten[-1] == ("C1", "S1", thanks)


async def test_thanks_say_that_somebody_disagrees(service, label_service: LabelService):
    """Its author read before that it would be used from the next question on."""
    wall = Wall()
    service.parts.corrections.use(wall, service.start)
    await label_service.toggle(Subject("correction", 1), "chat:U3", "👎")
    await service.close()
    assert [(m, "관리자가 검토할 때까지" in text) for _, m, text in wall.rewritten] == [
        ("M2", True),
        ("S1", True),
    ]


async def test_thanks_that_an_outage_kept_back_follow_once(service_with, service, corrections):
    """At the next start that reaches the platform, and at no later one."""
    await corrections.move(1, "pending", "", only_from="live")
    await corrections.move(1, "live", "chat:BOSS", only_from="pending")
    thanks = "✅ chat:BOSS님이 정정을 승인했습니다:\n25일"
    for broken, rewritten in ((True, []), (False, [("M2", thanks), ("S1", thanks)]), (False, [])):
        wall, later = Wall(), service_with(saying(""))
        later.parts.corrections.use(wall, later.start)
        wall.broken = broken
        await later.catch_up()
        assert [(message, text) for _, message, text in wall.rewritten] == rewritten


async def test_thanks_may_be_cleared_away(service, corrections: Corrections):
    """Whoever deletes the correction itself takes it back."""
    await service.deleted("C1", "S1")
    assert await standing(corrections) == ["25일"]
    await service.deleted("C1", "M2")
    assert await standing(corrections) == []


async def test_an_edit_that_is_refused_leaves_it_as_it_was(service, corrections: Corrections):
    """And the thanks say why."""
    wall = Wall()
    service.parts.corrections.use(wall, service.start)
    await service.edited(replace(CORRECTION, text="정정: " + "가" * 5000, events=("E5",)))
    assert await standing(corrections) == ["25일"]
    assert "너무 깁니다" in wall.rewritten[0][2]


async def test_an_edit_counts_once(service, corrections: Corrections):
    """However often the platform tells of it, and whichever came later."""
    for text, event in (("26일", "A"), ("27일", "B"), ("26일", "A")):
        await service.edited(replace(CORRECTION, text=f"정정: {text}", events=(event,)))
    assert await standing(corrections) == ["27일"]


async def test_a_form_of_nothing_is_refused(service):
    """Its answer is no longer kept."""
    with pytest.raises(RefusedError) as refused:
        await service.parts.corrections.form(replace(CORRECTION, about="P9"), "25일", "en")
    assert str(refused.value) == say("correction_of_nothing", "en")


async def test_a_form_is_refused_in_words_every_time(service_with):
    """A question in a channel is refused once in a while only."""
    service = service_with(saying("모릅니다."), Access(users=["chat:U1"]))
    await service.question(QUESTION, Screen())
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            await service.parts.corrections.form(replace(CORRECTION, about="P1"), "25일", "en")
        assert str(refused.value) == say("user_not_allowed", "en")
