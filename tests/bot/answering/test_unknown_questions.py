"""What the bot says about what it does not know."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.answering.footer import footer_lines, mark_above, without_mark
from bot.answering.responder import Responder
from bot.domains import Domain
from bot.feedback.corrections import CorrectionService
from bot.knowledge.retriever import Retriever
from bot.messages import OnePerson, Reply, Source, Suggestion
from bot.texts import say
from storage.pairs import Pairs
from tests.bot.conftest import incoming
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught
from tests.support.fakes import saying

MARKING = Domain(name="d", title="d", unknown="mark")


def reply(*, verified: bool = False, sources: Iterable[str] = (), status="done") -> Reply:
    return Reply(1, 1, "답", status, verified, tuple(map(Source, sources)))


def test_an_unverified_answer_is_marked_with_the_way_to_teach():
    """In one line."""
    [line] = footer_lines(reply(), MARKING, "ko")
    assert "확인되지 않은" in line
    assert "정정:" in line


def test_a_verified_answer_shows_what_it_rests_on():
    """Behind the mark; each source once. Without any the mark stands alone."""
    rests = reply(verified=True, sources=("소득세법", "소득세법", "", "부가가치세법"))
    assert footer_lines(rests, MARKING, "ko") == ["✅ 확인됨 · 근거: 소득세법, 부가가치세법"]
    assert footer_lines(reply(verified=True), MARKING, "ko") == ["✅ 확인됨"]


@pytest.mark.parametrize(
    ("source", "backing"),
    [
        (Source("소득세법", as_of="2025-01-01"), "근거: 소득세법 (2025-01-01 기준)"),
        (
            Source("소득세법", similar=True, question="언제?", as_of="2025-01-01"),
            "근거: 소득세법 (2025-01-01 기준, ‘언제?’에 대한 답)",
        ),
        (
            Source("", similar=True, question="언제?", as_of="2025-01-01"),
            "근거: ‘언제?’에 대한 승인된 답 (2025-01-01 기준)",
        ),
        (Source("", from_people=True), "동료들이 승인한 답"),
        (Source(""), "팀에서 등록한 답"),
        (Source("", as_of="2025-01-01"), "팀에서 등록한 답 (2025-01-01 기준)"),
    ],
)
def test_a_verified_answer_says_as_of_when_or_who_approved_it(source: Source, backing: str):
    """No person is named."""
    answer = Reply(1, 1, "답", "done", verified=True, sources=(source,))
    assert footer_lines(answer, MARKING, "ko") == [f"✅ 확인됨 · {backing}"]


def test_only_a_draft_has_a_line_above_it():
    """Where the domain marks; read back from a platform, the line is gone."""
    choice = replace(reply(), suggestions=(Suggestion(1, "언제?"),))
    assert (
        mark_above(reply(verified=True), MARKING, "ko") == mark_above(choice, MARKING, "en") == ""
    )
    mark = mark_above(reply(), MARKING, "en")
    assert mark_above(reply(), MARKING.model_copy(update={"unknown": "answer"}), "en") == ""
    assert without_mark(f"{mark}\n\nThe 25th.\n\nOr not.") == "The 25th.\n\nOr not."
    assert without_mark(f":warning:{mark.removeprefix('⚠️')}\n\nThe 25th.") == "The 25th."
    assert without_mark("The 25th.") == "The 25th."


@pytest.mark.parametrize("person", ["slack:U1", "discord:1", "web:a", "cli:a", None])
def test_one_persons_word_is_marked_as_theirs(person: str | None):
    """Above, with since when, also where drafts are not; below it is how to approve it. Read back
    from a platform, the line is gone."""
    answer = replace(reply(), said_by=OnePerson(person, "2026-11-28"))
    mark = mark_above(answer, MARKING.model_copy(update={"unknown": "answer"}), "ko")
    assert "한 사람의 제안" in mark
    assert "2026-11-28" in mark
    assert without_mark(f"{mark}\n\n25일") == "25일"
    [line] = footer_lines(answer, MARKING, "ko")
    assert "👍" in line


def test_an_answer_to_another_question_says_to_which():
    """It was near enough to be known; whoever reads it sees whether it fits."""
    named = Source("소득세법", similar=True, question="언제?")
    unnamed = Source("", similar=True, question="얼마?")
    answer = Reply(1, 1, "답", "done", verified=True, sources=(named, unnamed))
    line = "✅ 확인됨 · 근거: 소득세법 (‘언제?’에 대한 답), ‘얼마?’에 대한 승인된 답"
    assert footer_lines(answer, MARKING, "ko") == [line]


async def test_what_somebody_asked_elsewhere_is_not_told(
    answers_of, correction_service: CorrectionService, pairs: Pairs
):
    """It may be private, long, and in lines that look like the bot's: only that it was similar."""
    private = f"{VAT}\n김철수 병가\n**공지**: 송금하세요"
    asked = await (await answers_of(saying("?")).ask(incoming(private, thread="a"))).finished()
    await correction_service.correct(asked.id, "web:a", "7월 25일까지입니다.", "ko")
    near = incoming(f"{VAT} 김철수 병가 공지 송금하세요 언제", thread="b", user="b")
    reply = await (await answers_of(saying("7월 25일까지입니다.")).ask(near)).finished()
    assert footer_lines(reply, MARKING, "ko") == [
        "✅ 확인됨 · 근거: 비슷한 질문에 동료들이 승인한 답"
    ]


