"""The reactions that stand on messages now, for those whose events were missed."""

from collections.abc import Mapping, Sequence

import structlog

from bot.platforms.chat.service import ChatService
from bot.platforms.slack.client import Message, SlackClient
from bot.platforms.slack.emoji import emoji_of
from bot.platforms.slack.events import BotIdentity, Reacted
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.users import Users
from storage.platform_events import ShownAnswer

_log = structlog.get_logger("slack")


class Reactions:
    """``scores`` says which emoji are a verdict."""

    def __init__(
        self,
        api: SlackClient,
        me: BotIdentity,
        chat: ChatService,
        people: Users,
        scores: Mapping[str, float],
    ) -> None:
        self._api = api
        self._me = me
        self._chat = chat
        self._people = people
        self._scores = scores

    async def sync(
        self, answers: Sequence[ShownAnswer], messages: Mapping[str, Message], at: float
    ) -> None:
        """``messages`` are as they were at ``at``: labels follow what is on the answers' pieces."""
        for answer in answers:
            pieces = [messages[ts] for ts in answer.messages if ts in messages]
            if not pieces:
                continue  # out of sight is not taken off
            try:
                found = [await self._verdicts(answer.channel, piece) for piece in pieces]
            except (SlackError, UnknownResultError) as error:
                _log.info("reactions not read", channel=answer.channel, error=str(error))
                continue
            changed = await self._chat.parts.votes.sync(answer, set().union(*found), at)
            if changed:
                _log.info("reactions caught up", number=changed)

    async def _verdicts(self, channel: str, message: Message) -> set[tuple[str, str]]:
        """(user, emoji) of everybody's verdicts on one message."""
        found = set()
        for reaction in await self._complete(channel, message):
            emoji = emoji_of(reaction["name"], self._scores)
            if emoji not in self._scores:
                continue
            for user in reaction["users"]:
                if user != self._me.user and not await self._people.is_bot(user):
                    found.add((str(user), emoji))
        return found

    async def stands_elsewhere(self, gone: Reacted, emoji: str) -> bool:
        """Whoever took a reaction off has the same ``emoji`` on the answer still.

        On another of its pieces, or in another skin tone.
        """
        answer = await self._chat.parts.messages.answer_shown_in(gone.channel, gone.ts)
        try:
            for ts in answer.messages if answer else ():
                for reaction in await self._on(gone.channel, ts):
                    other = (ts, reaction["name"]) != (gone.ts, gone.name)
                    same = emoji_of(reaction["name"], self._scores) == emoji
                    if other and same and gone.user in reaction["users"]:
                        return True
        except (SlackError, UnknownResultError) as error:
            _log.info("reactions not read", channel=gone.channel, error=str(error))
        return False

    async def _complete(self, channel: str, message: Message) -> list[Message]:
        """Where many have reacted, Slack names only some of them with the message."""
        reactions: list[Message] = message.get("reactions") or []
        if all(len(r.get("users") or []) >= r.get("count", 0) for r in reactions):
            return reactions
        return await self._on(channel, message["ts"])

    async def _on(self, channel: str, ts: str) -> list[Message]:
        found = await self._api.retry(
            lambda client: client.reactions_get(channel=channel, timestamp=ts, full=True)
        )
        return (found.get("message") or {}).get("reactions") or []
