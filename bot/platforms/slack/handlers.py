"""What the bot does about each of Slack's events and commands."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.feedback.corrections import correction_in
from bot.messages import Incoming
from bot.operations.commands import Caller, CommandTable
from bot.platforms.chat.service import ChatService
from bot.platforms.chat.side_conversations import SideConversations
from bot.platforms.slack.actions import Feedback
from bot.platforms.slack.answer_view import SlackAnswerView
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.events import (
    BotIdentity,
    Event,
    Post,
    read_change,
    read_deletion,
    read_post,
)
from bot.platforms.slack.history import turns_before
from bot.platforms.slack.poster import QuestionLocation
from bot.platforms.slack.text import escaped, mentioned, readable, unescaped
from bot.platforms.slack.users import Users
from bot.settings import Settings
from bot.texts import Language, say
from engine.model.prompt import Turn

_YOUNG_S = 60.0  # a thread whose first question may still be on its way to the database
On = Callable[[Event], Awaitable[None]]


class EventHandlers:
    """Each method takes one payload; errors go to the log, never to the channel."""

    def __init__(
        self,
        settings: Settings,
        me: BotIdentity,
        api: SlackClient,
        chat: ChatService,
        commands: CommandTable,
    ) -> None:
        self._settings = settings
        self._me = me
        self._api = api
        self._chat = chat
        self._commands = commands
        self.people = Users(api, settings.language)
        self._feedback = Feedback(settings, me, api, chat, self.people)
        self._asides = SideConversations()
        self._views: dict[tuple[str, str], SlackAnswerView] = {}
        self.clicked = self._feedback.clicked
        self.correction_form = self._feedback.correction_form
        self.reactions = self._feedback.reactions
        self._table: dict[str, On] = {
            "app_mention": self._written,
            "message": self._written,
            "reaction_added": self._feedback.reacted,
            "reaction_removed": self._feedback.reacted,
            "app_home_opened": self._opened,
        }

    def is_answering(self, channel: str, question: str) -> bool:
        return (channel, question) in self._views

    async def event(self, body: Event) -> None:
        """Anything from the Events API."""
        if handle := self._table.get(body["event"].get("type", "")):
            await handle(body)

    async def command(self, payload: dict[str, Any]) -> str:
        """A slash command; what its user is shown."""
        user = payload["user_id"]
        language, typed = await self.people.language(user), payload.get("text") or ""
        caller = Caller("slack", user, language, argument=typed)
        return escaped(await self._commands.run(payload["command"].removeprefix("/"), caller))

    async def _written(self, body: Event) -> None:
        if deleted := read_deletion(body["event"]):
            await self._withdrawn(deleted.channel, deleted.ts)
            return
        if changed := read_change(body, self._me):
            text = await self._text(changed)
            language = await self.people.language(changed.user)
            await self._chat.edited(self._incoming(changed, text), language)
        post = read_post(body, self._me)
        if post and await self._addressed(post):
            await self._asked(post)

    async def _withdrawn(self, channel: str, ts: str) -> None:
        """A deleted question is answered no further, even when it has hardly been taken."""
        if answer_view := self._views.get((channel, ts)):
            answer_view.withdrawn = True
        for wait in self._api.pace.again_s:
            await asyncio.sleep(wait)
            await self._chat.deleted(channel, ts)
            if self._views.get((channel, ts)) is not answer_view or not answer_view:
                return

    async def _addressed(self, post: Post) -> bool:
        """Mentions, direct messages, and what people go on to say in a thread with the bot.

        A correction is always meant for it, where there is an answer.
        """
        thread = f"{post.channel}:{post.thread}"
        if post.mentioned or post.direct:
            self._asides.spoke_to_bot(thread, post.user)
            return True
        if post.in_thread and correction_in(unescaped(post.text)) is not None:
            return await self._takes_part(post)
        if others := mentioned(post.text):  # it is meant for them
            self._asides.spoke_to(thread, others - {post.user})
            return False
        if not (self._settings.thread_follow_ups and post.in_thread):
            return False
        if self._asides.is_spoken_to(thread, post.user):
            return False
        return await self._takes_part(post)

    async def _takes_part(self, post: Post) -> bool:
        for wait in self._api.pace.again_s:
            await asyncio.sleep(wait)
            if await self._chat.parts.messages.takes_part(post.channel, post.thread, post.ts):
                return True
            if float(post.ts) - float(post.thread) > _YOUNG_S:
                break
        return False

    async def _asked(self, post: Post) -> None:
        language = await self.people.language(post.user)
        text = await self._text(post)
        if text or not post.files:
            await self._question(post, text, language)
        elif post.mentioned or post.direct:
            await self._chat.notice(
                self._incoming(post, text),
                lambda on_piece: SlackAnswerView(self._api, _place(post), language, on_piece),
                "only_attachment",
                language,
            )

    async def _text(self, post: Post) -> str:
        names = await self.people.names(mentioned(post.text) - {self._me.user})
        return readable(post.text, self._me.user, names)

    def _incoming(self, post: Post, text: str) -> Incoming:
        return Incoming(
            platform="slack",
            channel=post.channel,
            thread=post.thread,
            user=post.user,
            text=text,
            domain=self._settings.domain,
            message=post.ts,
            events=post.events,
        )

    async def _question(self, post: Post, text: str, language: Language) -> None:
        mine: list[SlackAnswerView] = []  # stays empty for the twin of an event

        def answer_view(on_piece: Callable[[str], Awaitable[None]]) -> SlackAnswerView:
            view = SlackAnswerView(
                self._api,
                _place(post),
                language,
                on_piece,
                note=say("attachment_unread", language) if post.files else None,
                votes=self._feedback.has_votes,
            )
            self._views[post.channel, post.ts] = view
            mine.append(view)
            return view

        async def earlier() -> Sequence[Turn]:
            return await turns_before(self._api, self._me, post)

        try:
            await self._chat.question(
                self._incoming(post, text),
                answer_view,
                earlier=earlier if post.in_thread else None,
                language=language,
                addressed=post.mentioned or post.direct,
            )
        finally:
            if mine:
                del self._views[post.channel, post.ts]

    async def _opened(self, body: Event) -> None:
        """Somebody looks at the bot's direct messages: greet them, the first time."""
        event = body["event"]
        user, channel = event.get("user"), event.get("channel")
        if event.get("tab") != "messages" or not (user and channel):
            return
        if not await self._chat.parts.messages.first([f"hello:{user}"]):
            return
        opened = await self._api.retry(
            lambda client: client.conversations_history(channel=channel, limit=1)
        )
        if not opened.get("messages"):
            text = say("direct_hello", await self.people.language(user))
            await self._api.try_once(
                lambda client: client.chat_postMessage(channel=channel, text=text)
            )


def _place(post: Post) -> QuestionLocation:
    return QuestionLocation(
        post.channel, post.thread, post.ts, post.user, post.team, direct=post.direct
    )
