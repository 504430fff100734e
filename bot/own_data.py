"""Commands about what is stored about oneself: see it, have it forgotten."""

import json
import time
from collections import Counter
from collections.abc import Callable

from bot.admin import Caller, Command
from bot.texts import say
from storage.people import People

_CONFIRM_S = 120.0
_SHOWN_CHARS = 1500  # a message on Discord holds 2,000


def my_data_command(people: People) -> Command:
    """/my-data: how much is stored about the caller, and the latest of it."""

    async def run(caller: Caller) -> str:
        things = [thing async for thing in people.data(caller.person)]
        if not things:
            return say("mydata_empty", caller.language)
        counts = Counter(str(thing["kind"]) for thing in things)
        things.sort(key=lambda thing: str(thing["created_at"]), reverse=True)
        lines: list[str] = []
        for thing in things:
            line = json.dumps(thing, ensure_ascii=False)
            if sum(map(len, lines)) + len(line) > _SHOWN_CHARS:
                break
            lines.append(line)
        return say(
            "mydata",
            caller.language,
            person=caller.person,
            lines="\n".join(lines),
            shown=len(lines),
            total=len(things),
            question=counts["question"],
            label=counts["label"],
            correction=counts["correction"],
            pair=counts["pair"],
        )

    return Command("my-data", admins_only=False, run=run)


def forget_command(people: People, clock: Callable[[], float] = time.monotonic) -> Command:
    """/forget-me: typed twice within two minutes, everything of the caller is removed."""
    asked: dict[str, float] = {}

    async def run(caller: Caller) -> str:
        now = clock()
        if now - asked.pop(caller.person, -_CONFIRM_S) < _CONFIRM_S:
            return say("forgotten", caller.language, **await people.forget(caller.person))
        asked[caller.person] = now
        for person in [p for p, at in asked.items() if now - at >= _CONFIRM_S]:
            del asked[person]
        return say("forget_confirm", caller.language)

    return Command("forget-me", admins_only=False, run=run)
