"""What admins decide by buttons on Slack: about corrections, and about trained versions."""

from collections.abc import Sequence

from bot.messages import RefusedError
from bot.platforms.slack_api import SlackApi
from bot.platforms.slack_blocks import APPROVE, Block, choice_buttons, chosen, notes, words
from bot.platforms.slack_events import Click
from bot.platforms.slack_people import People
from bot.platforms.slack_text import fallback
from bot.platforms.talk import Talk
from bot.texts import Language, say
from storage.opinions import Ruling


class Decisions:
    """Each method takes one click; the message then says who decided, others are refused.

    It returns what the clicker alone is told, or nothing. ``language`` is the admins'.
    """

    def __init__(self, api: SlackApi, talk: Talk, people: People, language: Language) -> None:
        self._api = api
        self._talk = talk
        self._people = people
        self._language: Language = language

    async def on_correction(self, click: Click, language: Language) -> str:
        ruling: Ruling = "approved" if click.action == APPROVE else "rejected"
        try:
            told = await self._talk.reviewing.decide(
                int(click.value), ruling, click.user, (), self._language, await self._name(click)
            )
        except RefusedError:
            return say("review_admins_only", language)
        await self._note(click, told)
        return ""

    async def on_version(self, click: Click, language: Language) -> str:
        choice, name = chosen(click.action, click.value), await self._name(click)
        try:
            told, left = await self._talk.announcing.choose(choice, click.user, (), language, name)
        except RefusedError as refusal:
            return str(refusal)
        await self._note(click, told, choice_buttons(left, self._language))
        return ""

    async def _name(self, click: Click) -> str | None:
        return (await self._people.names([click.user])).get(click.user)

    async def _note(self, click: Click, told: str, buttons: Sequence[Block] = ()) -> None:
        """Below the message, in place of the buttons that it had."""
        shown = [b for b in click.blocks if b.get("type") == "section"]
        blocks = [*shown, *notes([told]), *buttons] if shown else words(told)
        await self._api.update(click.channel, click.ts, fallback(told), blocks, kind="words")
