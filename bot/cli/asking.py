"""``reactune ask``: one question, its answer, and a choice where it is not sure what was meant."""

import asyncio
import getpass
import json
import os
import sys
import uuid
from collections.abc import Awaitable, Callable

from bot.answering.footer import footer_lines, mark_above
from bot.answering.service import Answer
from bot.answering.suggestions import suggestion_object, suggestion_text
from bot.app import App, open_app
from bot.domains import Domain, check_domain
from bot.errors import UnansweredError
from bot.messages import Incoming, Reply, Source
from bot.settings import Settings
from bot.texts import say
from engine.errors import EngineError

Show = Callable[[str], None]
Choose = Callable[[str], Awaitable[str | None]]  # a prompt → what was typed; None: no more comes


def person_here() -> str:
    """Who is at this terminal, as stored with what they say."""
    return f"cli:{_user()}"


async def ask(
    settings: Settings, text: str, domain: str | None, show: Show, choose: Choose | None = None
) -> Reply:
    """Answer ``text`` in a conversation of its own; ``show`` gets each piece as it comes.

    Where known questions are offered, ``choose`` asks for a number until there is one; nothing
    typed leaves them. None: nobody is there to ask. Raises RefusedError and UnansweredError.
    """
    domain = domain or settings.domain
    async with open_app(settings) as app:
        check_domain(domain, app.domains)
        if settings.starter:  # asked before the bot ever ran, it knows as much as it will then
            await app.data.starters.load_first(app.domains[settings.domain])
        incoming = Incoming("cli", "cli", uuid.uuid4().hex, _user(), text, domain)
        terminal = _Terminal(app, app.domains[domain], show)
        reply = await terminal.read(await app.answers.ask(incoming))
        while choose and reply.suggestions:
            most = len(reply.suggestions)
            line = await choose(say("choose_number", settings.language, most=most))
            if not line:
                break
            reply = await terminal.choose(reply, line)
    return reply


async def typed(prompt: str) -> str | None:
    """A line that somebody types on the terminal, without blanks around it; None at its end.

    Nothing waits for it but the caller: the first Ctrl-C ends it.
    """
    sys.stdout.write(f"\n{prompt} ")
    sys.stdout.flush()
    there = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), there.set)
    try:
        await there.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    line = sys.stdin.readline()
    return line.strip() if line else None


class _Terminal:
    """Shows answers in ``domain`` piece by piece."""

    def __init__(self, app: App, domain: Domain, show: Show) -> None:
        self._app = app
        self._domain = domain
        self._language = app.settings.language
        self._show = show

    async def read(self, answer: Answer) -> Reply:
        """Show an answer to its end, with our own lines around it. Raises UnansweredError."""
        if broken := await self._recall_broken(answer):
            if answer.response.outcome == "abstained":
                await answer.finished()
                raise UnansweredError(broken)
            self._show(f"{broken}\n\n")
        mark = mark_above(answer.response, self._domain, self._language)
        shown = ""
        async for so_far in answer.updates(every=0.05):
            if mark and not shown:
                self._show(f"{mark}\n\n")
            if so_far.startswith(shown):
                self._show(so_far[len(shown) :])
                shown = so_far
        reply = await answer.finished()
        if reply is None or reply.status == "failed":
            reference = f"Q{answer.question_id}"
            raise UnansweredError(say("failed", self._language, reference=reference))
        if not reply.text.startswith(shown):  # a link became words: nothing printed is taken back
            self._show(f"\n\n{reply.text}")
        for number, suggestion in enumerate(reply.suggestions, start=1):
            self._show(f"\n{number}. {suggestion_text(suggestion, self._language)}")
        self._show_footer(reply)
        return reply

    async def _recall_broken(self, answer: Answer) -> str:
        """Why what is known was not found by its meaning, in our words; empty where all is well.

        Without it, "there is no approved answer" would be said of what was never looked for.
        """
        response, retriever = answer.response, self._app.data.retriever
        if response.outcome not in ("abstained", "unverified") or response.small_talk:
            return ""
        if not await retriever.count(self._domain.name):
            return ""
        try:
            await retriever.indexes.embedder()
        except EngineError as error:
            return say("recall_broken", self._language, reason=error)
        return ""

    async def choose(self, reply: Reply, line: str) -> Reply:
        """Take a number: that question's answer, or 0 for none of these. ``reply`` again where it
        is no such number."""
        choices = self._app.choices
        if not line.isdecimal() or int(line) > len(reply.suggestions):
            return reply
        if not int(line):
            return await self.read(await choices.reject(reply.id, person_here(), self._language))
        picked = reply.suggestions[int(line) - 1].pair_id
        answered = await choices.pick(reply.id, picked, person_here(), self._language)
        self._show(answered.text)
        self._show_footer(answered)
        return answered

    def _show_footer(self, reply: Reply) -> None:
        lines = footer_lines(reply, self._domain, self._language) if reply.text else []
        if lines:
            self._show("\n\n" + "\n".join(lines))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as an id without a name
        return str(os.getuid())


def as_json(question: str, reply: Reply, domain: str) -> str:
    """One answer as the object that ``ask --json`` prints."""
    source = reply.sources[0] if reply.verified and reply.sources else None
    return json.dumps(
        {
            "question": question,
            "answer": reply.text,
            "domain": domain,
            "outcome": reply.outcome,
            "verified": reply.verified,
            "source": source.name if source else "",
            "as_of": source.as_of if source else "",
            "matched_question": _matched(question, source) if source else "",
            "suggestions": list(map(suggestion_object, reply.suggestions)),
            "status": reply.status,
        },
        ensure_ascii=False,
    )


def _matched(question: str, source: Source) -> str:
    """The known question; empty where it is one that somebody asked, which may be private."""
    return source.question or ("" if source.similar else question)
