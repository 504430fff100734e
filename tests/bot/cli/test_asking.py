"""What `reactune ask` shows, and how somebody chooses on the terminal."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from bot.answering.choices import ChoiceService
from bot.cli import asking, main
from bot.domains import Domain
from bot.messages import Reply
from bot.settings import Settings
from bot.texts import say
from storage.database import Database
from storage.pairs import Pairs
from storage.picks import Picks
from tests.bot.conftest import DOMAINS
from tests.bot.knowledge.test_retriever import VAT, taught
from tests.support.fakes import FakeEngine, saying

UNSURE = f"일본의 {VAT}"  # one word more: VAT is offered
APPROVED = "7월 25일까지입니다."
FOOTER = f"✅ 확인됨 · 근거: 부가가치세법 (2025-01-01 기준, ‘{VAT}’에 대한 답)"
DRAFT, BELOW = say("draft", "ko"), say("unverified", "ko")


class Terminal:
    """Somebody who types these lines, None ending the input; nobody where there are none."""

    def __init__(self, *lines: str | None) -> None:
        self.lines = list(lines)
        self.prompts: list[str] = []
        self.shown: list[str] = []

    async def choose(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        return self.lines.pop(0)

    @property
    def text(self) -> str:
        return "".join(self.shown)


Ask = Callable[[Terminal, str], "asyncio.Future[Reply]"]


@pytest.fixture
async def ask(database: Database, messages, retriever, answers_of, monkeypatch) -> Ask:
    """A bot that knows VAT and else drafts "모름 모름"."""
    return await asks(database, messages, retriever, answers_of, monkeypatch)


async def asks(
    database: Database,
    messages,
    retriever,
    answers_of,
    monkeypatch,
    engine: FakeEngine | None = None,
    domain: Domain = DOMAINS["tax-ko"],
) -> Ask:
    """The same around another engine, or with other rules. What has nothing to do with VAT has
    nothing to do with the other pairs either, so that nothing is offered."""
    await Pairs(database).teach([taught(), *(taught(text, text) for text in "ABC")])
    answers = answers_of(engine or saying("모름 모름"))
    choices = ChoiceService(
        answers, conversations=messages, pairs=Pairs(database), picks=Picks(database),
        retriever=retriever, model="fake", is_teacher=lambda *_: False,
    )  # fmt: skip
    settings = Settings(_env_file=None, starter=False)

    @asynccontextmanager
    async def opened(_: Settings) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(
            settings=settings, answers=answers, choices=choices, domains={"tax-ko": domain},
            data=SimpleNamespace(retriever=retriever),
        )  # fmt: skip

    monkeypatch.setattr(asking, "open_app", opened)

    async def ask(terminal: Terminal, text: str) -> Reply:
        choose = terminal.choose if terminal.lines else None
        return await asking.ask(settings, text, "tax-ko", terminal.shown.append, choose)

    return ask


async def test_a_verified_answer_stands_above_what_it_rests_on(ask: Ask):
    """No mark is above it."""
    terminal = Terminal()
    reply = await ask(terminal, VAT)
    assert reply.outcome == "verified"
    assert terminal.text == f"{APPROVED}\n\n✅ 확인됨 · 근거: 부가가치세법 (2025-01-01 기준)"


async def test_a_draft_is_marked_before_its_first_word(ask: Ask):
    """And around it: the way to teach stands below."""
    terminal = Terminal()
    reply = await ask(terminal, "Who wins?")
    assert reply.outcome == "unverified"
    assert terminal.shown[0] == f"{DRAFT}\n\n"
    assert terminal.text == f"{DRAFT}\n\n모름 모름\n\n{BELOW}"


async def test_a_draft_is_marked_while_it_grows(
    database: Database, messages, retriever, answers_of, monkeypatch
):
    """Whoever reads along knows from the first word on; the mark is there once."""
    engine = FakeEngine(lambda _: "하나 둘 셋", pace_s=0.12)
    ask = await asks(database, messages, retriever, answers_of, monkeypatch, engine)
    terminal = Terminal()
    await ask(terminal, "Who wins?")
    assert len(terminal.shown) > 3  # it came in pieces
    assert terminal.text == f"{DRAFT}\n\n하나 둘 셋\n\n{BELOW}"


async def test_what_was_printed_before_it_turned_out_a_link_is_followed_by_the_whole(
    database: Database, messages, retriever, answers_of, monkeypatch
):
    """A terminal takes nothing back: no half of one text goes on with half of another."""
    engine = FakeEngine(lambda _: "하나 [국세청 사이트](https://evil.example) 둘", pace_s=0.12)
    ask = await asks(database, messages, retriever, answers_of, monkeypatch, engine)
    terminal = Terminal()
    reply = await ask(terminal, "Who wins?")
    assert reply.text == "하나 국세청 사이트 (evil.example) 둘"
    assert f"하나 [국세청\n\n{reply.text}\n\n" in terminal.text


async def test_where_drafts_are_answers_like_others_none_is_marked(
    database: Database, messages, retriever, answers_of, monkeypatch
):
    """``unknown = "answer"`` in the domain's file."""
    plain = DOMAINS["tax-ko"].model_copy(update={"unknown": "answer"})
    ask = await asks(database, messages, retriever, answers_of, monkeypatch, domain=plain)
    terminal = Terminal()
    await ask(terminal, "Who wins?")
    assert terminal.text == "모름 모름"


