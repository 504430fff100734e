"""Which known question was meant: what a pick does for the asker, for others, and to what is known.

A pair is offered where the questions differ in a word: then no score makes it known.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from bot.answering.choices import ChoiceService
from bot.answering.service import Answer, AnswerService
from bot.errors import RefusedError
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.knowledge.retriever import Retriever
from bot.messages import Incoming, Reaction, Reply
from engine.errors import BusyError
from engine.retrieval.questions import question_key
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from storage.picks import Picks
from storage.rounds import Rounds
from tests.bot.conftest import DOMAINS, JUDGE
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught
from tests.support.fakes import FakeEngine, saying

APPROVED = "7월 25일까지입니다."
ASKED = "일본의 부가가치세 확정신고는 언제까지 하나요?"  # another country: offered, never known
OTHER = "부가가치세 예정신고는 언제까지 하나요?"
DRAFT = "초안입니다."
A, B, C, TEACHER = "web:a", "web:b", "web:c", "web:teacher"


@dataclass
class Desk:
    """Where people ask and pick."""

    answers: AnswerService
    choices: ChoiceService
    engine: FakeEngine

    async def ask(
        self, person: str = A, text: str = ASKED, thread: str = "", channel: str = ""
    ) -> Reply:
        user = person.partition(":")[2]
        place = Incoming("web", channel or user, thread or text, user, text, "tax-ko")
        reply = await (await self.answers.ask(place)).finished()
        assert reply
        return reply

    async def pick(self, reply: Reply, person: str = A, which: int = 0) -> Reply:
        return await self.choices.pick(reply.id, reply.suggestions[which].pair_id, person, "ko")

    async def reject(self, reply: Reply, person: str = A) -> Reply:
        answer: Answer = await self.choices.reject(reply.id, person, "ko")
        again = await answer.finished()
        assert again
        return again


@pytest.fixture
async def pairs(database: Database) -> Pairs:
    pairs = Pairs(database)
    await pairs.teach([taught()])
    return pairs


@pytest.fixture
def picks(database: Database) -> Picks:
    return Picks(database)


@pytest.fixture
async def desk(
    database: Database,
    messages: Conversations,
    pairs: Pairs,
    picks: Picks,
    retriever: Retriever,
    answers_of: Callable[[FakeEngine], AnswerService],
) -> AsyncIterator[Desk]:
    engine = saying(DRAFT)
    answers = answers_of(engine)
    choices = ChoiceService(
        answers, conversations=messages, pairs=pairs, picks=picks, retriever=retriever,
        model="fake", is_teacher=lambda person, roles: person == TEACHER or "teachers" in roles,
    )  # fmt: skip
    yield Desk(answers, choices, engine)
    await answers.close(grace_s=1)


async def forget(database: Database, person: str) -> None:
    await PersonalData(database, JUDGE).forget(person)


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


async def test_none_of_these_is_answered_with_a_draft(desk: Desk, messages: Conversations):
    """In the same place, without the pairs that were not meant."""
    asked = await desk.ask()
    answered = await desk.reject(asked)
    assert (answered.id, answered.text, answered.outcome) == (asked.id, DRAFT, "unverified")
    stored = await messages.reply(asked.id)
    assert stored
    assert (stored["text"], stored["verified"]) == (DRAFT, 0)
    assert APPROVED not in desk.engine.prompts[-1].text


async def test_none_of_these_is_never_offered_again(desk: Desk):
    """For these words, to nobody; for others it is."""
    await desk.reject(await desk.ask())
    assert (await desk.ask(A, thread="again")).outcome == "unverified"
    assert (await desk.ask(B)).outcome == "unverified"
    assert (await desk.ask(B, ASKED.replace("일본", "독일"))).outcome == "suggested"


async def test_not_my_question_keeps_the_pair_away(desk: Desk):
    """From these words, and from this asker; what comes next may be offered."""
    recalled = await desk.ask(text=NEAR)
    assert recalled.outcome == "verified"
    answered = await desk.reject(recalled)
    assert (answered.id, answered.text, answered.outcome) == (recalled.id, DRAFT, "unverified")
    assert (await desk.ask(A, NEAR, "again")).outcome == "unverified"


async def test_nobody_turns_a_recalled_answer_for_others_with_one_click(desk: Desk):
    """A second person does, or a teacher."""
    await desk.reject(await desk.ask(A, NEAR))
    known = await desk.ask(B, NEAR)
    assert known.outcome == "verified"
    await desk.reject(known, B)
    assert (await desk.ask(C, NEAR)).outcome == "unverified"


async def test_a_teacher_keeps_a_recalled_answer_away_from_all(desk: Desk):
    """With one click."""
    await desk.reject(await desk.ask(A, NEAR), TEACHER)
    assert (await desk.ask(C, NEAR)).outcome == "unverified"


async def test_an_answer_to_the_very_question_is_not_to_another_one(desk: Desk):
    """It may be wrong, and is then corrected; else one click would empty the reply of its votes."""
    same = await desk.ask(text=VAT)
    with pytest.raises(RefusedError):
        await desk.reject(same)
    assert (await desk.ask(text=VAT, thread="again")).outcome == "verified"


async def test_whoever_picked_by_mistake_takes_it_back(desk: Desk):
    """Not my question, under the answer that was picked."""
    asked = await desk.ask()
    picked = await desk.pick(asked)
    assert (await desk.reject(picked)).outcome == "unverified"
    assert (await desk.ask(thread="again")).outcome == "unverified"


async def test_a_draft_has_no_question_that_was_not_mine(desk: Desk):
    """Nothing was recalled: there is nothing to keep away."""
    draft = await desk.reject(await desk.ask())
    with pytest.raises(RefusedError):
        await desk.reject(draft)


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


async def test_a_pick_of_a_pair_that_has_gone_is_refused(desk: Desk, database: Database):
    """The choice goes with it."""
    asked = await desk.ask()
    await forget(database, "cli:me")
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.reject(asked)


async def test_a_pick_of_a_pair_that_was_ruled_wrong_is_refused(desk: Desk, database: Database):
    """And one that was picked before is known no more."""
    await desk.pick(await desk.ask(A), A)
    asked = await desk.ask(B)
    async with database.transaction() as db:  # as a ruling does
        await db.execute("UPDATE pairs SET score = 0")
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked, B)
    assert (await desk.ask(A, thread="again")).outcome == "unverified"


async def test_a_pick_shows_what_the_pair_says_by_now(desk: Desk, pairs: Pairs):
    """Also to words that were accepted before it changed."""
    asked = await desk.ask()
    await pairs.teach([taught(answer="10월 25일까지입니다.")])
    assert (await desk.pick(asked)).text == "10월 25일까지입니다."
    await pairs.teach([taught(answer="1월 25일까지입니다.")])
    again = await desk.ask(thread="again")
    assert (again.text, again.outcome) == ("1월 25일까지입니다.", "verified")


async def test_a_pair_that_changes_during_a_pick_is_not_shown_with_old_words(
    desk: Desk, pairs: Pairs, messages: Conversations, monkeypatch: pytest.MonkeyPatch
):
    """The pick is refused, and the choice stays."""
    replace_reply = messages.replace_reply

    async def late(*given) -> None:
        await pairs.teach([taught(answer="10월 25일까지입니다.")])
        await replace_reply(*given)

    asked = await desk.ask()
    monkeypatch.setattr(messages, "replace_reply", late)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)
    monkeypatch.undo()
    assert (await desk.pick(asked)).text == "10월 25일까지입니다."


async def test_a_reply_that_has_gone_has_no_choices(desk: Desk, database: Database):
    """Its asker was forgotten."""
    asked = await desk.ask()
    await forget(database, A)
    for decide in (desk.pick, desk.reject):
        with pytest.raises(RefusedError, match="더 이상"):
            await decide(asked)
    assert await desk.choices.suggestions([asked.id]) == {}


@pytest.mark.parametrize("decision", ["pick", "reject"])
async def test_an_asker_who_is_forgotten_meanwhile_gets_no_answer(
    desk: Desk, database: Database, picks: Picks, monkeypatch: pytest.MonkeyPatch, decision: str
):
    """Between the click and what follows from it; nothing of theirs comes back."""
    add = picks.add

    async def late(*given, **more) -> None:
        await forget(database, A)
        await add(*given, **more)

    asked = await desk.ask()
    monkeypatch.setattr(picks, "add", late)
    with pytest.raises(RefusedError, match="더 이상"):
        await getattr(desk, decision)(asked)
    assert await database.rows("SELECT 1 FROM picks") == []
    assert await database.rows("SELECT 1 FROM replies") == []


async def test_what_was_picked_cannot_be_picked_again(desk: Desk):
    """The choice is over, also in a tab that still shows it."""
    asked = await desk.ask()
    await desk.pick(asked)
    with pytest.raises(RefusedError, match="더 이상"):
        await desk.pick(asked)


async def test_of_clicks_at_once_one_counts(desk: Desk, database: Database):
    """On a choice, or on none of these, in several tabs."""
    asked = await desk.ask()
    clicks = [desk.pick(asked), desk.pick(asked), desk.choices.reject(asked.id, A, "ko")]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    assert [isinstance(one, RefusedError) for one in done] == [False, True, True]
    assert len(await database.rows("SELECT 1 FROM picks")) == 1


async def test_a_pick_does_not_race_with_the_answer_that_follows_none_of_these(desk: Desk):
    """What was said first holds, until that answer has ended."""
    desk.engine.hold()
    asked = await desk.ask()
    answer = await desk.choices.reject(asked.id, A, "ko")
    with pytest.raises(RefusedError, match="이미"):
        await desk.pick(asked)
    desk.engine.go_on()
    reply = await answer.finished()
    assert reply
    assert reply.text == DRAFT


async def test_a_refused_answer_leaves_the_choice(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Too many are being answered: the asker may say it again later."""

    def full(*_: object) -> None:
        raise BusyError(position=3)

    asked = await desk.ask()
    monkeypatch.setattr(desk.engine, "stream", full)
    with pytest.raises(RefusedError, match="3번째"):
        await desk.reject(asked)
    monkeypatch.undo()
    assert (await desk.reject(asked)).text == DRAFT


async def test_nothing_begins_while_the_bot_closes(desk: Desk):
    """After ``close`` no answer may be on its way; the choice stays for the next start."""
    asked = await desk.ask()
    await desk.answers.close(grace_s=1)
    with pytest.raises(RefusedError, match="종료"):
        await desk.reject(asked)
    assert await desk.choices.suggestions([asked.id])


async def test_closing_waits_for_an_answer_that_is_about_to_begin(
    desk: Desk, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
):
    """As for questions: it is stored before the database goes."""
    asked, may_search, find = await desk.ask(), asyncio.Event(), retriever.find

    async def slow(*given, **more):
        await may_search.wait()
        return await find(*given, **more)

    monkeypatch.setattr(retriever, "find", slow)
    rejecting = asyncio.create_task(desk.reject(asked))
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(desk.answers.close(grace_s=5))
    await asyncio.sleep(0.05)
    assert not closing.done()
    may_search.set()
    await closing
    assert (await rejecting).text == DRAFT


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
