"""What a round trains on, and what stands before each question."""

import re
from pathlib import Path

import pytest

from bot.knowledge.opinions import accepted_by_all
from bot.knowledge.retriever import Retriever
from bot.learning.dataset import build_dataset
from bot.learning.round import epochs_of
from engine.retrieval.questions import question_key
from engine.training.examples import Example
from storage.corrections import Corrections
from storage.database import Database
from storage.picks import Picks
from storage.rounds import Rounds
from storage.training_data import TrainingData
from tests.bot.conftest import DOMAINS, JUDGE
from tests.bot.learning.fakes import Workshop, answered, vote

DOMAIN = DOMAINS["tax-ko"]


async def chosen(
    database: Database, retriever: Retriever, most_of_one: float = 1.0, needed: int = 1
) -> list[Example]:
    """The examples of a round that claims everything."""
    number = await Rounds(database).claim("tax-ko", at_least=0)
    assert number is not None
    found = await build_dataset(
        await TrainingData(database, accepted_by_all).of("tax-ko", number), retriever, DOMAIN,
        seed=number, most_of_one=most_of_one, groups_needed=needed,
    )  # fmt: skip
    return list(found.examples)


@pytest.fixture
def workshop(tmp_path: Path, database: Database, retriever: Retriever) -> Workshop:
    return Workshop(tmp_path, database, retriever)


