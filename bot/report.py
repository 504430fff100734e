"""A round's outcome in words for admins, and a running round in one line.

Pure: outcome in, text out. The web page shows the same words one by one.
"""

from math import isfinite

from bot.findings import clipped, facts, minutes, reasons
from bot.outcome import Outcome, Progress, WentBack
from bot.texts import Language, say
from engine.gate.reasons import Reason
from storage.rounds import Round

SHOWN_SAMPLES = 3
_BAR = 20
# Where each stage begins and ends, in percent of a round (docs/lab-notes.md, the whole loop).
_STAGES = {
    "preparing": (0, 3), "loading": (3, 12), "training": (12, 60), "scoring": (60, 82),
    "writing": (82, 84), "asking": (84, 100),
}  # fmt: skip
_MARKS = {
    "promoted": "✅", "waits": "✋", "rejected": "⛔", "inconclusive": "➖", "failed": "⚠️",
    "cancelled": "⏹️", "replaced": "🔁", "withdrawn": "⛔", "superseded": "➖",
}  # fmt: skip


def report_text(outcome: Outcome, language: Language, *, title: str) -> str:
    """One message without markup, at most 3000 characters; ``title`` names the domain."""
    mark = _MARKS[outcome.state]
    first = f"{mark} {title} #{outcome.round}: {headline(outcome, language)}"
    lines = [first, *reasons(outcome, language)]
    lines += [f"{name}: {value}" for name, value in facts(outcome, language)]
    for sample in outcome.samples[:SHOWN_SAMPLES]:
        asked, before, after = (
            say(f"report_{part}", language) for part in ("question", "before", "after")
        )
        empty = say("report_empty_answer", language)
        lines += [
            f"\n{asked}: {clipped(sample.question)}",
            f"{before}: {clipped(sample.before) or empty}",
            f"{after}: {clipped(sample.after) or empty}",
        ]
    return "\n".join(lines)


def headline(outcome: Outcome, language: Language) -> str:
    """The verdict and what follows from it."""
    return say(f"report_{outcome.state}", language)


def went_back_text(news: WentBack, language: Language, *, title: str) -> str:
    """Why a version was taken back after it had gone live."""
    return say(
        "went_back",
        language,
        title=title,
        version=news.version,
        to=news.to or say("base_model", language),
        up=news.votes[0],
        votes=news.votes[1],
        up_before=news.votes_before[0],
        votes_before=news.votes_before[1],
    )


def live_line(progress: Progress, language: Language) -> str:
    """How far a running round is, for a channel or a terminal."""
    percent = percent_done(progress)
    filled = round(_BAR * percent / 100)
    return say(
        "live_line",
        language,
        domain=progress.domain,
        round=progress.round,
        bar="█" * filled + "░" * (_BAR - filled),
        percent=percent,
        details=live_details(progress, language),
    )


def live_details(progress: Progress, language: Language) -> str:
    """The stage, and step, loss and time left as far as they are known."""
    told = [say(f"report_part_{progress.stage}", language)]
    if progress.steps:
        told[0] += f" {progress.step}/{progress.steps}"
    if progress.loss is not None and isfinite(progress.loss):
        told.append(say("live_loss", language, loss=progress.loss))
    if progress.eta_s is not None:
        told.append(say("live_eta", language, eta=minutes(progress.eta_s)))
    return " · ".join(told)


def percent_done(progress: Progress) -> int:
    """Of the round, as far as its stages foretell that; it never goes back."""
    begin, end = _STAGES[progress.stage]
    done = progress.step / progress.steps if progress.steps else 0.0
    return round(begin + (end - begin) * done)


def outcome_of(kept: Round) -> Outcome:
    """An ended round as the database has it; one that a killed process left has no report."""
    if "verdict" in kept.report:
        return Outcome.of(kept.report)
    return Outcome(kept.id, kept.domain, "failed", (Reason("interrupted", {}),))