async def test_a_number_gives_that_questions_answer(ask: Ask):
    """With its source, and the question that it was approved for."""
    terminal = Terminal("1")
    reply = await ask(terminal, UNSURE)
    assert terminal.text.startswith(f"{say('did_you_mean', 'ko')}\n1. {VAT} (다른 점: 일본)")
    assert terminal.text.endswith(f"{APPROVED}\n\n{FOOTER}")
    assert terminal.prompts == [say("choose_number", "ko", most=1)]
    assert reply.outcome == "verified"


async def test_0_means_none_of_these(ask: Ask):
    """The model drafts, marked; nothing is offered again."""
    terminal = Terminal("0")
    reply = await ask(terminal, UNSURE)
    assert terminal.text.endswith(f"{DRAFT}\n\n모름 모름\n\n{BELOW}")
    assert (reply.outcome, len(terminal.prompts)) == ("unverified", 1)


async def test_what_is_no_number_of_a_choice_is_asked_for_again(ask: Ask):
    """Nothing is picked by mistake."""
    terminal = Terminal("2", "-1", "하나", "²", "1")
    reply = await ask(terminal, UNSURE)
    assert (reply.outcome, len(terminal.prompts)) == ("verified", 5)


@pytest.mark.parametrize("line", ["", None])
async def test_nothing_typed_leaves_the_choice_open(ask: Ask, database: Database, line: str | None):
    """An empty line and the end of the input alike; nobody is asked again, nothing is learned."""
    terminal = Terminal(line)
    reply = await ask(terminal, UNSURE)
    assert (reply.outcome, len(terminal.prompts)) == ("suggested", 1)
    assert await Picks(database).offered([reply.id])


async def test_without_a_terminal_nobody_is_asked(ask: Ask):
    """The choices are printed all the same."""
    terminal = Terminal()
    reply = await ask(terminal, UNSURE)
    assert reply.outcome == "suggested"
    assert f"1. {VAT}" in terminal.text
    assert terminal.prompts == []


@pytest.mark.parametrize(
    ("terminal", "as_json", "asked"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_only_somebody_at_a_terminal_is_asked(
    terminal: bool, as_json: bool, asked: bool, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    """A program that reads JSON is nobody."""
    chosen = []

    async def pretend(*given) -> Reply:
        chosen.append(given[-1])
        return Reply(1, 1, "a", "done", verified=False)

    monkeypatch.setattr(asking, "ask", pretend)
    monkeypatch.setattr(main, "configure_logs", lambda _: None)
    monkeypatch.setattr(main.sys, "stdin", SimpleNamespace(isatty=lambda: terminal))
    monkeypatch.setenv("REACTUNE_HOME", str(tmp_path))
    main.ask("q", as_json=as_json)
    assert chosen == [asking.typed if asked else None]


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch):
    """A terminal of its own in place of standard input; its other end."""
    other, terminal = os.openpty()
    with os.fdopen(terminal, encoding="utf-8") as stdin:
        monkeypatch.setattr(asking.sys, "stdin", stdin)
        yield other
    os.close(other)


async def test_a_line_is_read_from_the_terminal(keyboard: int, capsys: pytest.CaptureFixture[str]):
    """Without blanks around it; the prompt has a line of its own."""
    os.write(keyboard, b" 2 \n")
    assert await asking.typed("번호:") == "2"
    assert capsys.readouterr().out == "\n번호: "


async def test_the_end_of_the_input_is_no_line(keyboard: int):
    """Ctrl-D; an empty line is one."""
    os.write(keyboard, b"\x04")
    assert await asking.typed("?") is None
    os.write(keyboard, b"\n")
    assert await asking.typed("?") == ""


async def test_whoever_waits_for_a_line_can_be_stopped(keyboard: int):
    """By the first Ctrl-C; the bot goes on meanwhile."""
    waiting = asyncio.create_task(asking.typed("?"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_suggestions_are_objects_in_json(ask: Ask):
    """Question, source and date of each, with the words that differ, and no answer yet."""
    reply = await ask(Terminal(), UNSURE)
    told = json.loads(asking.as_json(UNSURE, reply, "tax-ko"))
    assert (told["outcome"], told["verified"], told["matched_question"]) == ("suggested", False, "")
    [suggestion] = told["suggestions"]
    assert suggestion == {
        "question": VAT, "source": "부가가치세법", "as_of": "2025-01-01", "differences": ["일본"],
    }  # fmt: skip
