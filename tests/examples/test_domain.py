"""The example of a domain, in the folder of somebody's own domains."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.responder import Responder
from bot.app import Data, open_data
from bot.domains import golden_file
from bot.evaluation.question_file import read_rows
from bot.knowledge.importing import ImportResult
from bot.settings import Settings
from engine.gate.golden import occurs, read_golden
from tests.support.fakes import saying
from tests.support.retrieving import retriever_on

NAME = "office-en"
FILES = Path(__file__).parents[2] / "examples" / "domain"
PAIRS = [json.loads(line) for line in (FILES / f"{NAME}.jsonl").read_text().splitlines()]


@pytest.fixture
async def data(tmp_path: Path) -> AsyncIterator[Data]:
    shutil.copytree(FILES, tmp_path / "domains")
    settings = Settings(_env_file=None, reactune_home=tmp_path, domain=NAME, language="en")
    async with open_data(settings) as data:
        yield data


async def taught(data: Data) -> ImportResult:
    return await data.importer.teach(data.settings.home / "domains" / f"{NAME}.jsonl", "cli:me")


async def test_the_domain_is_there_once_its_file_is(data: Data):
    """Beside those that are shipped."""
    domain = data.domains[NAME]
    assert (domain.title, domain.language, domain.unknown) == ("Office", "en", "abstain")
    assert "tax-ko" in data.domains


async def test_its_pairs_can_be_taught(data: Data):
    """Every line is good, and belongs to this domain."""
    result = await taught(data)
    assert (result.new, result.skipped) == (len(PAIRS), 0)
    assert await data.pairs.count(NAME) == len(PAIRS)


async def test_what_it_knows_is_answered_with_its_source(data: Data):
    """In the approved words; a question that nothing answers is not answered by the model."""
    await taught(data)
    retriever = retriever_on(data.database)
    responder = Responder(saying("By magic."), retriever, data.domains)
    known = await responder.respond(NAME, PAIRS[0]["question"], (), "en")
    unknown = await responder.respond(NAME, "Why is the sky blue?", (), "en")
    await retriever.indexes.close()
    assert (known.text, known.known) == (PAIRS[0]["answer"], True)
    assert known.used_pairs[0].pair.source == "House rules, section 1"
    assert unknown.status == "abstained"


def test_its_golden_questions_are_right_with_its_own_answers(tmp_path: Path):
    """The file in the home folder is the one that rounds read."""
    shutil.copytree(FILES, tmp_path / "domains")
    answers = {pair["question"]: pair["answer"] for pair in PAIRS}
    golden = read_golden(golden_file(tmp_path, NAME))
    assert golden
    assert all(one.right(answers[one.question]) for one in golden)


async def test_one_answer_passes_each_question_in_other_words(data: Data):
    """The one that was meant: what the file asks for occurs in no other answer."""
    for row in read_rows(FILES / f"{NAME}.unseen.jsonl", data.domains):
        right = [p for p in PAIRS if all(occurs(must, p["answer"]) for must in row.must)]
        assert len(right) == (1 if row.must else len(PAIRS)), row
