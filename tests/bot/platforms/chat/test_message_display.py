"""A growing answer becomes messages that are edited."""

import asyncio
from itertools import pairwise

from bot.platforms.chat.message_display import MessageDisplay

EVERY_S = 0.05


class FakePoster:
    """Keeps what is on the screen, and when each message was touched."""

    def __init__(self) -> None:
        self.screen: dict[str, str] = {}
        self.buttons: set[str] = set()
        self.touched: list[tuple[str, float]] = []

    async def post(self, text: str, *, last: bool) -> str:
        message = f"m{len(self.screen)}"
        await self.edit(message, text, last=last)
        return message

    async def edit(self, message: str, text: str, *, last: bool) -> None:
        self.screen[message] = text
        self.touched.append((message, asyncio.get_running_loop().time()))
        if last:
            self.buttons.add(message)

    async def delete(self, message: str) -> None:
        del self.screen[message]


def display(
    screen: dict[str, str] | None = None,
) -> tuple[MessageDisplay, FakePoster, list[str]]:
    """``screen``: what stands there already, and is replaced."""
    poster, pieces = FakePoster(), []
    poster.screen |= screen or {}

    async def on_piece(message: str) -> None:
        pieces.append(message)

    shown = MessageDisplay(poster, 20, on_piece, every_s=EVERY_S, messages=tuple(poster.screen))
    return shown, poster, pieces


async def test_a_long_answer_becomes_several_messages():
    """Each is told, and only the last gets the buttons."""
    shown, poster, pieces = display()
    await shown.show("하나 둘 셋\n\n넷 다섯 여섯 일곱\n\n여덟", last=True)
    assert list(poster.screen.values()) == ["하나 둘 셋\n\n넷 다섯 여섯 일곱", "여덟"]
    assert pieces == ["m0", "m1"]
    assert poster.buttons == {"m1"}


async def test_a_message_is_not_edited_too_often():
    """Also when the end comes right after an update."""
    shown, poster, _ = display()
    await shown.show("하나")
    await shown.show("하나 둘")
    await shown.show("하나 둘 셋", last=True)
    times = [time for _, time in poster.touched]
    assert len(times) == 3
    assert all(later - earlier >= EVERY_S for earlier, later in pairwise(times))
    assert poster.screen == {"m0": "하나 둘 셋"}


async def test_what_has_not_changed_is_not_edited():
    """Finished pieces are left alone while the last one grows."""
    shown, poster, _ = display()
    await shown.show("가" * 19 + " 나다")
    await shown.show("가" * 19 + " 나다라", last=True)
    assert [message for message, _ in poster.touched].count("m0") == 1


async def test_a_loop_that_was_cut_away_disappears():
    """Messages that the final answer no longer needs are deleted."""
    shown, poster, _ = display()
    await shown.show("가" * 19 + " " + "나" * 10)
    await shown.show("가" * 10, last=True)
    assert poster.screen == {"m0": "가" * 10}


async def test_the_mark_stands_above_each_piece():
    """Within the limit, while it grows and in the end."""
    shown, poster, _ = display()
    await shown.show("하나", mark="⚠")
    assert poster.screen == {"m0": "⚠\n\n하나"}
    await shown.show("하나 둘 셋 넷 다섯 여섯 일곱 여덟", mark="⚠", last=True)
    assert len(poster.screen) == 2
    assert all(t.startswith("⚠\n\n") and len(t) <= 20 for t in poster.screen.values())


async def test_an_answer_takes_the_place_of_another():
    """In its messages; those that are not needed any more go at the end."""
    shown, poster, pieces = display({"m0": "옛", "m1": "날", "m2": "말"})
    await shown.show("하나")
    assert poster.screen == {"m0": "하나", "m1": "날", "m2": "말"}
    await shown.show("하나 둘 셋\n\n넷 다섯 여섯 일곱\n\n여덟", last=True)
    assert poster.screen == {"m0": "하나 둘 셋\n\n넷 다섯 여섯 일곱", "m1": "여덟"}
    assert (pieces, poster.buttons) == ([], {"m1"})
