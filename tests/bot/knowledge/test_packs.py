"""What a field comes with: loaded by itself once, removed for good."""

import json
from pathlib import Path

import pytest

from bot import domains
from bot.domains import Domain
from bot.errors import FileError
from bot.feedback.labels import LabelService
from bot.knowledge.importing import Importer
from bot.knowledge.packs import StarterPacks
from bot.knowledge.retriever import Retriever
from bot.privacy.masker import Masker
from storage.database import Database
from storage.labels import Subject
from storage.pairs import Pairs
from storage.rounds import Rounds
from storage.starter_packs import LoadedPacks
from tests.bot.conftest import incoming
from tests.bot.knowledge.test_retriever import taught
from tests.support.fakes import saying
from tests.support.waiting import until

FOLDER = Path(__file__).parents[3] / "domains"
DOMAIN = Domain(name="tax-ko", title="세무")
ROWS = [
    ("부가세는 언제?", "7월 25일"),
    ("소득세는 언제?", "5월 31일"),
    ("법인세는 언제?", "3월 31일"),
]


@pytest.fixture(autouse=True)
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A field that comes with three pairs."""
    file = tmp_path / "tax-ko.jsonl"
    rows = [
        {"question": q, "answer": a, "source": "세법 제1조", "domain": "tax-ko"} for q, a in ROWS
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr(domains, "_SHIPPED", tmp_path)
    return file


@pytest.fixture
def starters(database: Database, retriever: Retriever) -> StarterPacks:
    pairs = Pairs(database)
    importer = Importer(pairs, Masker(frozenset()), ["tax-ko"], "tax-ko")
    return StarterPacks(pairs, LoadedPacks(database), importer, retriever.indexes)


@pytest.fixture
def pairs(database: Database) -> Pairs:
    return Pairs(database)


async def test_where_nothing_ever_happened_it_is_loaded_once(starters: StarterPacks, pairs: Pairs):
    """And answers at once, with its source."""
    assert await starters.load_first(DOMAIN) == 3
    assert await starters.load_first(DOMAIN) == 0
    assert await pairs.count("tax-ko") == 3
    found = await starters.of(DOMAIN)
    assert found
    assert found.loaded == 3


async def test_what_it_says_is_known_word_for_word_before_it_is_read_in(
    starters: StarterPacks, retriever: Retriever
):
    """The first question need not wait for the embedder's work on all pairs."""
    await starters.load_first(DOMAIN)
    found = await retriever.find("tax-ko", "부가세는 언제?", most=1)
    assert (found.known, found.near[0].pair.source) == (True, "세법 제1조")


async def test_reading_it_in_makes_it_known_in_other_words_and_tells_how_far_it_is(
    starters: StarterPacks, pairs: Pairs
):
    """In the background; whoever watches hears of each step."""
    await starters.load_first(DOMAIN)
    heard: list[str] = []
    starters.subscribers.subscribe(heard.append)
    starters.read_in(DOMAIN, 3)
    loading = starters.loading("tax-ko")
    assert loading
    assert (loading.state, loading.read, loading.total) == ("running", 0, 3)
    await until(lambda: loading.state == "done")
    assert (loading.read, heard) == (3, ["tax-ko"] * 2)
    assert await pairs.without_vector(last=1) == []


async def test_what_is_removed_while_it_is_read_in_stays_removed(
    starters: StarterPacks, pairs: Pairs
):
    """The work ends by itself."""
    await starters.load_first(DOMAIN)
    starters.read_in(DOMAIN, 3)
    running = starters.loading("tax-ko")
    await starters.remove("tax-ko")
    assert running
    await until(lambda: running.state == "done")
    assert (left := starters.loading("tax-ko"))
    assert (left.state, await pairs.count("tax-ko")) == ("removed", 0)


async def test_where_something_is_known_nothing_is_loaded(starters: StarterPacks, pairs: Pairs):
    """Whatever domain it is in."""
    await pairs.teach([taught(domain="other")])
    assert await starters.load_first(DOMAIN) == 0


