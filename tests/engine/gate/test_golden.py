"""What a domain must never unlearn."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate.golden import Golden, GoldenError, GoldenResult, compare, read_golden

DOMAINS = Path(__file__).parents[3] / "domains"
TAX = DOMAINS / "tax-ko.golden.jsonl"
TEXT = st.text(min_size=1).filter(str.strip)


def stored() -> dict[str, str]:
    lines = (DOMAINS / "tax-ko.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["question"]: row["answer"] for row in map(json.loads, lines)}


def test_the_shipped_file_has_forty() -> None:
    """Forty tax questions, none twice."""
    assert len(read_golden(TAX)) == 40


@pytest.mark.parametrize("golden", read_golden(TAX), ids=lambda golden: golden.question)
def test_each_stored_answer_is_right(golden: Golden) -> None:
    """The starter pack's answer to a golden question holds all that it must, a figure too."""
    assert golden.right(stored()[golden.question])
    assert any(character.isdigit() for character in "".join(golden.must))


def test_no_other_half_of_the_pack_would_do() -> None:
    """A golden question is not passed by most answers of the pack: at most one of seven."""
    answers = stored().values()
    for golden in read_golden(TAX):
        assert sum(map(golden.right, answers)) <= len(answers) / 7, golden


def test_no_file_is_no_questions(tmp_path: Path) -> None:
    """A domain without golden questions is judged without them."""
    assert read_golden(tmp_path / "general-en.golden.jsonl") == ()


@given(st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=1)), unique_by=lambda row: row[0].strip()))
def test_what_is_written_is_read(rows: list[tuple[str, list[str]]]) -> None:
    """Any questions and strings come back in their order, blank lines and a BOM aside."""
    lines = [json.dumps({"question": q, "must": m}) for q, m in rows]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.golden.jsonl"
        path.write_text("\ufeff" + "\n\n".join(lines), encoding="utf-8")
        assert read_golden(path) == tuple(Golden(q.strip(), tuple(m)) for q, m in rows)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "an object with"),
        ('{"question": "a"}', "an object with"),
        ('{"question": "a", "must": ["b"], "answer": "c"}', "nothing else"),
        ('{"question": " ", "must": ["b"]}', '"question" is not a text'),
        ('{"question": 1, "must": ["b"]}', '"question" is not a text'),
        ('{"question": "a", "must": "b"}', "not a list"),
        ('{"question": "a", "must": []}', "not a list"),
        ('{"question": "a", "must": ["b", ""]}', "an empty one"),
        ('{"question": "a", "must": [10]}', "not a text"),
        ('{"question": "ok", "must": ["c"]}', "twice"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    """A line that cannot be used is told by its number and what is wrong with it."""
    path = tmp_path / "x.golden.jsonl"
    path.write_text('{"question": "ok", "must": ["b"]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(GoldenError, match=f"golden.jsonl:2: .*{reason}"):
        read_golden(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, or a folder in its place, are one line with the path."""
    path = tmp_path / "x.golden.jsonl"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(GoldenError, match="not UTF-8"):
        read_golden(path)
    with pytest.raises(GoldenError, match="cannot be read"):
        read_golden(tmp_path)


def test_only_right_to_wrong_counts() -> None:
    """Of the four ways that a question can go, one has turned wrong."""
    golden = [Golden(name, ("10%",)) for name in ("kept", "lost", "won", "never")]
    live = {"kept": "10%", "lost": "10%입니다", "won": "1 %", "never": ""}
    candidate = {"kept": "10%.", "lost": "110%", "won": "10%", "never": "?"}
    outcomes = compare(golden, live, candidate)
    assert [o.question for o in outcomes if o.turned_wrong] == ["lost"]
    assert outcomes[2] == GoldenResult("won", live=False, candidate=True)


def test_a_missing_answer_is_an_error() -> None:
    """A question that was not asked is not taken for wrong, nor for right."""
    with pytest.raises(KeyError):
        compare([Golden("a", ("b",))], {"a": "b"}, {})
