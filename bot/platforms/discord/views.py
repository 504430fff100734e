"""The buttons under an answer. Their names are fixed, so that they work after a restart too."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.feedback.corrections import MAX_CORRECTION_CHARS
from bot.messages import Suggestion
from bot.platforms.base import Choice, VersionAction
from bot.platforms.chat.choice_labels import button_label
from bot.texts import Language, say
from storage.judgement import Ruling

GOOD, BAD = "👍", "👎"
FORM, FIELD = "reactune:correct:", "reactune:text"
HERE = 0  # of a button that is about its own message
LABEL_CHARS = 80
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
        interaction.client.actions.stop(interaction)


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
        interaction.client.actions.vote(interaction, self._emoji)


class CorrectButton(
    ui.DynamicItem[ui.Button[ui.View]], template=r"reactune:correct:(?P<message>\d+)"
):
    """Opens the form that asks what the answer in ``message``, or HERE, should have said."""

    def __init__(
        self, message: int, language: Language = "en", key: str = "correct_button"
    ) -> None:
        self._message = message
        super().__init__(
            ui.Button(
                label=say(key, language),
                style=discord.ButtonStyle.secondary
                if message == HERE
                else discord.ButtonStyle.primary,
                custom_id=f"{FORM}{message}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls(int(match["message"]))

    async def callback(self, interaction: Any) -> None:
        interaction.client.actions.open_form(interaction, self._message or interaction.message.id)


class PickButton(ui.DynamicItem[ui.Button[ui.View]], template=r"reactune:pick:(?P<pair>\d+)"):
    """A known question that may have been meant; 0: none that is offered."""

    def __init__(self, pair_id: int, label: str = "…", row: int | None = None) -> None:
        self._pair_id = pair_id
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.primary if pair_id else discord.ButtonStyle.secondary,
                custom_id=f"reactune:pick:{pair_id}",
                row=row,
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls(int(match["pair"]))

    async def callback(self, interaction: Any) -> None:
        kind: Any = "pick" if self._pair_id else "none_of_these"
        interaction.client.actions.pick(
            interaction, interaction.message.id, Choice(kind, self._pair_id)
        )


class OtherQuestionButton(
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"reactune:other:(?P<message>\d+):(?P<pair>\d+)",
):
    """The answer in ``message`` is that of a pair whose question was not meant."""

    def __init__(self, message: int, pair_id: int, language: Language = "en") -> None:
        self._message = message
        self._pair_id = pair_id
        super().__init__(
            ui.Button(
                label=say("not_my_question", language),
                style=discord.ButtonStyle.secondary,
                custom_id=f"reactune:other:{message}:{pair_id}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls(int(match["message"]), int(match["pair"]))

    async def callback(self, interaction: Any) -> None:
        choice = Choice("not_my_question", self._pair_id)
        interaction.client.actions.pick(interaction, self._message, choice)


class ReviewButton(
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"reactune:review:(?P<ruling>approved|rejected):(?P<correction>\d+)",
):
    """An admin's decision about a correction that waits."""

    def __init__(self, ruling: Ruling, correction: int, language: Language = "en") -> None:
        self._ruling: Ruling = ruling
        self._correction = correction
        approves = ruling == "approved"
        super().__init__(
            ui.Button(
                label=say("review_approve" if approves else "review_reject", language),
                style=discord.ButtonStyle.success if approves else discord.ButtonStyle.danger,
                custom_id=f"reactune:review:{ruling}:{correction}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        return cls(match["ruling"], int(match["correction"]))

    async def callback(self, interaction: Any) -> None:
        interaction.client.actions.decide(interaction, self._correction, self._ruling)


class ChoiceButton(
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"reactune:(?P<kind>approve|rollback):(?:[^:]+:)?(?P<version>[^:]+)",
):
    """What an admin may do about a version, below the report on it.

    Its name has room for 100 characters; a version's begins with its domain's, which may have 40.
    """

    def __init__(self, choice: VersionAction, language: Language = "en") -> None:
        self._choice = choice
        approves = choice.kind == "approve"
        super().__init__(
            ui.Button(
                label=say(f"training_{choice.kind}", language),
                style=discord.ButtonStyle.success if approves else discord.ButtonStyle.danger,
                custom_id=f"reactune:{choice.kind}:{choice.version}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> Self:
        version = match["version"]
        return cls(VersionAction(match["kind"], version.rpartition("-")[0], version))

    async def callback(self, interaction: Any) -> None:
        interaction.client.actions.choose(interaction, self._choice)


BUTTONS = (
    StopButton,
    VoteButton,
    CorrectButton,
    PickButton,
    OtherQuestionButton,
    ReviewButton,
    ChoiceButton,
)


def correct_view(message: int, language: Language) -> ui.View:
    """Finished at once: what is shown in private, discord.py would watch over for a while."""
    view = _view(CorrectButton(message, language))
    view.stop()
    return view


def doubt_view(message: int, pair_id: int, language: Language) -> ui.View:
    """Below a 👎: the answer in ``message`` is wrong, or answers another question."""
    view = _view(
        CorrectButton(message, language, "wrong_answer"),
        OtherQuestionButton(message, pair_id, language),
    )
    view.stop()
    return view


def offer_view(offered: Sequence[Suggestion], language: Language) -> ui.View:
    """One below the other: each known question, and none of these."""
    picks = [
        PickButton(suggestion.pair_id, button_label(offered, number, LABEL_CHARS), number)
        for number, suggestion in enumerate(offered)
    ]
    return _view(*picks, PickButton(0, say("none_of_these", language), len(picks)))


def review_view(correction: int, language: Language) -> ui.View:
    return _view(
        ReviewButton("approved", correction, language),
        ReviewButton("rejected", correction, language),
    )


def choice_view(choices: Sequence[VersionAction], language: Language) -> ui.View:
    return _view(*(ChoiceButton(choice, language) for choice in choices))


def correct_form(message: int, language: Language) -> ui.Modal:
    """One field, which may stay empty; its answer comes as an event of its own."""
    form = ui.Modal(title=say("correct_button", language), custom_id=f"{FORM}{message}")
    field: ui.TextInput[ui.View] = ui.TextInput(
        custom_id=FIELD,
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=MAX_CORRECTION_CHARS,
    )
    form.add_item(ui.Label(text=say("correct_ask", language), component=field))
    form.stop()
    return form


def filled(data: Mapping[str, Any]) -> tuple[int, str] | None:
    """The answer's message and what was typed, where the data is that of our form."""
    name = str(data.get("custom_id") or "")
    if not name.startswith(FORM):
        return None
    fields = [row.get("component") or {} for row in data.get("components") or []]
    typed = next((f.get("value") for f in fields if f.get("custom_id") == FIELD), None)
    return int(name.removeprefix(FORM)), str(typed or "").strip()


def stop_view(language: Language) -> ui.View:
    return _view(StopButton(language))


def feedback_view(language: Language, *, correctable: bool = False) -> ui.View:
    votes = VoteButton("up", language), VoteButton("down", language)
    return _view(*votes, CorrectButton(HERE, language)) if correctable else _view(*votes)


def _view(*items: ui.Item[Any]) -> ui.View:
    """A view of dynamic items only: discord.py keeps no memory of where it was sent."""
    view = ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view
