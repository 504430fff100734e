"""Reactions and buttons: what people think of answers, and that they have read enough."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.errors import RefusedError
from bot.platforms.chat.service import ChatService
from bot.platforms.slack.blocks import (
    APPROVE,
    BAD,
    CORRECT,
    FEEDBACK,
    GO_LIVE,
    GOOD,
    NONE,
    OTHER,
    PICK,
    REJECT,
    ROLL_BACK,
    STOP,
    Block,
    choice_buttons,
    chosen,
    notes,
    words,
)
from bot.platforms.slack.choices import Choices
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.correction_form import CorrectionForm
from bot.platforms.slack.emoji import emoji_of
from bot.platforms.slack.events import (
    BotIdentity,
    Click,
    Event,
    Reacted,
    read_click,
    read_reaction,
)
from bot.platforms.slack.reaction_sync import Reactions
from bot.platforms.slack.text import fallback
from bot.platforms.slack.users import Users
from bot.settings import Settings
from bot.texts import Language, say
from storage.errors import StorageError
from storage.judgement import Ruling

_log = structlog.get_logger("slack")


class Feedback:
    """Each method takes one payload; errors go to the log, never to the channel."""

    def __init__(
        self,
        settings: Settings,
        me: BotIdentity,
        api: SlackClient,
        chat: ChatService,
        people: Users,
    ) -> None:
        self._scores = settings.reactions
        self._me = me
        self._api = api
        self._chat = chat
        self._people = people
        self.reactions = Reactions(api, me, chat, people, settings.reactions)
        self.correction_form = CorrectionForm(api, chat, people)
        self._choices = Choices(
            api, chat, self.correction_form, self._is_answer, votes=self.has_votes
        )
        decisions = Decisions(api, chat, people, settings.language)
        self._voting = asyncio.Lock()
        self._actions: dict[str, Callable[[Click, Language], Awaitable[str]]] = {
            STOP: self._stop,
            FEEDBACK: self._vote,
            CORRECT: self._form,
            APPROVE: decisions.on_correction,
            REJECT: decisions.on_correction,
            GO_LIVE: decisions.on_version,
            ROLL_BACK: decisions.on_version,
            **dict.fromkeys((PICK, NONE, OTHER), self._choices.on_choice),
        }

    async def reacted(self, body: Event) -> None:
        reacted = read_reaction(body["event"])
        if not reacted or reacted.user == self._me.user:
            return
        emoji = emoji_of(reacted.name, self._scores)
        if emoji == "❌" and reacted.added:
            await self._crossed(reacted)
        if emoji not in self._scores or await self._people.is_bot(reacted.user):
            return
        if await self._is_answer(reacted.channel, reacted.ts):
            if not reacted.added and await self.reactions.stands_elsewhere(reacted, emoji):
                return
            await self._chat.parts.votes.reaction(
                reacted.channel, reacted.ts, reacted.user, emoji, added=reacted.added, at=reacted.at
            )
            if reacted.added and self._scores[emoji] < 0:
                language = await self._people.language(reacted.user)
                await self._choices.ask_what_is_wrong(reacted, language)

    async def _crossed(self, reacted: Reacted) -> None:
        """Looked at again once the message is known to be an answer."""
        cross = reacted.channel, reacted.ts, reacted.user
        if not await self._chat.on_cross(*cross) and await self._is_answer(*cross[:2]):
            await self._chat.on_cross(*cross)

    async def _is_answer(self, channel: str, ts: str) -> bool:
        """A reaction may be quicker than Slack's word that our message is posted."""
        for wait in self._api.pace.again_s:
            await asyncio.sleep(wait)
            if await self._chat.parts.messages.shows_answer(channel, ts):
                return True
        return False

    async def clicked(self, body: Event) -> None:
        """A button of ours. Slack may send a click twice, which would take a vote back."""
        click = read_click(body)
        if not click or click.action not in self._actions:
            return
        if not await self._chat.parts.messages.first([click.event]):
            return
        language = await self._people.language(click.user)
        try:
            line = await self._actions[click.action](click, language)
        except RefusedError as refusal:
            line = str(refusal)
        except StorageError as error:
            _log.error("button failed", reference=click.event, error=str(error))
            line = say("command_failed", language, reference=f"I{click.event.rpartition(':')[2]}")
        bad = (click.action, click.value) == (FEEDBACK, BAD)
        if bad and line == say("vote_counted", language):
            await self._choices.after_thumb_down(click, line, language)
        elif line:
            await self.correction_form.post_ephemeral(click.channel, click.user, click.thread, line)

    async def _stop(self, click: Click, language: Language) -> str:
        """The button's value is the question, should the message not be known yet."""
        for message in (click.ts, click.value):
            if await self._chat.stop(click.channel, message, click.user):
                return ""
        return say("stop_not_yours", language)

    async def _vote(self, click: Click, language: Language) -> str:
        emoji = self._emoji_for(good=click.value == GOOD)
        if not emoji or not await self._is_answer(click.channel, click.ts):
            return say("vote_unknown", language)
        async with self._voting:  # two quick clicks are two votes, one after the other
            key = await self._chat.parts.votes.vote(
                click.channel, click.ts, click.user, emoji, at=click.at
            )
        return say(key, language)

    async def _form(self, click: Click, language: Language) -> str:
        await self.correction_form.open(click, language)
        return ""

    @property
    def has_votes(self) -> bool:
        """The settings know an emoji for either thumb."""
        return bool(self._emoji_for(good=True) and self._emoji_for(good=False))

    def _emoji_for(self, *, good: bool) -> str | None:
        """The emoji that a thumb stands for: the strongest of its sign."""
        sign = 1 if good else -1
        best = max(self._scores, key=lambda emoji: sign * self._scores[emoji], default=None)
        return best if best and sign * self._scores[best] > 0 else None


class Decisions:
    """Each method takes one click; the message then says who decided, others are refused.

    It returns what the clicker alone is told, or nothing. ``language`` is the admins'.
    """

    def __init__(
        self, api: SlackClient, chat: ChatService, people: Users, language: Language
    ) -> None:
        self._api = api
        self._chat = chat
        self._people = people
        self._language: Language = language

    async def on_correction(self, click: Click, language: Language) -> str:
        ruling: Ruling = "approved" if click.action == APPROVE else "rejected"
        try:
            line = await self._chat.parts.reviews.decide(
                int(click.value), ruling, click.user, (), self._language, await self._name(click)
            )
        except RefusedError:
            return say("review_admins_only", language)
        await self._note(click, line)
        return ""

    async def on_version(self, click: Click, language: Language) -> str:
        choice, name = chosen(click.action, click.value), await self._name(click)
        try:
            line, left = await self._chat.parts.training.choose(
                choice, click.user, (), language, name
            )
        except RefusedError as refusal:
            return str(refusal)
        await self._note(click, line, choice_buttons(left, self._language))
        return ""

    async def _name(self, click: Click) -> str | None:
        return (await self._people.names([click.user])).get(click.user)

    async def _note(self, click: Click, line: str, buttons: Sequence[Block] = ()) -> None:
        """Below the message, in place of the buttons that it had."""
        shown = [b for b in click.blocks if b.get("type") == "section"]
        blocks = [*shown, *notes([line]), *buttons] if shown else words(line)
        await self._api.update(click.channel, click.ts, fallback(line), blocks, kind="words")
