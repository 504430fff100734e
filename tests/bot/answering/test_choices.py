"""Which known question was meant: what a pick does for the asker, for others and for later."""

import pytest

from bot.errors import RefusedError
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.messages import Reaction
from engine.retrieval.questions import question_key
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.picks import Picks
from storage.rounds import Rounds
from tests.bot.answering.desk import APPROVED, ASKED, TEACHER, A, B, C, Desk, forget
from tests.bot.conftest import DOMAINS
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught

OTHER = "부가가치세 예정신고는 언제까지 하나요?"


async def test_a_pick_is_verified_to_the_asker_at_once(desk: Desk, messages: Conversations):
    """In place of the choice, with its source; and when they ask so again, without one."""
    asked = await desk.ask()
    assert asked.outcome == "suggested"
    picked = await desk.pick(asked)
    assert (picked.id, picked.text, picked.outcome) == (asked.id, APPROVED, "verified")
    assert [source.name for source in picked.sources] == ["부가가치세법"]
    stored = await messages.reply(asked.id)
    assert stored
    assert (stored["text"], stored["verified"], stored["status"]) == (APPROVED, 1, "done")
    assert await desk.choices.suggestions([asked.id]) == {}
    again = await desk.ask(thread="again")
    assert (again.text, again.outcome) == (APPROVED, "verified")
    assert desk.engine.prompts == []


async def test_others_still_get_the_choice(desk: Desk):
    """One person's pick is a label of theirs, no fact."""
    await desk.pick(await desk.ask())
    assert (await desk.ask(B)).outcome == "suggested"


async def test_a_pick_is_about_exactly_these_words(desk: Desk):
    """Spaces and signs aside; another country is another question."""
    await desk.pick(await desk.ask())
    assert (await desk.ask(text=f" {ASKED}? ")).outcome == "verified"
    assert (await desk.ask(text=ASKED.replace("일본", "독일"))).outcome == "suggested"


async def test_a_second_persons_pick_counts_for_everybody(desk: Desk):
    """Who asked the same, each in their own place."""
    await desk.pick(await desk.ask(A), A)
    await desk.pick(await desk.ask(B), B)
    assert (await desk.ask(C)).outcome == "verified"


async def test_a_second_pick_of_one_person_is_no_second_person(desk: Desk):
    """However often they say it, as in two tabs that both still had the choice."""
    replies = [await desk.ask(A, thread=str(n)) for n in range(3)]
    for reply in replies:
        await desk.pick(reply, A)
    assert (await desk.ask(B)).outcome == "suggested"


async def test_a_teachers_pick_counts_for_everybody(desk: Desk):
    """Also under what somebody else has asked."""
    picked = await desk.pick(await desk.ask(A), TEACHER)
    assert picked.outcome == "verified"
    assert (await desk.ask(C)).outcome == "verified"


async def test_a_role_makes_a_teacher(desk: Desk):
    """As the platform tells it with the click."""
    asked = await desk.ask(A)
    pair = asked.suggestions[0].pair_id
    assert (await desk.choices.pick(asked.id, pair, B, "ko", ["teachers"])).verified
    assert (await desk.ask(C)).outcome == "verified"


async def test_nobody_picks_for_somebody_else(desk: Desk, picks: Picks):
    """A stranger is refused, and has said nothing."""
    asked = await desk.ask(A)
    with pytest.raises(RefusedError, match="질문한 사람"):
        await desk.pick(asked, B)
    with pytest.raises(RefusedError, match="질문한 사람"):
        await desk.reject(asked, B)
    assert await picks.latest("tax-ko", question_key(ASKED)) == []
    assert (await desk.pick(asked, A)).verified


