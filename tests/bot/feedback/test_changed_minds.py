"""People change their minds, disagree, and ask to be forgotten; what is known follows."""

from dataclasses import replace

import pytest

from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.knowledge.retriever import Retriever
from bot.messages import Reaction, Reply
from storage.corrections import Corrections
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.personal_data import PersonalData
from tests.bot.conftest import JUDGE, incoming
from tests.bot.knowledge.test_retriever import NEAR, VAT, taught
from tests.support.fakes import saying

VAGUE = "부가세 언제 내요?"  # near what is known, and not known


@pytest.fixture
def asks(answers_of):
    """``await asks("slack:b", answer=…)``: somebody asks about VAT, and what they read."""

    async def ask(user: str, answer: str = "지어낸 답", text: str = VAT) -> Reply:
        answers = answers_of(saying(answer))
        return await (
            await answers.ask(replace(incoming(text, thread=user, user=user), platform="slack"))
        ).finished()

    return ask


async def like(label_service: LabelService, reply: Reply, person: str, emoji: str = "👍") -> None:
    await label_service.react(Reaction(Subject("reply", reply.id), person, emoji, added=True))


async def test_a_thumb_down_on_a_quote_is_one_on_what_it_quotes(
    asks, label_service: LabelService, corrections: Corrections
):
    """Who reads the approved answer again and finds it wrong takes it out, into review."""
    first = await asks("a", answer="틀린 답")
    await like(label_service, first, "slack:fan")
    quote = await asks("b")
    assert (quote.text, quote.verified) == ("틀린 답", True)
    await like(label_service, quote, "slack:b", "👎")
    assert not (await asks("c")).verified
    assert [d.reply_id for d in await corrections.disputed(last=5)] == [first.id]


async def test_an_opposed_quote_of_what_was_taught_goes_to_review(
    asks, label_service: LabelService, corrections: Corrections, database: Database
):
    """And rejected there, it is recalled no more."""
    await Pairs(database).teach([taught()])
    quote = await asks("b")
    await like(label_service, quote, "slack:b", "👎")
    assert [d.reply_id for d in await corrections.disputed(last=5)] == [quote.id]
    assert (await asks("c")).verified
    assert await corrections.rule(quote.id, "rejected", "slack:admin")
    assert not (await asks("d")).verified


async def test_a_correction_of_a_quote_replaces_what_was_quoted(
    asks, label_service: LabelService, correction_service: CorrectionService
):
    """Once as many people stand behind the newer words; one against them brings the older back."""
    correction = await correction_service.correct(
        (await asks("a")).id, "slack:a", "9시입니다.", "ko"
    )
    older, fan = Subject("correction", correction.id), "slack:b"
    await label_service.react(Reaction(older, fan, "👍", added=True))
    quote = await asks("d")
    newer = await correction_service.correct(quote.id, "slack:d", "이제 10시입니다.", "ko")
    assert (newer.standing, (await asks("e")).text) == ("proposed", "9시입니다.")
    mark = Subject("correction", newer.id)
    await label_service.react(Reaction(mark, "slack:e", "👍", added=True))
    assert (await asks("f")).text == "이제 10시입니다."
    await label_service.react(Reaction(mark, "slack:e", "👎", added=True))
    assert (await asks("g")).text == "9시입니다."


async def test_who_corrects_is_told_if_another_answer_is_used(
    asks, label_service: LabelService, correction_service: CorrectionService
):
    """Two were asked before anything was known, and the first correction is liked already."""
    first, second = await asks("a"), await asks("b")
    correction = await correction_service.correct(first.id, "slack:a", "9시입니다.", "ko")
    await label_service.react(
        Reaction(Subject("correction", correction.id), "slack:c", "👍", added=True)
    )
    other = await correction_service.correct(second.id, "slack:b", "10시입니다.", "ko")
    assert (other.standing, (await asks("d")).text) == ("proposed", "9시입니다.")


async def test_what_was_rejected_is_known_again_when_it_is_taught_again(
    asks, label_service: LabelService, corrections: Corrections, database: Database
):
    """Who teaches has the last word, also with the same file."""
    pairs = Pairs(database)
    await pairs.teach([taught()])
    quote = await asks("b")
    await like(label_service, quote, "slack:b", "👎")
    await corrections.rule(quote.id, "rejected", "slack:admin")
    assert not (await asks("c")).verified
    assert (await pairs.teach([taught()])).changed == 1
    assert (await asks("c")).verified
    assert (await pairs.teach([taught(answer="8월 25일까지입니다.")])).changed == 1
    assert (await asks("d")).text == "8월 25일까지입니다."


async def test_a_quote_does_not_outlive_its_source(
    asks, label_service: LabelService, correction_service: CorrectionService
):
    """However well it was liked: withdrawn is withdrawn."""
    asked = await asks("a")
    correction = await correction_service.correct(asked.id, "slack:a", "13월입니다.", "ko")
    quote = await asks("b")
    assert quote.text == "13월입니다."
    await like(label_service, quote, "slack:b")
    await correction_service.withdraw(correction.id, "slack:a")
    assert not (await asks("c")).verified


async def test_a_forgotten_persons_words_are_nowhere(
    asks, label_service: LabelService, correction_service: CorrectionService, database: Database
):
    """Not even in the answers that quoted them to others."""
    asked = await asks("a")
    await correction_service.correct(asked.id, "slack:b", "우리 집은 은하수길 7", "ko")
    await like(label_service, await asks("o"), "slack:o")
    await PersonalData(database, JUDGE).forget("slack:b")
    assert not (await asks("c")).verified
    rows = await database.rows("SELECT text FROM replies WHERE text LIKE '%은하수%'")
    assert rows == []