async def test_no_pair_stands_before_its_own_question(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Where another phrasing shows the answer, as it will when people ask in their own words."""
    await workshop.teach(6)
    for n in range(6):
        subject = await answered(
            database, f"{n}번 서식은 언제까지 내나요?", f"{n}번 서식은 {n}월에 냅니다."
        )
        await vote(database, subject, 1)
    examples = await chosen(database, retriever)
    assert len(examples) == 12
    for example in examples:
        assert example.question not in [turn.question for turn in example.recalled]
        assert example.answer in [turn.answer for turn in example.recalled]


async def test_the_only_phrasing_of_a_fact_is_read_all_the_same(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Its own pair stands last: a prompt without the answer would teach not to look there."""
    await workshop.teach(12)
    for example in await chosen(database, retriever):
        assert example.recalled[-1].question == example.question


async def test_phrasings_of_one_fact_stay_together(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """The same answer is the same fact: on one side of the split, recalled for each other."""
    await workshop.teach(10)
    for n in range(10):
        subject = await answered(
            database, f"{n}번 서식 제출은 몇 월?", f"{n}번 서식은 {n}월에 냅니다."
        )
        await vote(database, subject, 1)
    examples = await chosen(database, retriever)
    sides: dict[str, set[str]] = {}
    for example in examples:
        sides.setdefault(example.answer, set()).add(example.split)
    assert len(examples) == 20
    assert all(len(splits) == 1 for splits in sides.values())
    assert {"train", "heldout"} == {example.split for example in examples}


async def test_questions_are_trained_on_as_they_are_served(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """With as many pairs before them as the domain recalls."""
    await workshop.teach(12)
    recalled = {(e.split, len(e.recalled)) for e in await chosen(database, retriever)}
    assert recalled == {("heldout", DOMAIN.recalled), ("train", DOMAIN.recalled)}


@pytest.mark.parametrize(("rows", "epochs"), [(1, 4), (12, 4), (24, 2), (33, 2), (48, 1), (360, 1)])
def test_few_rows_are_passed_more_often(rows: int, epochs: int):
    """Until there have been six updates, at most four times."""
    assert epochs_of(rows) == epochs


async def test_words_weigh_more_than_votes(database: Database, retriever: Retriever):
    """A correction 1, an answer that one person approved 0.3, that two approved 0.51."""
    one = await answered(database, "취득세는 언제 내나요?", "60일 안에 냅니다.")
    two = await answered(database, "재산세는 언제 내나요?", "7월과 9월에 냅니다.")
    corrected = await answered(database, "주민세는 언제 내나요?", "모릅니다.")
    await vote(database, one, 1)
    await vote(database, two, 1, ["slack:a", "slack:b"])
    await Corrections(database, JUDGE).add(corrected.id, "slack:c", "8월에 냅니다.", pending=False)
    weights = {e.answer: round(e.weight, 2) for e in await chosen(database, retriever)}
    assert weights == {
        "60일 안에 냅니다.": 0.3,
        "7월과 9월에 냅니다.": 0.51,
        "8월에 냅니다.": 1.0,
        "모릅니다.": 1.0,
    }


async def test_of_two_corrections_of_one_question_the_newer_is_learned(
    database: Database, retriever: Retriever
):
    """As it is the newer that is answered: a deadline may have moved."""
    for month in ("1월", "2월", "3월"):
        asked = await answered(database, "취득세는 언제 내나요?", f"{month}? 모릅니다.")
        answer = f"{month}에 냅니다."
        await Corrections(database, JUDGE).add(asked.id, "slack:a", answer, pending=False)
    for number in (1, 2):  # as fresh ones, and as what an earlier round has had
        learned = [e.answer for e in await chosen(database, retriever) if e.accepted]
        assert learned == ["3월에 냅니다."]
        await Rounds(database).end(number, "rejected", {})


async def test_what_people_reject_is_unlearned(database: Database, retriever: Retriever):
    """An answer with 👎, and one that was put right; never more than half of what is learned."""
    await Workshop(Path(), database, retriever).teach(4)
    disliked = await answered(database, "상속세 신고는 언제인가요?", "내일까지입니다.")
    await vote(database, disliked, -1)
    kinds = {e.answer: e.kind for e in await chosen(database, retriever)}
    assert kinds.pop("내일까지입니다.") == "rejected"
    assert set(kinds.values()) == {"taught"}


async def test_disputed_answers_are_left_out(database: Database, retriever: Retriever):
    """One likes it, one does not: that is for a reviewer."""
    split = await answered(database, "증여세 신고는 언제인가요?", "3개월 안에 합니다.")
    await vote(database, split, 1, ["slack:a"])
    await vote(database, split, -1, ["slack:b"])
    assert await chosen(database, retriever) == []


async def test_one_person_does_not_dominate(database: Database, retriever: Retriever):
    """Whoever votes for everything has at most their share of the weight."""
    for n in range(20):
        subject = await answered(database, f"{n}호 서식은 무엇인가요?", f"{n}번 신고서입니다.")
        await vote(database, subject, 1, ["slack:busy"])
    for person in "abcd":
        subject = await answered(database, f"{person}형 서식은 무엇인가요?", f"{person} 신고서")
        await vote(database, subject, 1, [f"slack:{person}"])
    weights = {e.answer: e.weight for e in await chosen(database, retriever, most_of_one=0.3)}
    busy = sum(weight for answer, weight in weights.items() if re.match(r"\d", answer))
    assert busy / sum(weights.values()) == pytest.approx(0.3)


async def test_later_rounds_learn_everything_again(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Each starts from the base model, so what earlier rounds had comes along."""
    await workshop.teach(10)
    first = await workshop.rounds.claim("tax-ko", at_least=1)
    await workshop.rounds.end(first or 0, "rejected", {})
    await workshop.teach(3, start=10)
    assert len(await chosen(database, retriever)) == 13


async def test_other_rounds_see_other_parts_of_a_large_pack(workshop: Workshop, database: Database):
    """A thousand are read each time: after ten rounds nearly everything has been."""
    await workshop.teach(3000)
    seen = set[int | None]()
    for number in range(1, 12):
        await workshop.rounds.claim("tax-ko", at_least=0)
        found = await TrainingData(database, accepted_by_all).of("tax-ko", number)
        seen |= {m.pair_id for m in found if not m.fresh}
        await workshop.rounds.end(number, "rejected", {})
    assert len(seen) > 2900


@pytest.mark.parametrize(("facts", "heldout"), [(30, 12), (24, 12), (16, 8), (80, 16)])
async def test_as_many_are_held_out_as_judging_needs(
    workshop: Workshop, database: Database, retriever: Retriever, facts: int, heldout: int
):
    """And two to spare, though never more than half; a fifth where that is more."""
    await workshop.teach(facts)
    examples = await chosen(database, retriever, needed=10)
    assert sum(e.split == "heldout" for e in examples) == heldout


async def test_what_is_only_rejected_is_not_held_out(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Nothing can be judged by it: a round with many 👎 would be trained for nothing."""
    await workshop.teach(24)
    for n in range(12):
        subject = await answered(database, f"{n}호 부칙의 내용은?", f"{n}번째 아무 말입니다.")
        await vote(database, subject, -1)
    examples = await chosen(database, retriever, needed=10)
    assert {e.kind for e in examples if e.split == "heldout"} == {"taught"}
    assert sum(e.split == "heldout" for e in examples) == 12
    assert sum(e.kind == "rejected" for e in examples) == 12


async def test_the_domain_speaks_first(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Its system text and language, as in serving."""
    await workshop.teach(2)
    contexts = {(e.system, e.language) for e in await chosen(database, retriever)}
    assert contexts == {(DOMAIN.system, "ko")}


async def test_everybody_is_known_whose_words_are_in_it(database: Database, retriever: Retriever):
    """Who asked, who voted, and whom the answer repeats: a version is marked when they go."""
    subject = await answered(database, "취득세는 언제 내나요?", "60일 안에 냅니다.", "slack:asker")
    await vote(database, subject, 1, ["slack:voter"])
    async with database.transaction() as db:
        await db.execute("INSERT INTO repeats VALUES (?, 'slack:author')", (subject.id,))
    number = await Rounds(database).claim("tax-ko", at_least=1)
    [material] = await TrainingData(database, accepted_by_all).of("tax-ko", number or 0)
    assert set(material.people) == {"slack:asker", "slack:voter", "slack:author"}


async def test_what_people_mean_by_other_words_is_learned_as_it_is_served(
    workshop: Workshop, database: Database, retriever: Retriever
):
    """Beside the pair's own question, which then stands before these words."""
    await workshop.teach(3)
    picks = Picks(database)
    words = "첫 번째 서식의 마감은?"
    for person in ("slack:a", "slack:b"):
        subject = await answered(database, words, "?", person)
        key = question_key(words)
        await picks.add(subject.id, [1], key=key, person=person, fits=True, decides=False)
    examples = {e.question: e for e in await chosen(database, retriever)}
    assert len(examples) == 4
    assert (examples[words].answer, examples[words].kind) == (
        "0번 서식은 0월에 냅니다.",
        "approved",
    )
    assert examples[words].weight == pytest.approx(0.51)
    assert words not in [turn.question for turn in examples[words].recalled]
    assert examples[words].answer in [turn.answer for turn in examples[words].recalled]
    assert examples[words].together == examples["0번 서식은 언제 내나요?"].together


async def test_whose_words_a_recalled_answer_repeats_is_known(
    database: Database, retriever: Retriever
):
    """It stands before another question, so a version learns from them there as well."""
    subject = await answered(database, "취득세는 언제 내나요?", "60일 안에 냅니다.", "slack:asker")
    await vote(database, subject, 1, ["slack:voter"])
    async with database.transaction() as db:
        await db.execute("INSERT INTO repeats VALUES (?, 'slack:author')", (subject.id,))
    [pair] = await database.rows("SELECT id FROM pairs")
    assert await retriever.people_in([pair["id"]]) == {"slack:asker", "slack:author"}
