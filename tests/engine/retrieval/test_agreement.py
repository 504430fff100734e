"""One other word can make another question: what parts a question from a stored pair."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.agreement import Agreement, Terms
from tests.engine.retrieval.opposites import ENGLISH, KOREAN

PACK = Path(__file__).parents[3] / "domains" / "tax-ko.jsonl"
PAIRS = [json.loads(line) for line in PACK.read_text(encoding="utf-8").splitlines()]
PLAIN = Agreement()
TAXES = Agreement(Terms({"부가세": "부가가치세"}, [("상속", "증여")], ["부가가치세", "법인세"]))
FIELD = tomllib.loads(PACK.with_suffix(".toml").read_text(encoding="utf-8"))
TAX_KO = Agreement(Terms(FIELD["synonyms"], FIELD["opposites"], FIELD["names"]))
# Ways to say something, and to say that it is not so.
NEGATED = [
    ("하나요", "하지 않나요"), ("되나요", "안 되나요"), ("있나요", "없나요"),
    ("인가요", "아닌가요"),
    ("할 수 있", "할 수 없"), ("하면", "하지 않으면"), ("신고하", "신고안하"), ("받을", "못 받을"),
    ("내나요", "안 내나요"), ("되는", "안 되는"), ("하는", "하지 않는"), ("있는", "없는"),
]  # fmt: skip


def kinds(agreement: Agreement, asked: str, question: str, answer: str = "답입니다.") -> list[str]:
    return [found.kind for found in agreement.differences(asked, [question], answer)]


@pytest.mark.parametrize(
    ("asked", "stored", "kind"),
    [
        ("17번 창고 열쇠는 누가 관리하나요?", "18번 창고 열쇠는 누가 관리하나요?", "number"),
        ("회의실은 몇 층인가요?", "3층 회의실은 몇 층인가요?", "number"),
        ("Is port 6380 open?", "Is port 6379 open?", "number"),
        ("환급을 받을 수 없는 경우는?", "환급을 받을 수 있는 경우는?", "negation"),
        ("신고를 안 하면 어떻게 되나요?", "신고를 하면 어떻게 되나요?", "negation"),
        ("When can I not cancel?", "When can I cancel?", "negation"),
        ("연금은 최대 몇 년 내나요?", "연금은 최소 몇 년 내나요?", "opposite"),
        ("How do I disable two-factor login?", "How do I enable two-factor login?", "opposite"),
        ("일본의 휴일은 며칠인가요?", "휴일은 며칠인가요?", "name"),
        ("When is the holiday in Japan?", "When is the holiday?", "name"),
        ("보험료는 얼마인가요?", "보험료는 누가 부담하나요?", "question_word"),
        ("Where is the spare key?", "Who has the spare key?", "question_word"),
        ("정수기 점검은 언제 하나요?", "소화기 점검은 언제 하나요?", "word"),
        ("Where do I return a monitor?", "Where do I return a laptop?", "word"),
        ("휴가는 언제부터 쓰나요?", "휴가는 언제까지 쓰나요?", "opposite"),
        ("식대는 얼마까지 과세인가요?", "식대는 얼마까지 비과세인가요?", "opposite"),
        ("식대는 연 얼마까지인가요?", "식대는 월 얼마까지인가요?", "opposite"),
        ("법인만 신고하나요?", "법인도 신고하나요?", "opposite"),
        ("팀장이 팀원에게 보고하나요?", "팀원이 팀장에게 보고하나요?", "opposite"),
        ("영업용 차는 되나요?", "비영업용 차는 되나요?", "opposite"),
        ("보험은 왜 언제까지 내나요?", "보험은 언제까지 내나요?", "question_word"),
        ("연금은 몇 살부터인가요?", "연금은 몇 년부터인가요?", "question_word"),
        ("휴가 신청은 어떻게 하나요?", "휴가 신청은 언제 하나요?", "question_word"),
        ("영업권은 무엇인가요?", "영업권은 상각하나요?", "question_word"),
        ("휴가", "휴가는 언제 쓰나요?", "question_word"),
        ("VPN", "How do I reset my VPN password?", "question_word"),
    ],
)
def test_one_other_word_is_seen(asked: str, stored: str, kind: str):
    """However alike the two are, and in both languages."""
    assert kind in kinds(PLAIN, asked, stored)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("휴가 신청은 어떻게 해?", "휴가 신청은 어떻게 하나요?"),
        ("휴가를 쓰려면 뭘 해야 돼요", "휴가 신청은 어떻게 하나요?"),
        ("부가세 신고 언제예요?", "부가가치세 신고는 언제 하나요?"),
        ("신고 기한이 며칠이에요?", "신고는 언제까지 하나요?"),
        ("How can I book a room?", "How do I book a room?"),
        ("개업한 지 2주 됐는데 신고 기한은?", "신고는 언제까지 하나요?"),
    ],
)
def test_the_same_in_other_words_is_no_difference(asked: str, stored: str):
    """Politeness, short forms and another manner of asking."""
    assert kinds(TAXES, asked, stored, "매뉴얼을 봅니다.") == []


def test_a_domain_has_words_of_its_own():
    """Another tax, and what only this field calls opposite."""
    assert kinds(TAXES, "법인세 신고는?", "부가가치세 신고는?") == ["name"]
    assert "opposite" in kinds(TAXES, "상속받은 집은?", "증여받은 집은?")
    assert "name" not in kinds(TAXES, "사용법 알려주세요", "사용법은?")


def test_a_name_that_the_answer_has_is_no_difference():
    """Whoever asks by it may be answered."""
    answer = "법인세와 소득세를 함께 신고합니다."
    assert "name" not in kinds(TAXES, "법인세도 함께 신고하나요?", "무엇을 신고하나요?", answer)


@pytest.mark.parametrize("pair", PAIRS[::7], ids=lambda pair: pair["question"])
def test_a_stored_question_agrees_with_itself(pair: dict[str, str]):
    """What is asked word for word always stays known."""
    assert TAXES.differences(pair["question"], [pair["question"]], pair["answer"]) == ()


def opposites_in(question: str) -> Iterator[tuple[str, str]]:
    """(a word of the question, its opposite)."""
    for one, other, _ in KOREAN:
        for word, opposite in ((one, other), (other, one)):
            if word in question:
                yield word, opposite


def parted(agreement: Agreement, asked: str, pair: dict[str, str]) -> bool:
    """No score makes the pair known to whoever asks so."""
    others = [p["question"] for p in PAIRS if p["answer"] == pair["answer"]]
    wordings = list(dict.fromkeys([pair["question"], *others]))
    return bool(agreement.differences(asked, wordings, pair["answer"], pair["source"]))


@given(st.sampled_from(PAIRS), st.integers(1, 9999))
def test_a_number_that_a_pair_does_not_have_is_never_overlooked(pair: dict[str, str], number: int):
    """Wherever it stands in the question."""
    asked = f"{number}호 {pair['question']}"
    if str(number) not in pair["question"] + pair["answer"]:
        assert "number" in kinds(PLAIN, asked, pair["question"], pair["answer"])


@given(st.sampled_from([p for p in PAIRS if re.search(r"\d", p["question"])]), st.data())
def test_a_changed_digit_is_never_overlooked(pair: dict[str, str], data: st.DataObject):
    """Whichever of them, and whatever the answer tells of other numbers."""
    question = pair["question"]
    place = data.draw(st.sampled_from([m.start() for m in re.finditer(r"\d", question)]))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda d: d != question[place]))
    assert parted(TAX_KO, question[:place] + digit + question[place + 1 :], pair)


@given(st.sampled_from(PAIRS), st.sampled_from(NEGATED))
def test_a_negation_is_never_overlooked(pair: dict[str, str], change: tuple[str, str]):
    """Put in or taken out, in each of the ways to say it."""
    affirmed, negated = change
    for one, other in ((affirmed, negated), (negated, affirmed)):
        if one in pair["question"]:
            assert parted(TAX_KO, pair["question"].replace(one, other, 1), pair)


@given(st.sampled_from([(p, *o) for p in PAIRS for o in opposites_in(p["question"])]))
def test_an_opposite_is_never_overlooked(change: tuple[dict[str, str], str, str]):
    """One word in the other's place, also where a question has both."""
    pair, word, opposite = change
    assert parted(TAX_KO, pair["question"].replace(word, opposite, 1), pair)