@pytest.mark.parametrize("withdrawn", [True, False])
async def test_forgotten_words_go_even_where_their_pair_went_before(
    asks, correction_service: CorrectionService, database: Database, withdrawn: bool
):
    """Withdrawn, or replaced by what somebody else said; the quote that others read is blank."""
    asked = await asks("a")
    correction = await correction_service.correct(asked.id, "slack:b", "우리 집은 은하수길 7", "ko")
    assert (await asks("o")).text == "우리 집은 은하수길 7"
    if withdrawn:
        await correction_service.withdraw(correction.id, "slack:b")
    else:
        await correction_service.correct(asked.id, "slack:c", "7월 25일까지입니다.", "ko")
    await PersonalData(database, JUDGE).forget("slack:b")
    rows = await database.rows("SELECT text FROM replies WHERE text LIKE '%은하수%'")
    assert rows == []


async def test_an_approved_paraphrase_of_forgotten_words_is_no_knowledge(
    asks,
    answers_of,
    label_service: LabelService,
    correction_service: CorrectionService,
    database: Database,
):
    """Nor is the answer that drew on the paraphrase in its turn."""
    asked = await asks("a")
    correction = await correction_service.correct(
        asked.id, "slack:b", "은하수길 7, 7월 25일까지입니다.", "ko"
    )
    unsure = await asks("o", text=VAGUE)
    answers = answers_of(saying("네, 은하수길 7, 7월 25일까지입니다."))
    paraphrase = await (await answers.ask_again(unsure.id, offer=False)).finished()
    await like(label_service, paraphrase, "slack:o")
    await correction_service.withdraw(correction.id, "slack:b")
    assert "은하수" in (await asks("p", text=VAGUE)).text
    await PersonalData(database, JUDGE).forget("slack:b")
    assert [pair async for pair in Pairs(database).approved()] == []
    rows = await database.rows("SELECT text FROM replies WHERE text LIKE '%은하수%'")
    assert rows == []


async def test_words_that_are_forgotten_while_they_are_said_are_not_kept(
    answers_of, database: Database
):
    """Neither stored nor shown in the end, and no source is named."""
    await Pairs(database).teach([taught(person="slack:b")])
    engine = saying("7월 25일까지입니다. 네")
    engine.hold(after_words=1)
    answer = await answers_of(engine).ask(incoming(NEAR))
    await PersonalData(database, JUDGE).forget("slack:b")
    engine.go_on()
    reply = await answer.finished()
    assert (reply.text, reply.status, reply.verified, reply.sources) == ("", "failed", False, ())
    rows = await database.rows("SELECT text, status FROM replies")
    assert [tuple(row) for row in rows] == [("", "failed")]


async def test_an_approval_is_reopened_by_later_opposition(
    asks, label_service: LabelService, corrections: Corrections
):
    """A ruling holds until people see it otherwise."""
    reply = await asks("a", answer="5월입니다")
    await like(label_service, reply, "slack:a")
    await like(label_service, reply, "slack:b", "👎")
    assert await corrections.rule(reply.id, "approved", "slack:admin")
    assert (await asks("c")).verified
    await like(label_service, reply, "slack:d", "👎")
    assert [d.reply_id for d in await corrections.disputed(last=5)] == [reply.id]


async def test_a_contested_correction_waits_for_a_decision(
    asks,
    label_service: LabelService,
    corrections: Corrections,
    correction_service: CorrectionService,
):
    """One against its author is enough; what an admin approves then counts."""
    asked = await asks("a")
    correction = await correction_service.correct(asked.id, "slack:a", "13월입니다.", "ko")
    mark = Reaction(Subject("correction", correction.id), "slack:b", "👎", added=True)
    await label_service.react(mark)
    assert [c.id for c in await corrections.pending(last=5)] == [correction.id]
    assert not (await asks("c")).verified
    assert await correction_service.decide(correction.id, "approved", "slack:admin")
    assert (await asks("d")).text == "13월입니다."


async def test_a_replacement_that_waits_leaves_the_approved_one(
    asks, corrections: Corrections, correction_service: CorrectionService
):
    """It takes its place when it is approved, not before."""
    asked = await asks("a")
    await corrections.add(asked.id, "slack:a", "첫째", pending=False)
    second = await corrections.add(asked.id, "slack:a", "둘째", pending=True)
    assert (await asks("b")).text == "첫째"
    await correction_service.decide(second, "approved", "slack:admin")
    assert (await asks("c")).text == "둘째"
    assert [c.text for c in await corrections.of_reply(asked.id)] == ["둘째"]


async def test_what_people_said_is_read_before_what_was_taught(
    retriever: Retriever, asks, correction_service: CorrectionService, database: Database
):
    """Behind a long file, a correction is still known on the next question, in other words."""
    asked = await asks("a")
    await correction_service.correct(asked.id, "slack:a", "1월과 7월의 25일입니다.", "ko")
    rows = [taught(f"{n}번 서식은 언제 내나요?", f"{n}일") for n in range(100)]
    await Pairs(database).teach(rows)
    found = await retriever.find("tax-ko", "부가가치세 확정신고 언제까지 해야 하나요", most=1)
    assert [r.pair.answer for r in found.near] == ["1월과 7월의 25일입니다."]


async def test_a_vector_of_old_words_is_not_kept(database: Database):
    """When a pair changes while its question is being read."""
    pairs = Pairs(database)
    await pairs.teach([taught()])
    rows = await pairs.without_vector(last=1)
    await pairs.teach([taught(answer="10월 25일까지입니다.")])
    await pairs.put_vectors("fake", rows, [b"old"])
    assert await pairs.without_vector(last=1) == [(rows[0][0], VAT, "10월 25일까지입니다.")]