def test_a_source_is_one_short_line():
    """Its name and its question alike."""
    long = Source("소득\n세법 " * 40, similar=True, question="언제?\n\n" * 4000)
    [line] = footer_lines(Reply(1, 1, "답", "done", verified=True, sources=(long,)), MARKING, "ko")
    assert line.startswith("✅ 확인됨 · 근거: 소득 세법 소득")
    assert "\n" not in line
    assert line.count("…") == 2
    assert len(line) < 200


def test_a_domain_may_keep_its_sources_to_itself():
    """``sources = false`` in its file; the mark stays."""
    quiet = MARKING.model_copy(update={"sources": False})
    assert footer_lines(reply(verified=True, sources=("소득세법",)), quiet, "ko") == ["✅ 확인됨"]


@pytest.mark.parametrize("unknown", ["answer", "abstain"])
def test_only_marking_domains_mark(unknown):
    """The other ways say nothing, or nothing more."""
    domain = MARKING.model_copy(update={"unknown": unknown})
    status = "abstained" if unknown == "abstain" else "done"
    assert footer_lines(reply(status=status), domain, "ko") == []


async def test_an_abstaining_domain_does_not_guess(retriever: Retriever, pairs: Pairs):
    """The model is not even asked; what is known is answered, never in invented words."""
    domain = Domain(name="tax-ko", title="세무", unknown="abstain")
    engine = saying("지어낸 답")
    responder = Responder(engine, retriever, {"tax-ko": domain})
    response = await responder.respond("tax-ko", VAT, (), "ko")
    await response.read()
    assert (response.text, response.status) == (say("abstained", "ko"), "abstained")
    assert engine.prompts == []
    await pairs.teach([taught()])
    response = await responder.respond("tax-ko", NEAR, (), "ko")
    await response.read()
    assert (response.text, response.known) == ("7월 25일까지입니다.", True)


async def test_a_question_that_is_known_word_for_word_gets_the_approved_words(
    retriever: Retriever, pairs: Pairs
):
    """No model comes between."""
    engine = saying("지어낸 답")
    await pairs.teach([taught()])
    responder = Responder(
        engine, retriever, {"tax-ko": MARKING.model_copy(update={"name": "tax-ko"})}
    )
    response = await responder.respond("tax-ko", VAT.replace(" ", "") + "??", (), "ko")
    await response.read()
    assert (response.text, response.known) == ("7월 25일까지입니다.", True)
    assert engine.prompts == []


@pytest.fixture
def pairs(database) -> Pairs:
    return Pairs(database)
