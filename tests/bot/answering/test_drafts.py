"""When the model may write a draft."""

import pytest

from bot.answering.drafts import may_draft
from bot.answering.responder import Responder
from bot.domains import Unknown
from bot.feedback.corrections import CorrectionService
from bot.knowledge.retriever import Retriever
from bot.texts import say
from engine.adapters.published import AdapterVersion
from engine.model.prompt import PromptFormat
from tests.bot.answering.test_unknown_questions import VAT
from tests.bot.conftest import DOMAINS, incoming
from tests.support.fakes import FakeEngine, saying

AUTO = {"tax-ko": DOMAINS["tax-ko"].model_copy(update={"unknown": "auto"})}


@pytest.mark.parametrize(
    ("unknown", "is_chat_model", "has_live_version", "speaks"),
    [
        ("auto", False, False, False),
        ("auto", True, False, True),
        ("auto", False, True, True),
        ("auto", True, True, True),
        ("mark", False, False, True),
        ("answer", False, False, True),
        ("abstain", True, True, False),
    ],
)
def test_the_setting_decides_and_auto_asks_whether_it_was_earned(
    unknown: Unknown, is_chat_model: bool, has_live_version: bool, speaks: bool
):
    """By a chat template or by a version that is live; no other setting asks."""
    found = may_draft(unknown, is_chat_model=is_chat_model, has_live_version=has_live_version)
    assert found is speaks


async def test_a_bare_base_model_keeps_silent(retriever: Retriever):
    """The text says so, and how to teach it."""
    engine = saying("지어낸 답")
    response = await Responder(engine, retriever, AUTO).respond("tax-ko", VAT, (), "ko")
    assert (response.text, response.outcome) == (say("abstained", "ko"), "abstained")
    assert engine.prompts == []


async def test_a_chat_model_drafts(retriever: Retriever):
    """It was made for answering."""
    response = await Responder(ChatEngine(), retriever, AUTO).respond("tax-ko", VAT, (), "ko")
    await response.read()
    assert (response.text, response.outcome) == ("초안", "unverified")


async def test_a_model_drafts_from_the_question_after_its_version_went_live(retriever: Retriever):
    """And keeps silent again after a roll back to the base model."""
    engine = saying("초안")
    await engine.start([AdapterVersion("tax-ko-1", None)])  # type: ignore[arg-type]
    live: list[str | None] = [None]
    responder = Responder(engine, retriever, AUTO, lambda _: live[0])
    outcomes = []
    for live[0] in (None, "tax-ko-1", None):
        response = await responder.respond("tax-ko", VAT, (), "ko")
        await response.read()
        outcomes.append(response.outcome)
    assert outcomes == ["abstained", "unverified", "abstained"]


@pytest.mark.parametrize("unknown", ["auto", "abstain"])
async def test_a_correction_of_no_answer_is_knowledge(
    answers_of, correction_service: CorrectionService, monkeypatch: pytest.MonkeyPatch, unknown
):
    """From the next question on."""
    silent = DOMAINS["tax-ko"].model_copy(update={"unknown": unknown})
    monkeypatch.setitem(DOMAINS, "tax-ko", silent)
    answers = answers_of(saying("지어낸 답"))
    reply = await (await answers.ask(incoming(VAT, thread="a"))).finished()
    assert reply.status == "abstained"
    await correction_service.correct(reply.id, "web:a", "7월 25일까지입니다.", "ko")
    again = await (await answers.ask(incoming(VAT, thread="b"))).finished()
    assert (again.text, again.verified) == ("7월 25일까지입니다.", True)


class ChatEngine(FakeEngine):
    """A model that comes with a chat template."""

    def __init__(self) -> None:
        super().__init__(lambda _: "초안")

    @property
    def format(self) -> PromptFormat:
        return PromptFormat("{{ messages[-1]['content'] }}")
