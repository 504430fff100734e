"""What the short commands do: ask once, evaluate a file."""

import getpass
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from bot.domains import load_domains
from bot.evaluate import Asked, Report, ask_rows, read_rows, summarize
from bot.messages import Incoming, Reply, UnansweredError
from bot.settings import Settings
from bot.texts import say
from bot.wiring import check_domain, open_app


async def ask(
    settings: Settings, text: str, domain: str | None, show: Callable[[str], None]
) -> Reply:
    """Answer ``text`` in a conversation of its own; ``show`` gets each piece as it comes.

    Raises RefusedError and UnansweredError.
    """
    domain = domain or settings.domain
    async with open_app(settings) as app:
        check_domain(domain, app.domains)
        incoming = Incoming("cli", "cli", uuid.uuid4().hex, _user(), text, domain)
        answer = await app.answers.ask(incoming)
        shown = 0
        async for so_far in answer.updates(every=0.05):
            show(so_far[shown:])
            shown = max(shown, len(so_far))
        reply = await answer.finished()
    if reply is None or reply.status == "failed":
        reference = f"Q{answer.question_id}"
        raise UnansweredError(say("failed", settings.language, reference=reference))
    return reply


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as an id without a name
        return str(os.getuid())


def as_json(question: str, reply: Reply, domain: str) -> str:
    """One answer as the object that ``ask --json`` prints."""
    return json.dumps(
        {
            "question": question,
            "answer": reply.text,
            "domain": domain,
            "verified": reply.verified,
            "status": reply.status,
        },
        ensure_ascii=False,
    )


async def evaluate(settings: Settings, file: Path, show: Callable[[str], None]) -> Report:
    """Ask every row of ``file``; ``show`` gets a line for each. Raises SettingsError."""
    rows = read_rows(file, load_domains(settings.home))
    asked: list[Asked] = []
    async with open_app(settings) as app:
        async for row in ask_rows(app.engine, app.domains, rows, settings.domain):
            asked.append(row)
            show(f"{'✓' if row.right else '✗'} {len(asked)}/{len(rows)} {row.question}")
    return summarize(asked)
