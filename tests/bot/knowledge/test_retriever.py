"""What is known about a question, as it stands at this moment."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.app import open_data
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.knowledge.retriever import Retriever
from bot.knowledge.thresholds import Thresholds
from bot.messages import Asker, Reaction
from bot.settings import Settings
from engine.errors import EngineError
from engine.retrieval.questions import question_key
from storage.conversations import Conversations, StoredReply, UsedPair
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.personal_data import PersonalData
from storage.picks import Picks
from tests.bot.conftest import JUDGE, incoming
from tests.support.fakes import FakeEmbedder, saying
from tests.support.retrieving import retriever_on

VAT = "부가가치세 확정신고는 언제까지 하나요?"
NEAR = "부가가치세 확정신고 언제까지 해야 하나요"  # known, and not word for word


def taught(question: str = VAT, answer: str = "7월 25일까지입니다.", **given) -> TaughtPair:
    row = {"domain": "tax-ko", "source": "부가가치세법", "as_of": "2025-01-01", "score": 1.0}
    row |= {"person": "cli:me", "key": question_key(question)} | given
    return TaughtPair(question=question, answer=answer, **row)


@pytest.fixture
def pairs(database: Database) -> Pairs:
    return Pairs(database)


async def answers(retriever: Retriever, question: str = VAT, domain: str = "tax-ko") -> list[str]:
    found = await retriever.find(domain, question, most=1)
    return [r.pair.answer for r in found.near] if found.known else []


async def ask(answers_of, text: str = VAT, answer: str = "모릅니다.") -> Subject:
    reply = await (await answers_of(saying(answer)).ask(incoming(text))).finished()
    return Subject("reply", reply.id)


async def test_nothing_is_known_at_first(retriever: Retriever):
    """And the embedder is not even loaded."""
    assert await answers(retriever) == []


async def test_keys_that_an_update_has_emptied_are_worked_out_anew(
    pairs: Pairs, database: Database
):
    """When the bot opens its store; until then no question is taken for the same."""
    questions = ["연매출 ≥ 8000만원이면?", "연매출 ≤ 8000만원이면?"]
    await pairs.teach([taught(question) for question in questions])

    async def found() -> list[int | None]:
        return [await pairs.exact("tax-ko", question_key(question)) for question in questions]

    async with database.transaction() as db:
        await db.execute("UPDATE pairs SET key = ' ' || id")
    assert await found() == [None, None]
    async with open_data(Settings(_env_file=None, reactune_home=database.path.parent)):
        assert await found() == [1, 2]


async def test_questions_that_an_update_makes_the_same_are_one(pairs: Pairs):
    """The one that was taught later, as if it had been taught again."""
    await pairs.teach([taught(key=" 1", answer="5월"), taught(key=" 2", answer="7월")])
    await pairs.renew_keys(question_key)
    assert [pair.answer async for pair in pairs.approved()] == ["7월"]


async def test_what_was_taught_is_known_in_other_words(retriever: Retriever, pairs: Pairs):
    """By likeness; a question about something else is not."""
    await pairs.teach([taught()])
    assert await answers(retriever, "부가가치세 확정신고 언제까지 해야 하나요") == [
        "7월 25일까지입니다."
    ]
    assert await answers(retriever, "점심은 뭐 먹지?") == []


async def test_each_domain_knows_its_own(retriever: Retriever, pairs: Pairs):
    """Nothing leaks from one field into another."""
    await pairs.teach([taught()])
    assert await answers(retriever, domain="general-en") == []


async def test_a_changed_answer_counts_from_the_next_question_on(
    retriever: Retriever, pairs: Pairs
):
    """Taught again with another answer."""
    await pairs.teach([taught()])
    await answers(retriever)
    await pairs.teach([taught(answer="10월 25일까지입니다.")])
    assert await answers(retriever) == ["10월 25일까지입니다."]


async def test_another_process_may_teach(retriever: Retriever, pairs: Pairs, tmp_path: Path):
    """As ``reactune teach`` does beside a running bot."""
    assert await answers(retriever) == []
    other = await Database.open(tmp_path / "reactune.db")
    await Pairs(other).teach([taught()])
    await other.close()
    assert await answers(retriever) == ["7월 25일까지입니다."]


async def test_a_correction_is_known_at_once(
    retriever: Retriever, answers_of, correction_service: CorrectionService
):
    """And no longer when it is withdrawn."""
    reply = await ask(answers_of)
    correction = await correction_service.correct(
        reply.id, "web:a", "1월과 7월의 25일입니다.", "ko"
    )
    assert await answers(retriever) == ["1월과 7월의 25일입니다."]
    assert await correction_service.withdraw(correction.id, "web:a")
    assert await answers(retriever) == []


async def test_a_correction_of_what_was_taught_waits_for_a_decision(
    retriever: Retriever, pairs: Pairs, answers_of, correction_service: CorrectionService
):
    """Approved, it counts; and who teaches again has the last word."""
    await pairs.teach([taught()])
    correction = await correction_service.correct(
        (await ask(answers_of)).id, "web:a", "다릅니다.", "ko"
    )
    assert await answers(retriever) == ["7월 25일까지입니다."]
    assert await correction_service.decide(correction.id, "approved", "web:admin")
    assert await answers(retriever) == ["다릅니다."]
    await pairs.teach([taught()])
    assert await answers(retriever) == ["7월 25일까지입니다."]


async def test_an_approved_answer_is_known_until_somebody_objects(
    retriever: Retriever, answers_of, label_service: LabelService
):
    """From the reaction on, and back again."""
    reply = await ask(answers_of, answer="25일입니다.")
    await label_service.react(Reaction(reply, "slack:a", "👍", added=True))
    assert await answers(retriever) == ["25일입니다."]
    await label_service.react(Reaction(reply, "slack:b", "👎", added=True))
    assert await answers(retriever) == []
    await label_service.react(Reaction(reply, "slack:b", "👎", added=False))
    assert await answers(retriever) == ["25일입니다."]


async def test_what_a_forgotten_person_taught_is_unknown(
    retriever: Retriever, pairs: Pairs, database: Database
):
    """On the very next question."""
    await pairs.teach([taught(person="slack:gone")])
    assert await answers(retriever)
    await PersonalData(database, JUDGE).forget("slack:gone")
    assert await answers(retriever) == []


async def test_a_bad_example_is_kept_but_not_recalled(retriever: Retriever, pairs: Pairs):
    """Taught with a quality score of zero or less."""
    await pairs.teach([taught(score=-1.0)])
    assert await answers(retriever) == []


async def test_a_restart_knows_the_same(retriever: Retriever, pairs: Pairs, database: Database):
    """Vectors are kept, not computed again."""
    await pairs.teach([taught()])
    await answers(retriever)
    again = retriever_on(database)
    assert await answers(again, NEAR) == ["7월 25일까지입니다."]
    await again.indexes.close()


class Renamed(FakeEmbedder):
    name = "another"


async def test_another_embedder_reads_everything_again(
    retriever: Retriever, pairs: Pairs, database: Database
):
    """Its numbers mean something else."""
    await pairs.teach([taught()])
    await answers(retriever)
    other = retriever_on(database, Renamed)
    assert await answers(other, NEAR) == ["7월 25일까지입니다."]
    rows = await database.rows("SELECT embedder FROM pairs")
    assert [row["embedder"] for row in rows] == ["another"]
    await other.indexes.close()


@pytest.fixture
async def broken(database: Database) -> AsyncIterator[Retriever]:
    def load() -> FakeEmbedder:
        raise EngineError("EMBEDDER=x cannot be loaded")

    retriever = retriever_on(database, load)
    yield retriever
    await retriever.indexes.close()


async def test_without_an_embedder_the_bot_still_answers(broken: Retriever, pairs: Pairs):
    """It only knows nothing."""
    await pairs.teach([taught()])
    assert await answers(broken, "부가가치세 확정신고 언제까지 해야 하나요") == []


async def test_many_new_pairs_do_not_hold_up_a_question(retriever: Retriever, pairs: Pairs):
    """The newest are read at once, the others in the background. Until all are, a nearer one may
    be unread: only the very same words count as known."""
    await pairs.teach([taught(f"{n}번 서식은 언제 내나요?", f"{n}일") for n in range(100)])
    newest = await retriever.find("tax-ko", "99번 서식은 언제 내야 하나요", most=1)
    assert (newest.near[0].pair.answer, newest.known) == ("99일", False)
    assert await answers(retriever, "3번 서식은 언제 내나요?") == ["3일"]
    await retriever.indexes.embed_all()
    async with asyncio.timeout(10):  # the background may be about to see that nothing is left
        while await answers(retriever, "3번 서식은 언제 내야 하나요") != ["3일"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_an_answer_without_knowledge_is_not_verified(answers_of):
    """Whatever the model says."""
    reply = await (await answers_of(saying("5월입니다.")).ask(incoming())).finished()
    assert (reply.verified, reply.sources) == (False, ())


async def judged(database: Database, pair_id: int, score: float, *, corrected: bool) -> None:
    """Somebody read an answer that drew on the pair, and approved or corrected it."""
    messages = Conversations(database)
    _, question = await messages.add_question(
        platform="web", channel="c", thread=uuid4().hex, person="web:u", domain="tax-ko", text="q"
    )
    used_pairs = (UsedPair(pair_id, score, "7월 25일까지입니다."),)
    stored = StoredReply(
        "7월 25일까지입니다.", "done", "tiny", None, 1, 1, 0, 0, 0, verified=True, quoted=True,
        used_pairs=used_pairs,
    )  # fmt: skip
    reply = await messages.add_reply(question, stored)
    if corrected:
        corrections = Corrections(database, JUDGE)
        number = await corrections.add(reply, "web:b", f"{score}", pending=True)
        await corrections.move(number, "live", "web:admin", only_from="pending")
    else:
        subject = Subject("reply", reply)
        await Labels(database, JUDGE).change(subject, "web:b", "👍", "👍", 1.0, present=True)


async def test_what_people_correct_moves_the_threshold(
    retriever: Retriever, pairs: Pairs, database: Database
):
    """Hits that were corrected although they scored high count for less; the same question, which
    says nothing about likeness, counts for nothing."""
    await pairs.teach([taught()])
    near = "부가가치세 확정신고 언제까지 해야 하나요"
    before = await retriever.find("tax-ko", near, most=1)
    assert before.known
    score = before.near[0].score
    for _ in range(60):
        await judged(database, before.near[0].pair.id, score - 1e-6, corrected=True)
        await judged(database, before.near[0].pair.id, 1.0, corrected=True)
    for _ in range(12):
        await judged(database, before.near[0].pair.id, (1 + score) / 2, corrected=False)
    moved = await retriever.find("tax-ko", near, most=1)
    assert retriever.indexes.threshold("tax-ko") > 0.6
    assert moved.near


async def test_what_was_picked_is_known_where_no_score_is_sure_enough(
    retriever: Retriever, pairs: Pairs, database: Database
):
    """It is people's word, not a score's."""
    await pairs.teach([taught()])
    asked = "부가세 내는 마지막 날이 언제예요?"
    strict = Thresholds(Picks(database), {"tax-ko": 0.001})
    strict_retriever = retriever_on(database, thresholds=strict)
    asker = Asker("web:u", "web", "c")
    assert not (await strict_retriever.find("tax-ko", asked, most=1, asker=asker)).known
    _, question = await Conversations(database).add_question(
        platform="web", channel="c", thread="t", person="web:u", domain="tax-ko", text=asked
    )
    reply = await Conversations(database).add_reply(
        question, StoredReply("?", "abstained", "tiny", None, 0, 0, 0, 0, 0)
    )
    pair = await pairs.exact("tax-ko", question_key(VAT))
    await Picks(database).add(
        reply, [pair], key=question_key(asked), person="web:u", fits=True, decides=False
    )
    assert strict_retriever.indexes.threshold("tax-ko") == 1
    assert (await strict_retriever.find("tax-ko", asked, most=1, asker=asker)).known
    await strict_retriever.indexes.close()


async def test_another_embedders_scores_are_no_evidence(
    retriever: Retriever, pairs: Pairs, database: Database
):
    """They were measured otherwise; with the first embedder back they count again."""
    await pairs.teach([taught()])
    found = await retriever.find("tax-ko", "부가가치세 확정신고 언제까지 해야 하나요", most=1)
    for score in (0.7, 0.8):
        await judged(database, found.near[0].pair.id, score, corrected=score > 0.75)
    other = retriever_on(database, Renamed)
    assert await answers(other, "부가가치세 확정신고 언제까지 해야 하나요")
    picks = Picks(database)
    assert await picks.judged("tax-ko", "another") == []
    found = await picks.judged("tax-ko", "fake")
    assert [(j.score, j.fits) for j in found] == [(0.8, False), (0.7, True)]
    await other.indexes.close()