async def test_where_somebody_has_asked_nothing_is_loaded(starters: StarterPacks, answers_of):
    """This team has begun without it."""
    await (await answers_of(saying("?")).ask(incoming())).finished()
    assert await starters.load_first(DOMAIN) == 0


async def test_what_was_removed_does_not_come_back(starters: StarterPacks, pairs: Pairs):
    """By itself; who wants it loads it again."""
    await starters.load_first(DOMAIN)
    assert await starters.remove("tax-ko") == 3
    assert await starters.load_first(DOMAIN) == 0
    assert await pairs.count("tax-ko") == 0
    offered = await starters.of(DOMAIN)
    assert offered
    assert (offered.pairs, offered.loaded) == (3, 0)


async def test_removing_leaves_what_people_taught(
    starters: StarterPacks, pairs: Pairs, retriever: Retriever
):
    """Another answer to a question of the pack, the same answer once more, and a new question."""
    await starters.load_first(DOMAIN)
    await pairs.teach([taught("부가세는 언제?", "1월 25일"), taught("다른 질문?", "네")])
    await pairs.teach([taught("소득세는 언제?", "5월 31일", source="세법 제1조", as_of="")])
    await starters.remove("tax-ko")
    assert sorted([pair.question async for pair in pairs.approved()]) == [
        "다른 질문?", "부가세는 언제?", "소득세는 언제?",
    ]  # fmt: skip
    assert not (await retriever.find("tax-ko", "법인세는 언제?", most=1)).known


async def test_a_removed_pack_leaves_no_answer_behind(starters: StarterPacks, retriever: Retriever):
    """From the next question on, though it was found before."""
    await starters.load_first(DOMAIN)
    assert (await retriever.find("tax-ko", "법인세는 언제?", most=1)).known
    await starters.remove("tax-ko")
    assert not (await retriever.find("tax-ko", "법인세는 언제?", most=1)).near


async def test_a_pack_brings_no_round_nearer(starters: StarterPacks, database: Database):
    """It is not what this team has said; what people teach counts as ever."""
    rounds = Rounds(database)
    await starters.load_first(DOMAIN)
    assert await rounds.fresh("tax-ko") == 0
    assert await rounds.claim("tax-ko", at_least=1) is None
    await Pairs(database).teach([taught("다른 질문?", "네")])
    assert await rounds.fresh("tax-ko") == 1


async def test_a_round_does_not_claim_the_pack(starters: StarterPacks, database: Database):
    """It may train on it as on what is known already, round after round."""
    await starters.load_first(DOMAIN)
    await Pairs(database).teach([taught("다른 질문?", "네")])
    number = await Rounds(database).claim("tax-ko", at_least=1)
    rows = await database.rows("SELECT question FROM pairs WHERE round_id = ?", (number,))
    assert [row["question"] for row in rows] == ["다른 질문?"]


async def test_a_vote_on_an_answer_of_the_pack_counts(
    starters: StarterPacks, answers_of, label_service: LabelService, database: Database
):
    """It is a label as any other."""
    await starters.load_first(DOMAIN)
    reply = await (await answers_of(saying("?")).ask(incoming("부가세는 언제?"))).finished()
    await label_service.toggle(Subject("reply", reply.id), "web:u", "👍")
    assert await Rounds(database).fresh("tax-ko") == 1


async def test_a_field_without_a_pack_loads_nothing(starters: StarterPacks):
    """Nor has it anything to offer."""
    other = Domain(name="office", title="Office")
    assert await starters.load_first(other) == 0
    assert await starters.of(other) is None


async def test_a_pack_that_cannot_be_read_stops_nobody(
    starters: StarterPacks, monkeypatch: pytest.MonkeyPatch
):
    """It is in the log; the next start tries again."""

    async def broken(*_: object) -> None:
        raise FileError("no")

    monkeypatch.setattr(Importer, "teach", broken)
    assert await starters.load_first(DOMAIN) == 0
    monkeypatch.undo()
    monkeypatch.setattr(domains, "_SHIPPED", FOLDER)
    assert await starters.load_first(DOMAIN) == 329
