"""A round reads its examples whole, or says which line is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.prompt import Turn
from engine.training.examples import Example, ExamplesError, read_examples, write_examples

EXAMPLE = Example("부가세율은?", "10%입니다.", recalled=(Turn("소득세율은?", "6~45%입니다."),))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Every field survives, with recalled pairs in their order."""
    written = [
        EXAMPLE,
        replace(EXAMPLE, question="b", kind="rejected", weight=0.3, split="heldout"),
    ]
    write_examples(tmp_path / "examples.jsonl", written)
    assert read_examples(tmp_path / "examples.jsonl") == written


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "line 2 of the examples Expecting"),
        ("[]", "line 2 of the examples is no object"),
        ('{"question": "a"}', "line 2 of the examples is missing 1 required.*'answer'"),
        ('{"question": "a", "answer": " "}', "line 2 .* empty question or answer"),
        ('{"question": 1, "answer": "b"}', "line 2 .* a question that is no text"),
        ('{"question": "a", "answer": "b", "kind": "good"}', "kind 'good'; known are approved"),
        ('{"question": "a", "answer": "b", "weight": 0}', "weight 0; it must be above 0"),
        ('{"question": "a", "answer": "b", "weight": NaN}', "weight nan"),
        ('{"question": "a", "answer": "b", "wait": 1}', "unknown key 'wait'"),
        ('{"question": "a", "answer": "b", "recalled": [1]}', "recalled pair that is not"),
        ('{"question": "a", "answer": "b", "recalled": 1}', "line 2"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, reason: str) -> None:
    """The error says which line and what is wrong."""
    path = tmp_path / "examples.jsonl"
    path.write_text(json.dumps(EXAMPLE.as_row()) + f"\n{row}\n")
    with pytest.raises(ExamplesError, match=reason):
        read_examples(path)


def test_a_group_on_both_sides_is_refused(tmp_path: Path) -> None:
    """A paraphrase in training would make the held-out score worthless."""
    rows = [replace(EXAMPLE, group="vat"), replace(EXAMPLE, question="b", group="vat")]
    write_examples(tmp_path / "e", [rows[0], replace(rows[1], split="heldout")])
    with pytest.raises(ExamplesError, match="'vat' is on both sides"):
        read_examples(tmp_path / "e")


def test_nothing_to_learn_is_refused(tmp_path: Path) -> None:
    """Rejected answers alone are no training set."""
    write_examples(tmp_path / "e", [replace(EXAMPLE, kind="rejected")])
    with pytest.raises(ExamplesError, match="no accepted answer"):
        read_examples(tmp_path / "e")
    with pytest.raises(ExamplesError, match="cannot be read"):
        read_examples(tmp_path / "none")