@pytest.mark.parametrize(
    ("agreement", "one", "other", "question"),
    [
        *((TAX_KO, *row) for row in KOREAN),
        *((PLAIN, *row) for row in ENGLISH),
    ],
)
def test_opposites_are_told_as_such(agreement: Agreement, one: str, other: str, question: str):
    """In either order, also where the answer tells of both."""
    answer = f"{one}: 1. {other}: 2."
    for asked, stored in ((one, other), (other, one)):
        found = kinds(agreement, question.format(asked), question.format(stored), answer)
        assert "opposite" in found, (asked, stored)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_compared(asked: str, question: str, answer: str):
    """Whatever it holds."""
    TAXES.differences(asked, [question], answer)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("부가세 신고는 언제 해요", "부가가치세 신고는 언제 하나요?"),
        ("@봇 안녕하세요, 부가가치세 신고는 언제 하나요ㅠㅠ", "부가가치세 신고는 언제 하나요?"),
        ("부가가치세 신고는 언제 하나요? 감사합니다", "부가가치세 신고는 언제 하나요?"),
        ("복식부기가 뭐예요?", "복식부기란 무엇인가요?"),
    ],
)
def test_the_same_question_is_known_by_its_words(asked: str, stored: str):
    """Short forms, endings, greetings, thanks and sounds aside."""
    assert TAXES.same(asked, stored)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("법인세 신고는 언제 하나요?", "부가가치세 신고는 언제 하나요?"),
        ("부가가치세 신고는 언제 안 하나요?", "부가가치세 신고는 언제 하나요?"),
        ("", "?"),
    ],
)
def test_another_question_is_never_the_same(asked: str, stored: str):
    """Another word, a negation; and nothing is the same as nothing."""
    assert not TAXES.same(asked, stored)
