"""What admins read about a round: each verdict and reason, in both languages, in plain words."""

import json
from dataclasses import replace
from typing import get_args

import pytest

from bot.learning.outcome import BeforeAfter, Progress, RoundOutcome, RoundState
from bot.learning.report import headline, live_line, outcome_of, percent_done, report_text
from bot.texts import LANGUAGES, Language
from engine.gate.reasons import ENGLISH, Reason
from engine.training.examples import KINDS
from storage.rounds import Round

# With each reason its values as the gate gives them, and what must be read in its sentence.
REASONS: dict[str, tuple[dict[str, object], str]] = {
    "better": ({"groups": 24, "gain": 0.31, "p": 0.0042, "alpha": 0.03}, "+36.3%"),
    "golden": ({"lost": 2, "first": "부가세는 언제?"}, "부가세는 언제?"),
    "drift": ({"kl": 0.2, "cap": 0.1}, "0.200"),
    "too_few": ({"groups": 7, "needed": 10}, "10"),
    "worse": ({"groups": 24, "loss": 0.5, "p": 0.0042}, "-39.3%"),
    "unclear": ({"groups": 24, "gain": 0.01, "p": 0.31, "alpha": 0.03}, "31%"),
    "tail": ({"group": "복식부기란?", "loss": 0.5, "ratio": 4.2, "needed": 9.0}, "복식부기란?"),
    "canary": ({"question": "부가세는 언제?", "error": "no answer"}, "부가세는 언제?"),
    "forgotten": ({}, ""),
    "forgotten_meanwhile": ({}, ""),
    "failed": ({"error": "not enough memory"}, "not enough memory"),
    "interrupted": ({}, ""),
}
PROMOTED = RoundOutcome(
    3,
    "tax-ko",
    "promoted",
    (Reason("better", REASONS["better"][0]),),
    version="tax-ko-3",
    went_live=True,
    examples=112,
    by_kind=dict.fromkeys(KINDS, 28),
    heldout=24,
    nll={"candidate": 0.73, "base": 1.17},
    golden=(40, 31, 36),
    samples=tuple(BeforeAfter("질문 " * 200, "", "답 " * 200) for _ in range(9)),
    losses=(2.0, 1.0),
    parameters=3_796_992,
    parameters_percent=1.396,
    seconds={"training": 160.4, "scoring": 21.0, "converting": 4.0, "total": 185.4},
    peak_mb=3912,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_verdict_is_told_in_words_of_its_own(language: Language):
    """So is what follows from it: to wait for an admin, to take the place of what must go."""
    unused = replace(PROMOTED, went_live=False)
    outcomes = [replace(unused, verdict=verdict) for verdict in get_args(RoundState)]
    outcomes.append(replace(unused, waits=True))
    must_go = replace(unused, verdict="inconclusive", withdrawn=True)
    outcomes += [replace(must_go, went_live=True), must_go]
    assert len({headline(outcome, language) for outcome in outcomes}) == len(outcomes)
    for outcome in outcomes:
        first = report_text(outcome, language, title="세무").splitlines()[0]
        assert first.endswith(f"세무 #3: {headline(outcome, language)}")


def test_no_reason_of_the_gate_is_without_words():
    """What the gate may say, admins can read."""
    assert REASONS.keys() >= ENGLISH.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", REASONS)
def test_each_reason_is_a_sentence_with_its_figures(key: str, language: Language):
    """Gains are told as the change of a right answer's probability, in percent."""
    values, words = REASONS[key]
    outcome = RoundOutcome(1, "tax-ko", "rejected", (Reason(key, values),))
    _, reason = report_text(outcome, language, title="세무").splitlines()[:2]
    assert words in reason


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "ko",
            ["정정 28", "40개 중 31 → 36개", "31% → 48%", "이전: 기본 모델", "3,796,992", "1.4%"],
        ),
        ("en", ["corrections 28", "31 → 36 of 40", "31% → 48%", "tax-ko-3 (went live", "3,912 MB"]),
    ],
)
def test_everything_measured_is_in_one_message(language: Language, expected: list[str]):
    """With the time by part; long texts are cut, so that it fits into Slack's 3000 characters."""
    text = report_text(PROMOTED, language, title="세무·회계")
    for words in (*expected, "3:05", "2:40", "0:21", "0:04"):
        assert words in text
    assert len(text) <= 3000


def test_a_version_that_waits_is_not_said_to_be_live():
    """Neither is one that was not promoted."""
    unused = replace(PROMOTED, went_live=False)
    waiting = report_text(replace(unused, waits=True), "en", title="Tax")
    rejected = report_text(replace(unused, verdict="rejected"), "en", title="Tax")
    assert "waits for approval" in waiting
    assert "not used" in rejected
    assert not any("went live" in text for text in (waiting, rejected))


def test_a_kept_outcome_is_reported_as_it_was():
    """Through the database's JSON and back, every word is the same."""
    kept = Round(3, "tax-ko", "promoted", json.loads(json.dumps(PROMOTED.as_json())), "", "")
    for language in LANGUAGES:
        assert report_text(outcome_of(kept), language, title="") == report_text(
            PROMOTED, language, title=""
        )


def test_a_round_that_a_killed_process_left_says_so():
    """The database knows no more than that it was interrupted."""
    killed = Round(4, "tax-ko", "failed", {"reason": "interrupted"}, "", "")
    text = report_text(outcome_of(killed), "en", title="Tax")
    assert "did not finish" in text
    assert "The program ended during training" in text


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (
            Progress(3, "tax-ko", "training", 14, 28, 1.2341, 83.4),
            "tax-ko round 3 ███████░░░░░░░░░░░░░ 36% training 14/28 · loss 1.234 · 1:23 left",
        ),
        (Progress(3, "tax-ko", "preparing"), f"tax-ko round 3 {'░' * 20} 0% preparing"),
    ],
)
def test_a_running_round_is_one_line(progress: Progress, line: str):
    """A bar, percent, the stage, and loss and time as far as they are known."""
    assert live_line(progress, "en") == line


def test_the_bar_never_goes_back():
    """From one stage to the next, each with steps of its own or none."""
    steps = [
        Progress(3, "tax-ko", stage, step, of)
        for stage, of in [
            ("preparing", 0), ("loading", 0), ("training", 14), ("scoring", 0), ("writing", 0),
            ("asking", 20),
        ]
        for step in range(of + 1)
    ]  # fmt: skip
    shown = [percent_done(step) for step in steps]
    assert shown == sorted(shown)
    assert shown[-1] == 100
