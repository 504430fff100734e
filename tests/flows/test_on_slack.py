"""A team uses the whole program on Slack."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.texts import say
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import BOT_TOKEN, FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown
from tests.flows.conftest import Running, Served, tokens, verdicts
from tests.support.waiting import until

pytestmark = pytest.mark.slow  # the whole program starts

DRAFT = f"{say('draft', 'ko')}\n\n"
START_S = 90.0  # of the real program and its model on a busy machine


async def asked_and_liked(slack: FakeSlack, database: Path) -> str:
    """Somebody asks, reads the answer and likes it; what they read."""
    people = People(slack)
    asked = await people.asks("부가가치세 신고는 언제 하나요?")
    done = "reactune_feedback"
    await until(lambda: [m for m in slack.thread(GENERAL, asked) if done in buttons(m)], START_S)
    answer = slack.thread(GENERAL, asked)[-1]
    await people.reacts("+1", answer["ts"], user="U2")
    await until(lambda: verdicts(database) == [("slack:U2", 1.0)])
    return shown(answer)


async def test_a_question_an_answer_and_a_reaction(
    served: Callable[..., Served], slack: FakeSlack, tmp_path: Path
):
    """From the mention to the label in the database, until SIGTERM ends it cleanly."""
    async with served(**tokens(slack)) as bot:
        await until(lambda: "Ready on slack: Slack team Acme as @reactune" in bot.output)
        assert await asked_and_liked(slack, bot.database) == f"{DRAFT}7월 25일까지입니다."
        os.kill(os.getpid(), signal.SIGTERM)
    assert bot.output[-1] == "Stopped."
    assert not slack.sockets


async def test_who_asks_when_it_is_stopped_is_told(served: Callable[..., Served], slack: FakeSlack):
    """They get what there is of the answer."""
    async with served(**tokens(slack), SHUTDOWN_GRACE_S="0") as bot:
        bot.engine.hold(after_words=1)
        asked = await People(slack).asks("언제?")
        await until(lambda: slack.thread(GENERAL, asked))
        os.kill(os.getpid(), signal.SIGTERM)
    (answer,) = slack.thread(GENERAL, asked)
    assert shown(answer) == f"{DRAFT}7월"
    assert "멈췄습니다" in str(answer["blocks"])


async def test_the_real_program_killed_and_started_again_goes_on(
    running: Callable[..., Running], slack: FakeSlack, tmp_path: Path
):
    """The same as a process of its own with its model, told by nothing but its environment. What
    was asked while it was away is answered, and a reaction of that time counts."""
    database = tmp_path / "data" / "reactune.db"
    people = People(slack)
    first = running(**tokens(slack))
    await until(lambda: "Ready on slack" in first.output, START_S)
    assert await asked_and_liked(slack, database)
    first.process.kill()
    await until(lambda: first.process.poll() is not None and not slack.sockets)
    slack.gives_up = True
    (answer,) = [ts for (_, ts), m in slack.messages.items() if "reactune_feedback" in buttons(m)]
    await people.reacts("-1", answer, user="U3")
    missed = await people.asks("복식부기란 무엇인가요?")
    slack.gives_up = False
    second = running(**tokens(slack))
    await until(
        lambda: any("reactune_feedback" in buttons(m) for m in slack.thread(GENERAL, missed)),
        START_S,
    )
    await until(lambda: verdicts(database) == [("slack:U2", 1.0), ("slack:U3", -1.0)])
    second.process.send_signal(signal.SIGTERM)
    await until(lambda: second.process.poll() is not None, START_S)
    assert second.process.returncode == 0
    assert "Stopped." in second.output
    assert BOT_TOKEN not in first.output + second.output
    assert "Traceback" not in first.output + second.output


async def test_a_wrong_token_ends_the_start_in_one_line(
    served: Callable[..., Served], slack: FakeSlack
):
    """It names the setting and where the right token is."""
    with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN: .* OAuth & Permissions"):
        async with served(**tokens(slack) | {"SLACK_BOT_TOKEN": "xoxb-wrong"}):
            pass
