"""What the bot posts on Slack that is no answer: corrections, and reports on training."""

from collections.abc import Sequence

import structlog

from bot.platforms.base import VersionAction
from bot.platforms.slack.blocks import Block, choice_buttons, long_words, review_buttons, words
from bot.platforms.slack.client import SlackClient
from bot.platforms.slack.retry import SlackError, UnknownResultError
from bot.platforms.slack.text import fallback
from bot.texts import Language, say

_log = structlog.get_logger("slack")
_OVERLAP_S = 60.0  # clocks differ


class SlackAdminMessages:
    """Implements Board. ``language`` is the admins'."""

    def __init__(self, api: SlackClient, language: Language) -> None:
        self._api = api
        self._language: Language = language

    async def review(self, channel: str, text: str, correction: int) -> None:
        buttons = review_buttons(correction, self._language)
        await self._post(channel, text, [*words(text), buttons])

    async def post(self, channel: str, text: str) -> str:
        return await self._post(channel, text, words(text))

    async def report(
        self, channel: str, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        """The picture is a message of its own right below: blocks with a file that is hardly
        uploaded are often refused."""
        buttons = choice_buttons(choices, self._language)
        await self._post(channel, text, [*long_words(text), *buttons])
        if picture:
            await self._upload(channel, picture)

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        try:
            await self._api.update(channel, message, fallback(text), words(text), kind="words")
        except SlackError as error:
            if error.code not in ("cant_update_message", "message_not_found"):
                raise  # else it is a person's own, or deleted

    async def remove(self, channel: str, message: str) -> None:
        try:
            await self._api.retry(lambda client: client.chat_delete(channel=channel, ts=message))
        except SlackError as error:
            if error.code != "message_not_found":
                raise

    async def _post(self, channel: str, text: str, blocks: list[Block]) -> str:
        after = f"{self._api.now() - _OVERLAP_S:.6f}"
        return await self._api.post(
            channel, None, fallback(text), blocks, after=after, kind="words"
        )

    async def _upload(self, channel: str, picture: bytes) -> None:
        """One try: repeated, it might appear twice, and the text says the same."""
        title = say("training_picture", self._language)
        try:
            await self._api.try_once(
                lambda client: client.files_upload_v2(
                    channel=channel,
                    filename="training.png",
                    file=picture,
                    title=title,
                    alt_txt=title,
                )
            )
        except (SlackError, UnknownResultError) as error:
            _log.warning("report without picture", channel=channel, error=str(error))