async def test_what_hangs_on_the_question_before_is_no_label(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """Its words mean another thing in another place; the asker gets the answer all the same."""
    abstaining = DOMAINS["tax-ko"].model_copy(update={"unknown": "abstain"})
    monkeypatch.setitem(DOMAINS, "tax-ko", abstaining)
    await desk.ask(text="종합소득세 신고는 언제인가요?", thread="t")
    follow_up = "그럼 부가가치세 확정신고는 언제까지 하나요?"
    asked = await desk.ask(text=follow_up, thread="t")
    assert asked.outcome == "suggested"
    assert (await desk.pick(asked)).verified
    assert (await desk.ask(text=follow_up, thread="t")).outcome == "suggested"


async def test_a_pick_of_what_was_not_offered_is_refused(desk: Desk, pairs: Pairs):
    """No pair that exists elsewhere can be had by its number."""
    await pairs.teach([taught("점심은 언제 먹나요?", "12시입니다.")])
    asked = await desk.ask()
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.choices.pick(asked.id, 2, A, "ko")
    assert (await desk.pick(asked)).verified


async def test_what_somebody_asked_elsewhere_is_not_offered(
    desk: Desk, correction_service: CorrectionService, database: Database
):
    """Neither to others nor in a channel where others read along; where it was asked it is."""
    await forget(database, "cli:me")
    private = "김철수의 육아휴직은 언제까지인가요?"
    reply = await desk.ask(B, private, channel="private")
    await correction_service.correct(reply.id, B, "3월까지입니다.", "ko")
    near = "박영희의 육아휴직은 언제까지인가요?"
    assert (await desk.ask(A, near)).outcome == "unverified"
    assert (await desk.ask(B, near, channel="public")).outcome == "unverified"
    offered = await desk.ask(B, near, channel="private")
    assert [s.question for s in offered.suggestions] == [private]


async def test_a_choice_is_no_knowledge_when_it_is_liked(
    desk: Desk, label_service: LabelService, database: Database
):
    """It says nothing that could be true."""
    asked = await desk.ask()
    for person in (A, B):
        await label_service.react(Reaction(Subject("reply", asked.id), person, "👍", added=True))
    assert await database.rows("SELECT 1 FROM pairs WHERE reply_id IS NOT NULL") == []


@pytest.mark.parametrize("decision", ["pick", "reject"])
async def test_marks_on_the_choice_go_when_an_answer_takes_its_place(
    desk: Desk,
    label_service: LabelService,
    corrections: Corrections,
    database: Database,
    decision: str,
):
    """They were about other words: a draft that nobody has seen is not approved, nor disputed."""
    asked = await desk.ask()
    for person, emoji in ((A, "👍"), (B, "👎")):
        await label_service.react(Reaction(Subject("reply", asked.id), person, emoji, added=True))
    assert await corrections.disputed(last=5)
    await getattr(desk, decision)(asked)
    assert await database.rows("SELECT 1 FROM labels") == []
    assert await corrections.disputed(last=5) == []
    assert await database.rows("SELECT 1 FROM pairs WHERE reply_id IS NOT NULL") == []


async def test_what_was_forgotten_is_no_opinion_any_more(desk: Desk, database: Database):
    """Of two who made it known to everybody, one is left."""
    await desk.pick(await desk.ask(A), A)
    await desk.pick(await desk.ask(B), B)
    await forget(database, B)
    assert (await desk.ask(C)).outcome == "suggested"
    assert (await desk.ask(A, thread="again")).outcome == "verified"


async def test_picks_are_labels_for_a_round(desk: Desk, database: Database):
    """One for each click."""
    rounds = Rounds(database)
    before = await rounds.fresh("tax-ko")
    await desk.pick(await desk.ask(A), A)
    await desk.reject(await desk.ask(B), B)
    assert await rounds.fresh("tax-ko") == before + 2


async def test_scores_are_learned_where_no_word_spoke_against_them(
    desk: Desk, picks: Picks, pairs: Pairs
):
    """Where one did, the score decided nothing."""
    await desk.pick(await desk.ask(A), A)
    assert await picks.judged("tax-ko", "fake") == []
    recalled = await desk.ask(text=NEAR)
    await desk.reject(recalled)
    [judged] = await picks.judged("tax-ko", "fake")
    assert (judged.fits, judged.person) == (False, A)


async def test_each_fact_is_offered_once(desk: Desk, pairs: Pairs):
    """The likeliest wording of it."""
    await pairs.teach([taught(f"{VAT} 알려 주세요"), taught(OTHER, "4월 25일까지입니다.")])
    asked = await desk.ask()
    answers = [p.answer for p in (await pairs.get([s.pair_id for s in asked.suggestions])).values()]
    assert sorted(answers) == ["4월 25일까지입니다.", APPROVED]
    picked = await desk.pick(asked, A, which=1)
    assert picked.text in answers
