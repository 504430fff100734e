"""Counting right answers."""

import json
from pathlib import Path

import pytest

from bot.answering.responder import Responder
from bot.domains import Domain
from bot.errors import FileError
from bot.evaluation.question_file import Case, CaseResult, ask_rows, read_rows, summarize
from bot.knowledge.retriever import Retriever
from engine.gate.golden import occurs
from storage.database import Database
from storage.pairs import Pairs
from tests.bot.knowledge.test_retriever import VAT, taught
from tests.support.fakes import saying

PACK = Path(__file__).parents[3] / "domains"
TAX = Domain(name="tax-ko", title="세무", unknown="mark")
DOMAIN = Domain(name="d", title="d", unknown="mark")


def asked(*, known: bool, right: bool) -> CaseResult:
    outcome = "verified" if known else "unverified"
    return CaseResult("q", "a", known, outcome, "", right=right, seconds=1.0, tokens=1)


@pytest.mark.parametrize(
    ("must", "answer", "right"),
    [
        ("1%", "세율은 1%입니다.", True),
        ("1%", "세율은 41%입니다.", False),
        ("1%", "세율은 0.1%입니다.", False),
        ("1월 25일", "11월 25일", False),
        ("1월 25일", "1월,7월 그리고 1월 25일", True),
        ("7월 25일", "1월 25일,7월 25일", True),
        ("000원", "3,000원", False),
        ("제30", "제30조", True),
        ("제30", "제305조", False),
        ("제30", "제305조와 제30조", True),
        ("10", "10,000원", False),
        ("2025", "2025.7.25", True),
        ("10", "10.", True),
        ("(1+1)", "a(1+1)b", True),
    ],
)
async def test_a_number_is_not_found_inside_a_longer_one(must: str, answer: str, right: bool):
    """What else stands around it does not matter."""
    responder = Responder(saying(answer), None, {"d": DOMAIN})
    row = Case(question="q", must=(must,))
    [found] = [a async for a in ask_rows(responder, [row], "d", "ko")]
    assert found.right is right


def test_one_answer_of_the_pack_passes_a_question_in_other_words():
    """The one that was meant: what the file asks for occurs in it, and together in no other."""
    pairs = [json.loads(line) for line in (PACK / "tax-ko.jsonl").read_text().splitlines()]
    for row in read_rows(PACK / "tax-ko.unseen.jsonl", {"tax-ko": DOMAIN}):
        right = [p for p in pairs if all(occurs(must, p["answer"]) for must in row.must)]
        assert len(right) == (1 if row.must else len(pairs)), row


def test_what_should_be_known_is_also_counted_alone():
    """Many questions that should stay unverified cannot hide wrong answers."""
    report = summarize(
        [
            asked(known=True, right=True),
            asked(known=True, right=False),
            asked(known=False, right=True),
            asked(known=False, right=True),
        ]
    )
    assert str(report).startswith("3 of 4 right (75%); known right 50%")
    figures = json.loads(report.as_json())
    assert (figures["right"], figures["accuracy"]) == (3, 0.75)
    assert (figures["known_right"], figures["known_accuracy"]) == (1, 0.5)


def test_without_rows_that_should_be_known_there_is_no_such_share():
    """Neither 0 nor 1."""
    report = summarize([asked(known=False, right=True)])
    assert report.known_accuracy is None
    assert "known right" not in str(report)


async def test_a_question_counts_as_suggested_right_when_the_right_pair_is_offered(
    retriever: Retriever, database: Database
):
    """It is no right answer yet; rows that no pair answers never count."""
    await Pairs(database).teach([taught()])
    responder = Responder(saying("모름"), retriever, {"tax-ko": TAX})
    rows = [
        Case(question=f"일본의 {VAT}", must=("7월 25일",)),
        Case(question=f"일본의 {VAT}", must=("8월 25일",)),
        Case(question=f"일본의 {VAT}", expect="unverified"),
        Case(question=VAT, must=("7월 25일",)),
    ]
    report = summarize([a async for a in ask_rows(responder, rows, "tax-ko", "ko")])
    found = json.loads(report.as_json())
    outcomes = ["suggested", "suggested", "suggested", "verified"]
    assert [a["outcome"] for a in found["answers"]] == outcomes
    assert [a["suggested_right"] for a in found["answers"]] == [True, False, False, False]
    assert [a["right"] for a in found["answers"]] == [False, False, True, True]
    assert found["answers"][0]["suggestions"] == [
        {
            "question": VAT,
            "source": "부가가치세법",
            "as_of": "2025-01-01",
            "differences": ["일본"],
        }
    ]
    assert (found["answers"][3]["source"], found["answers"][3]["as_of"]) == (
        "부가가치세법",
        "2025-01-01",
    )
    assert (found["suggested_right"], found["right_or_suggested"]) == (1, 0.6667)
    assert "right or suggested 67%" in str(report)


@pytest.mark.parametrize("must", ["하나", "승인된"])
async def test_our_own_words_in_place_of_an_answer_are_never_right(
    must: str, retriever: Retriever, database: Database
):
    """Whatever strings stand in them."""
    await Pairs(database).teach([taught()])
    silent = TAX.model_copy(update={"unknown": "abstain"})
    nothing_known = silent.model_copy(update={"name": "d"})
    responder = Responder(saying("모름"), retriever, {"tax-ko": silent, "d": nothing_known})
    rows = [Case(question=f"일본의 {VAT}", must=(must,), domain=name) for name in ("tax-ko", "d")]
    asked = [a async for a in ask_rows(responder, rows, "tax-ko", "ko")]
    assert [(a.outcome, a.right) for a in asked] == [("suggested", False), ("abstained", False)]


def test_verified_answers_that_are_wrong_are_a_share_of_the_verified():
    """The promise of MAX_WRONG, measured; None without verified answers."""
    rows = [asked(known=True, right=right) for right in (True, True, True, False)]
    rows += [asked(known=False, right=True)]
    assert summarize(rows).verified_wrong == 0.25
    assert "verified but wrong 25%" in str(summarize(rows))
    assert summarize(rows[4:]).verified_wrong is None


def test_an_empty_must_is_refused(tmp_path: Path):
    """It would be right whatever the answer is."""
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"question": "q", "must": ["a", ""]}))
    with pytest.raises(FileError, match=r"rows\.jsonl:1: must\.1 "):
        read_rows(file, {})
