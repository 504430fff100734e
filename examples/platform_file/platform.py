"""A chat platform made of text files: people write into one, and the bot answers in another.

Line 3 of questions.txt, ``kim: When is it due?``, is answered on line 3 of answers.txt. There,
``kim: 👍 3`` votes on that answer, and ``kim: /my-data`` is a command."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.messages import Incoming
from bot.operations.commands import Caller, CommandTable
from bot.platforms.base import OnPiece, Platform, Shown, VersionAction
from bot.platforms.chat.service import ChatService
from bot.settings import Settings
from bot.texts import say

CHANNEL, EVERY_S = "questions", 0.1


def put(path: Path, text: str, number: int = 0) -> int:
    """Let line ``number`` of a file, or a new one, say ``text``; which one it is."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    number = number or len(lines) + 1
    lines += [""] * (number - len(lines))
    lines[number - 1] = " ".join(text.split())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number


def answer_id(line: int) -> str:
    """Ids of messages grow: the question on line n is 2n, its answer 2n + 1."""
    return str(2 * line + 1)


class FileAnswerView:
    """See AnswerView: the line of answers.txt that belongs to one question."""

    def __init__(self, answers: Path, line: int, on_piece: OnPiece) -> None:
        self._answers, self._line, self._on_piece = answers, line, on_piece

    async def working(self) -> None:
        await self.show("…")

    async def show(self, text: str, *, mark: str = "") -> None:
        put(self._answers, f"{mark} {text}", self._line)

    async def end(self, shown: Shown) -> None:
        await self._on_piece(answer_id(self._line))  # so that votes find the answer
        below = (*(o.question for o in shown.offered), *shown.notes)  # to pick needs buttons
        await self.show(" | ".join([shown.text, *below]), mark=shown.mark)

    async def say(self, text: str, on_posted: OnPiece | None = None) -> None:
        await self.show(text)
        if on_posted:
            await on_posted(answer_id(self._line))


class FileAdminMessages:
    """See AdminMessages: each channel is a file. Without buttons, admins use the web page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def post(self, channel: str, text: str) -> str:
        return str(put(self._folder / f"{channel}.txt", text))

    async def report(
        self, channel: str, text: str, picture: bytes | None, choices: Sequence[VersionAction]
    ) -> None:
        await self.post(channel, text)

    async def review(self, channel: str, text: str, correction: int) -> None:
        await self.post(channel, text)

    async def rewrite(self, channel: str, message: str, text: str) -> None:
        if channel != CHANNEL:
            put(self._folder / f"{channel}.txt", text, int(message))
        elif int(message) % 2:  # the others are what people wrote
            put(self._folder / "answers.txt", text, int(message) // 2)

    async def remove(self, channel: str, message: str) -> None:
        await self.rewrite(channel, message, "")


class FilePlatform:
    """See Platform. A restart reads all lines again; the database knows what was handled."""

    name = "file"

    def __init__(self, settings: Settings, chat: ChatService, commands: CommandTable) -> None:
        self._settings, self._chat, self._commands = settings, chat, commands
        self._folder = settings.home / "file"
        self._answers = self._folder / "answers.txt"

    async def start(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        messages, parts, start = FileAdminMessages(self._folder), self._chat.parts, self._chat.start
        parts.corrections.use(messages, start)
        parts.reviews.show_on(messages, start)
        parts.training.show_on(messages, start)
        start(self._chat.catch_up())
        self._reading = asyncio.create_task(self._read(self._folder / f"{CHANNEL}.txt"))
        return str(self._folder)

    async def stop(self) -> None:
        self._reading.cancel()
        await self._chat.close()

    async def _read(self, path: Path) -> None:
        taken = 0
        while True:
            lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
            for number, line in enumerate(lines[taken:-1], start=taken + 1):
                self._chat.start(self._take(number, line))
            taken = len(lines) - 1  # the last line may still be written
            await asyncio.sleep(EVERY_S)

    async def _take(self, number: int, line: str) -> None:
        user, _, text = (part.strip() for part in line.partition(":"))
        word, _, rest = text.partition(" ")
        parts, language, event = self._chat.parts, self._settings.language, f"line:{number}"
        voted = word in self._settings.reactions and rest.isdigit()
        if not voted and not word.startswith("/"):
            place, domain, message = ("file", CHANNEL, user), self._settings.domain, str(2 * number)
            incoming = Incoming(*place, user, text, domain, message, (event,))
            await self._chat.question(incoming, lambda p: FileAnswerView(self._answers, number, p))
        elif not await parts.messages.first([event]):
            return  # the same vote twice would take it back
        elif voted:
            key = await parts.votes.vote(CHANNEL, answer_id(int(rest)), user, word)
            put(self._answers, say(key, language), number)
        else:
            caller = Caller("file", user, language, argument=rest)
            put(self._answers, await self._commands.run(word.removeprefix("/"), caller), number)


def create(settings: Settings, chat: ChatService, commands: CommandTable) -> Platform:
    return FilePlatform(settings, chat, commands)
