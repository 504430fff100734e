"""The buttons under an answer. Their names are fixed, so that they work after a restart too."""

from typing import Any, Self

import discord
from discord import ui

from bot.texts import Language, say

GOOD, BAD = "👍", "👎"
_VOTES = {"up": GOOD, "down": BAD}


class StopButton(ui.DynamicItem[ui.Button[ui.View]], template=r"reactune:stop"):
    """Ends the answer above it; ``interaction.client`` is our own Client."""

    def __init__(self, language: Language = "en") -> None:
        super().__init__(
            ui.Button(
                label=say("stop_button", language),
                style=discord.ButtonStyle.secondary,
                emoji="⏹️",
                custom_id="reactune:stop",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls()

    async def callback(self, interaction: Any) -> None:
        interaction.client.presses.stop(interaction)


class VoteButton(ui.DynamicItem[ui.Button[ui.View]], template=r"reactune:vote:(?P<vote>up|down)"):
    """One person's verdict on the answer; pressed again it is taken back."""

    def __init__(self, vote: str, language: Language = "en") -> None:
        self._emoji = _VOTES[vote]
        label = "good_button" if vote == "up" else "bad_button"
        super().__init__(
            ui.Button(
                label=say(label, language),
                style=discord.ButtonStyle.secondary,
                emoji=self._emoji,
                custom_id=f"reactune:vote:{vote}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls(match["vote"])

    async def callback(self, interaction: Any) -> None:
        interaction.client.presses.vote(interaction, self._emoji)


def stop_view(language: Language) -> ui.View:
    return _view(StopButton(language))


def feedback_view(language: Language) -> ui.View:
    return _view(VoteButton("up", language), VoteButton("down", language))


def _view(*items: ui.Item[Any]) -> ui.View:
    """A view of dynamic items only: discord.py keeps no memory of where it was sent."""
    view = ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view
