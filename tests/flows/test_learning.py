"""A team on Slack teaches the bot until a round starts by itself, and gets a better one."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from bot.platforms.slack.blocks import FEEDBACK, NONE, ROLL_BACK
from bot.texts import say
from tests.bot.platforms.slack.fake.people import People
from tests.bot.platforms.slack.fake.server import Args, FakeSlack
from tests.bot.platforms.slack.fake.workspace import GENERAL, buttons, shown, small_print
from tests.flows.conftest import Run, Running, tokens
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
ADMIN_CHANNEL = "C2"
# Together TRAIN_EVERY labels; each correction has two: its author's, and who agrees.
TAUGHT, CORRECTED, LIKED = 40, 3, 4
ANSWER_S, ROUND_S = 120.0, 800.0
NOT_TAUGHT = "회의실 예약은 어떻게 하나요?"  # near to nothing: an answer of the model's own


def facts() -> list[dict[str, str]]:
    """The starter pack, the shortest first: they train fastest."""
    with (ROOT / "domains" / "tax-ko.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return sorted(rows, key=lambda row: len(row["question"] + row["answer"]))


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """What the office knows already: facts of the starter pack."""
    path = tmp_path / "known.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in islice(facts(), TAUGHT)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def settings(slack: FakeSlack, environment: dict[str, str]) -> dict[str, str]:
    """An admin with a channel; two golden questions, so that it does not take for ever."""
    slack.channels[ADMIN_CHANNEL] = {"name": "admins", "is_member": True}
    slack.users["U9"] = {"profile": {"display_name": "관리자"}}
    domains = Path(environment["REACTUNE_HOME"]) / "domains"
    domains.mkdir(parents=True)
    golden = (ROOT / "domains" / "tax-ko.golden.jsonl").read_text(encoding="utf-8").splitlines()
    (domains / "tax-ko.golden.jsonl").write_text("\n".join(golden[:2]), encoding="utf-8")
    return tokens(slack) | {"ADMINS": "slack:U9", "ADMIN_CHANNEL": f"slack:{ADMIN_CHANNEL}"}


class Office:
    """What people at the office do, and what they read."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.people = People(slack)

    async def answer(self, question: str, user: str = "U1") -> Args:
        message = await self.reply(question, user)
        while NONE in buttons(message):  # what else is known is not meant
            await self.people.clicks(NONE, NONE, message["ts"], user=user)
            await until(lambda: FEEDBACK in buttons(message), ANSWER_S)
        return message

    async def reply(self, question: str, user: str) -> Args:
        """An answer, or the choice of questions that are offered instead."""
        asked = await self.people.asks(question, user=user)
        (message,) = await until(
            lambda: [
                m for m in self.slack.thread(GENERAL, asked) if {FEEDBACK, NONE} & set(buttons(m))
            ],
            ANSWER_S,
        )
        return message

    async def correct(self, question: str, right: str, user: str) -> None:
        """Ask, and say what the answer should have been; somebody else agrees, and it is known."""
        message = await self.reply(question, user)
        thread = message["thread_ts"]
        before = len(self.slack.thread(GENERAL, thread))
        await self.people.says(f"정정: {right}", user=user, thread=thread)
        await until(lambda: len(self.slack.thread(GENERAL, thread)) > before)
        await self.people.reacts("+1", self.slack.thread(GENERAL, thread)[-1]["ts"], user="U5")

    async def like(self, question: str, user: str) -> None:
        message = await self.answer(question, user)
        await self.people.reacts("+1", message["ts"], user=user)

    def report(self) -> Args | None:
        reports = [m for m in self.slack.posted(ADMIN_CHANNEL) if ROLL_BACK in buttons(m)]
        return reports[0] if reports else None


def round_in(database: Path) -> dict[str, object]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        ((report,),) = db.execute("SELECT report FROM rounds").fetchall()
    return json.loads(report)


async def test_fifty_labels_make_a_better_version_and_there_is_a_way_back(
    reactune: Run, running: Callable[..., Running], slack: FakeSlack,
    settings: dict[str, str], known: Path, tmp_path: Path,
):  # fmt: skip
    """Asked, corrected, liked; trained, judged, promoted, reported; rolled back by a button."""
    taught = reactune("teach", str(known))
    assert taught.returncode == 0, taught.stderr
    bot, office = running(**settings), Office(slack)
    await until(lambda: "Ready on slack" in bot.output, ANSWER_S)
    before = shown(await office.answer(NOT_TAUGHT))

    new_facts = islice(facts(), TAUGHT, TAUGHT + CORRECTED)
    for n, row in enumerate(new_facts):
        await office.correct(row["question"], row["answer"], f"U{n % 3 + 2}")
    for n, row in enumerate(islice(facts(), LIKED)):
        assert office.report() is None
        await office.like(row["question"], f"U{n % 3 + 2}")

    report = await until(office.report, ROUND_S)
    assert "tax-ko-1" in shown(report)
    outcome = round_in(tmp_path / "data" / "reactune.db")
    assert outcome["verdict"] == "promoted"
    assert outcome["nll"]["candidate"] < outcome["nll"]["base"]
    after = shown(await office.answer(NOT_TAUGHT))
    assert after != before

    (value,) = [
        e["value"] for b in report["blocks"] for e in b.get("elements", ())
        if e.get("action_id") == ROLL_BACK
    ]  # fmt: skip
    await office.people.clicks(ROLL_BACK, value, report["ts"], user="U9", channel=ADMIN_CHANNEL)
    base = say("base_model", "ko")
    undone = say("training_rolled_back", "ko", by="관리자", version=base)
    await until(lambda: undone in small_print(report))
    assert shown(await office.answer(NOT_TAUGHT)) == before
    assert bot.end() == 0
    assert "Traceback" not in bot.output
