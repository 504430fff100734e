"""What asks for nothing gets a friendly line, never knowledge."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.responder import Responder
from bot.answering.small_talk import SmallTalk, friendly_line, small_talk
from bot.domains import Domain
from bot.feedback.corrections import CorrectionService
from bot.knowledge.retriever import Retriever
from engine.model.prompt import Turn
from storage.conversations import Conversations
from storage.labels import Subject
from storage.pairs import Pairs
from storage.rounds import Rounds
from storage.statistics import Stats
from tests.bot.conftest import DOMAINS, incoming
from tests.bot.knowledge.test_retriever import taught
from tests.support.fakes import saying

SHIPPED = Path(__file__).parents[3] / "domains"
SAID: dict[str, SmallTalk] = {
    "안녕": "greeting",
    "안녕하세요!": "greeting",
    "좋은 아침입니다~": "greeting",
    "hi": "greeting",
    "Good morning, everyone": "greeting",
    "How’s it going?": "greeting",
    "👋🏽 Hello :)": "greeting",
    "고마워요": "thanks",
    "정말 감사합니다 ㅎㅎ": "thanks",
    "네, 고맙습니다^^": "thanks",
    "안녕하세요, 감사합니다": "thanks",
    "thanks!": "thanks",
    "Thank you so much!!": "thanks",
    "ㅎㅎ": "chatter",
    "ㅋㅋㅋㅋㅋ": "chatter",
    "하하하": "chatter",
    "테스트": "chatter",
    "OK.": "chatter",
    "ok": "chatter",
    "👍": "chatter",
    "❤️": "chatter",
    "??": "chatter",
    "…": "chatter",
}
QUESTIONS = ["안녕하세요, 부가세 언제 내나요?", "그런데 기한은?", "Hello, when is VAT due?", "왜?"]
NO_TALK = ["고마워요 그런데 기한은?", "thanks, but why?", "정말?", "and?", "hi-res", "감사 보고서"]
NO_TALK += [
    "회계 감사",
    "테스트 계정은 어떻게 만드나요?",
    "ok google",
    "10%",
    "C++",
    "3 > 2",
    "1",
    "1️⃣",
    "₩",
]


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_what_asks_for_nothing_is_small_talk(text: str, kind: SmallTalk):
    """In Korean and English, with or without signs and emoji."""
    assert small_talk(text) == kind


@pytest.mark.parametrize("text", [*QUESTIONS, *NO_TALK, "안녕 " * 40])
def test_what_may_ask_is_none(text: str):
    """A question that begins with a greeting, a word that asks back, and whatever has numbers."""
    assert small_talk(text) is None


def test_no_question_that_is_shipped_is_small_talk():
    """Neither a known nor a test question."""
    files = SHIPPED.glob("*.jsonl")
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert rows
    assert [row["question"] for row in rows if small_talk(row["question"])] == []


@given(st.sampled_from(sorted(SAID)), st.text(alphabet=" \n!?.,~…^☺👍", max_size=8), st.booleans())
def test_signs_and_case_do_not_count(text: str, around: str, loud: bool):
    """Spaces, punctuation and emoji on either side change nothing."""
    said = text.upper() if loud else text
    assert small_talk(around + said + around) == SAID[text]


@given(st.sampled_from(sorted(SAID)), st.sampled_from(QUESTIONS), st.booleans())
def test_what_comes_before_or_after_a_question_is_a_question(said: str, asked: str, after: bool):
    """Whatever stands beside it."""
    assert small_talk(f"{asked} {said}" if after else f"{said} {asked}") is None


@given(st.text(max_size=80))
def test_any_text_has_a_kind_or_none(text: str):
    """It never fails, and saying it again makes it no question."""
    if kind := small_talk(text):
        assert len(f"{text} {text}") > 60 or small_talk(f"{text} {text}") == kind


def test_the_line_says_what_is_known():
    """The field, how many answers, and a question to begin with."""
    domain = Domain(name="d", title="세무", examples=("언제 내나요?",))
    line = friendly_line("greeting", domain, 1329, "ko")
    assert line.startswith("안녕하세요!")
    assert "‘세무’" in line
    assert "1,329개" in line
    assert "언제 내나요?" in line


def test_without_knowledge_the_line_says_how_to_teach():
    """And names no question that could not be answered."""
    domain = Domain(name="d", title="Tax", examples=("When is it due?",))
    line = friendly_line("thanks", domain, 0, "en")
    assert "correction:" in line
    assert "due" not in line


async def test_a_greeting_is_no_recalled_pair(retriever: Retriever, pairs: Pairs):
    """However near one is: to this embedder they share all their words but one."""
    await pairs.teach([taught(question="안녕하세요 여러분", answer="7월 25일까지입니다.")])
    engine = saying("지어낸 답")
    response = await Responder(engine, retriever, DOMAINS).respond("tax-ko", "안녕하세요", (), "ko")
    await response.read()
    assert response.text == friendly_line("greeting", DOMAINS["tax-ko"], 1, "ko")
    assert (response.outcome, response.used_pairs, engine.prompts) == ("abstained", (), [])


async def test_what_a_team_taught_wins(retriever: Retriever, pairs: Pairs):
    """The very words, in the middle of a conversation too."""
    await pairs.teach([taught(question="안녕", answer="안녕하세요, 세무팀입니다.")])
    responder = Responder(saying("지어낸 답"), retriever, DOMAINS)
    response = await responder.respond("tax-ko", "안녕!", [Turn("왜?", "그래서요.")], "ko")
    assert (response.text, response.known) == ("안녕하세요, 세무팀입니다.", True)


async def test_small_talk_is_neither_known_nor_unknown(answers_of, database, messages):
    """It is stored without a mark, counts as a question, and as no answer that was kept back."""
    reply = await (await answers_of(saying("?")).ask(incoming("고마워요"))).finished()
    assert (reply.status, reply.verified, reply.sources) == ("abstained", False, ())
    counts = await Stats(database).of_domain("tax-ko")
    assert (counts.questions, counts.answered, counts.abstained) == (1, 0, 0)


async def test_a_vote_on_small_talk_starts_no_round(answers_of, label_service, database):
    """There is nothing to learn from it."""
    reply = await (await answers_of(saying("?")).ask(incoming("안녕"))).finished()
    await label_service.toggle(Subject("reply", reply.id), "web:u", "👍")
    assert await Rounds(database).fresh("tax-ko") == 0


async def test_a_correction_of_small_talk_is_knowledge(
    answers_of, correction_service: CorrectionService, messages: Conversations
):
    """That is how a team teaches its own greeting."""
    answers = answers_of(saying("?"))
    reply = await (await answers.ask(incoming("안녕", thread="a"))).finished()
    await correction_service.correct(reply.id, "web:a", "안녕하세요, 세무팀입니다.", "ko")
    again = await (await answers.ask(incoming("안녕!", thread="b"))).finished()
    assert (again.text, again.verified) == ("안녕하세요, 세무팀입니다.", True)


@pytest.fixture
def pairs(database) -> Pairs:
    return Pairs(database)
