"""A round's outcome in words for admins, and a running round in one line.

Pure: outcome in, text out. The web page shows the same words one by one.
"""

from collections.abc import Mapping
from math import exp, isfinite

from bot.learning.outcome import Progress, RolledBack, RoundOutcome
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
_CLIPPED = 90  # characters of a question or answer, so that a report is one message
# What the trainer and the bot measure; anything else is told as "the rest".
_PARTS = ("preparing", "loading", "training", "scoring", "writing", "asking")


def report_text(outcome: RoundOutcome, language: Language, *, title: str) -> str:
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


def headline(outcome: RoundOutcome, language: Language) -> str:
    """The verdict and what follows from it."""
    return say(f"report_{outcome.state}", language)


def went_back_text(news: RolledBack, language: Language, *, title: str) -> str:
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
    parts = [say(f"report_part_{progress.stage}", language)]
    if progress.steps:
        parts[0] += f" {progress.step}/{progress.steps}"
    if progress.loss is not None and isfinite(progress.loss):
        parts.append(say("live_loss", language, loss=progress.loss))
    if progress.eta_s is not None:
        parts.append(say("live_eta", language, eta=minutes(progress.eta_s)))
    return " · ".join(parts)


def percent_done(progress: Progress) -> int:
    """Of the round, as far as its stages foretell that; it never goes back."""
    begin, end = _STAGES[progress.stage]
    done = progress.step / progress.steps if progress.steps else 0.0
    return round(begin + (end - begin) * done)


def outcome_of(kept: Round) -> RoundOutcome:
    """An ended round as the database has it; one that a killed process left has no report."""
    if "verdict" in kept.report:
        return RoundOutcome.of(kept.report)
    return RoundOutcome(kept.id, kept.domain, "failed", (Reason("interrupted", {}),))


def reasons(outcome: RoundOutcome, language: Language) -> list[str]:
    """Why it came to that, a sentence each."""
    return [_reason_text(reason, language) for reason in outcome.reasons]


def facts(outcome: RoundOutcome, language: Language) -> list[tuple[str, str]]:
    """(What, value) of all that was measured, what matters most to an admin first."""
    values = {
        "examples": _examples(outcome, language),
        "golden": _golden(outcome, language),
        "sureness": _sureness(outcome, language),
        "version": _version(outcome, language),
        "method": _method(outcome, language),
        "time": _time(outcome.seconds, language),
        "memory": say("report_peak", language, mb=outcome.peak_mb) if outcome.peak_mb else "",
    }
    return [(say(f"report_{key}", language), value) for key, value in values.items() if value]


def clipped(text: str, limit: int = _CLIPPED) -> str:
    """One line of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def minutes(seconds: float) -> str:
    """Minutes and seconds, as 1:05."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def _reason_text(reason: Reason, language: Language) -> str:
    """Nats a token become the change of a right answer's probability, chances become percent."""
    values = dict(reason.values)
    changes = {"gain": 1, "loss": -1, "worse_by": -1}
    for name, sign in changes.items():
        if name in values:
            values["change"] = _change(sign * _number(values, name))
    if "tolerance" in values:
        values["limit"] = _change(-_number(values, "tolerance"))
    if "alpha" in values:
        values["limit"] = _chance(_number(values, "alpha"))
    if "p" in values:
        values["chance"] = _chance(_number(values, "p"))
    for name in ("first", "group", "question", "error"):
        if name in values:
            values[name] = clipped(str(values[name]), 2 * _CLIPPED)
    return say(f"reason_{reason.key}", language, **values)


def _number(values: Mapping[str, object], name: str) -> float:
    return float(str(values[name]))


def _change(nats: float) -> str:
    """What so many nats a token do to the probability of each token: +0.1 nats are +11%."""
    return f"{100 * (exp(nats) - 1):+.1f}%"


def _chance(share: float) -> str:
    if share < 0.0001:
        return "<0.01%"
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{100 * share:.2g}%"


def _examples(outcome: RoundOutcome, language: Language) -> str:
    kinds = " · ".join(
        f"{say(f'report_kind_{kind}', language)} {count:,}"
        for kind, count in outcome.by_kind.items()
        if count
    )
    if not kinds:
        return ""
    return say("report_kinds", language, examples=outcome.examples, kinds=kinds)


def _golden(outcome: RoundOutcome, language: Language) -> str:
    asked, before, after = outcome.golden
    if not asked:
        return ""
    return say("report_golden_right", language, asked=asked, before=before, after=after)


def _sureness(outcome: RoundOutcome, language: Language) -> str:
    """The geometric mean of a right token's probability is exp(−NLL)."""
    after = outcome.nll.get("candidate")
    before = outcome.nll.get("previous", outcome.nll.get("base"))
    if after is None or before is None:
        return ""
    return say(
        "report_sure",
        language,
        before=f"{100 * exp(-before):.0f}%",
        after=f"{100 * exp(-after):.0f}%",
        heldout=outcome.heldout,
        nll_before=before,
        nll_after=after,
    )


def _version(outcome: RoundOutcome, language: Language) -> str:
    if outcome.version is None:
        return ""
    state = "live" if outcome.went_live else "waits" if outcome.waits else "unused"
    now = None if outcome.state == "withdrawn" else outcome.previous
    previous = now or say("report_base", language)
    return say(f"report_version_{state}", language, version=outcome.version, previous=previous)


def _method(outcome: RoundOutcome, language: Language) -> str:
    if not outcome.parameters:
        return ""
    return say(
        "report_parameters",
        language,
        method=outcome.method,
        parameters=outcome.parameters,
        share=outcome.parameters_percent,
    )


def _time(seconds: Mapping[str, float], language: Language) -> str:
    """The sum and its parts of a second and more."""
    if not (total := seconds.get("total")):
        return ""
    parts = {name: seconds.get(name, 0.0) for name in _PARTS}
    parts["other"] = total - sum(parts.values())
    lines = [
        f"{say(f'report_part_{name}', language)} {minutes(value)}"
        for name, value in parts.items()
        if value >= 1
    ]
    return f"{minutes(total)} ({' · '.join(lines)})" if lines else minutes(total)
