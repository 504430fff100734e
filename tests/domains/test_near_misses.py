"""The questions that stand one word away from a stored one, and that no pair answers."""

import json
from collections import Counter
from pathlib import Path

import pytest

from engine.retrieval.questions import question_key

ROOT = Path(__file__).parents[2]
DOMAINS = ROOT / "domains"
ENGLISH = ROOT / "benchmarks" / "retrieval_en.jsonl"  # the pairs, and what nothing answers
KEYS = {"question", "near", "kind", "differs", "reason"}
KINDS = {
    "country", "year", "number", "unit", "opposite", "negation", "direction", "subject",
    "question_word", "other_object",
}  # fmt: skip
ASKED = {"tax-ko": KINDS | {"tax"}, "general-en": KINDS}
EACH_DOMAIN = pytest.mark.parametrize("domain", ASKED)


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def near_misses(domain: str) -> list[dict[str, str]]:
    return read(DOMAINS / f"{domain}.near-misses.jsonl")


def pack(domain: str) -> set[str]:
    """The stored questions."""
    path = ENGLISH if domain == "general-en" else DOMAINS / f"{domain}.jsonl"
    return {row["question"] for row in read(path) if "question" in row}


def unseen(domain: str) -> set[str]:
    """The questions that measure recall otherwise."""
    if domain == "general-en":
        return {row["asked"] for row in read(ENGLISH)}
    return {row["question"] for row in read(DOMAINS / f"{domain}.unseen.jsonl")}


@EACH_DOMAIN
def test_each_row_says_what_differs_and_why(domain: str):
    """All keys are there, none is empty, and the kind is a known one."""
    for row in near_misses(domain):
        assert row.keys() == KEYS, row
        assert all(value.strip() for value in row.values()), row
        assert row["kind"] in ASKED[domain], row


@EACH_DOMAIN
def test_each_row_is_near_to_a_stored_question(domain: str):
    """It stands in the pack word for word."""
    assert {row["near"] for row in near_misses(domain)} <= pack(domain)


@EACH_DOMAIN
def test_what_differs_stands_in_the_question(domain: str):
    """And not in the stored one."""
    for row in near_misses(domain):
        assert row["differs"] in row["question"], row
        assert row["differs"] not in row["near"], row


@EACH_DOMAIN
def test_no_near_miss_is_asked_elsewhere(domain: str):
    """Neither in the pack nor among the questions that measure recall otherwise."""
    taken = {question_key(question) for question in pack(domain) | unseen(domain)}
    assert not taken & {question_key(row["question"]) for row in near_misses(domain)}


@EACH_DOMAIN
def test_no_near_miss_is_there_twice(domain: str):
    """Not even with other spaces or punctuation."""
    keys = Counter(question_key(row["question"]) for row in near_misses(domain))
    assert keys.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("domain", "rows", "of_a_kind"), [("tax-ko", 220, 12), ("general-en", 70, 4)]
)
def test_every_kind_is_well_filled(domain: str, rows: int, of_a_kind: int):
    """So a figure for one kind rests on more than a few questions."""
    kinds = Counter(row["kind"] for row in near_misses(domain))
    assert kinds.total() >= rows
    assert kinds.keys() == ASKED[domain]
    assert min(kinds.values()) >= of_a_kind
