"""What a user sees at the command line, on the real default model."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.texts import say
from tests.flows.conftest import Run

pytestmark = pytest.mark.slow


def test_a_question_is_answered_and_kept(reactune: Run, tmp_path: Path):
    """The answer is printed; question and reply are in the database with what they took."""
    done = reactune("ask", "부가가치세 신고는 언제 하나요?")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    database = sqlite3.connect(tmp_path / "data" / "reactune.db")
    text, status, tokens, latency, question, person = database.execute(
        "SELECT r.text, r.status, r.tokens, r.latency_ms, q.text, q.person "
        "FROM replies r JOIN questions q ON q.id = r.question_id"
    ).fetchone()
    database.close()
    assert done.stdout.startswith(f"{say('draft', 'ko')}\n\n{text}")
    assert say("unverified", "ko") in done.stdout  # nothing approved stands behind it
    assert (status, question) == ("done", "부가가치세 신고는 언제 하나요?")
    assert tokens > 0
    assert latency > 0
    assert person.startswith("cli:")


def test_an_answer_as_json_is_one_object(reactune: Run):
    """And nothing else is on standard output; asked again, the same: answers are greedy."""
    question = ("ask", "--json", "--domain", "general-en", "What is depreciation?")
    first, second = (reactune(*question).stdout for _ in range(2))
    answer = json.loads(first)
    assert answer["domain"] == "general-en"
    assert answer["answer"]
    assert (answer["verified"], answer["outcome"]) == (False, "unverified")
    assert (answer["source"], answer["as_of"], answer["matched_question"]) == ("", "", "")
    assert first == second


def test_evaluate_counts_what_is_right(reactune: Run, tmp_path: Path):
    """Each row by its own measure; the object is the last line of the output."""
    rows = [
        {"question": "부가가치세 신고는 언제 하나요?", "must": ["부가가치세"]},
        {"question": "부가가치세 신고는 언제 하나요?", "must": ["부가가치세", "없는 말"]},
        {"question": "내일 비가 오나요?", "expect": "unverified"},
        {"question": "What is tax?", "must": ["tax"], "domain": "general-en"},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    done = reactune("evaluate", str(file), "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["n"] == 4
    assert [answer["right"] for answer in report["answers"]] == [True, False, True, True]
    assert report["accuracy"] == 0.75
    assert 0 < report["p50_ms"] <= report["p95_ms"]
    assert report["tokens_per_s"] > 0


def test_doctor_says_that_all_is_well(reactune: Run):
    """The engine is asked for real."""
    done = reactune("doctor", "--json")
    report = json.loads(done.stdout)
    assert report["ok"] is True
    engine = next(check for check in report["checks"] if check["name"] == "engine")
    assert "gemma3-270m" in engine["found"]


def test_statistics_are_quick_to_have(reactune: Run):
    """One object on standard output, and torch, which takes seconds to import, left alone."""
    done = reactune("stats", "--json", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["domains"]["tax-ko"]["buffer_target"] == 50
    assert "numpy" in done.stderr
    assert "torch" not in done.stderr


def test_a_known_answer_names_what_it_rests_on(reactune: Run, tmp_path: Path):
    """Below the answer for a person, by keys for a program: law, date, and the known question."""
    pair = {"question": "창고 열쇠는 누가 관리하나요?", "answer": "총무팀입니다."}
    pair |= {"source": "규정 3조", "as_of": "2026-01-01"}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair), encoding="utf-8")
    reactune("teach", str(tmp_path / "pairs.jsonl"))
    shown = reactune("ask", pair["question"]).stdout
    assert shown.splitlines() == [
        "총무팀입니다.",
        "",
        "✅ 확인됨 · 근거: 규정 3조 (2026-01-01 기준)",
    ]
    known = json.loads(reactune("ask", "--json", "창고 열쇠 누가 관리해요?").stdout)
    assert (known["outcome"], known["verified"]) == ("verified", True)
    assert (known["source"], known["as_of"]) == ("규정 3조", "2026-01-01")
    assert known["matched_question"] == pair["question"]
