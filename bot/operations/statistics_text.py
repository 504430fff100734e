"""Statistics as people read them: a few lines in a chat, a table on the terminal."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.learning.outcome import Progress
from bot.operations.statistics import Statistics
from bot.texts import Language, say
from engine.gate.confidence import wilson
from engine.serving.base import EngineStats
from storage.statistics import VersionApproval

_UNKNOWN = "–"
_VERSIONS = 4  # whose approval is told, the latest
_BETWEEN, _AFTER_NAME = " · ", ": "  # in the texts: between two numbers, and before each


def in_chat(
    statistics: Sequence[Statistics],
    language: Language,
    queue: EngineStats | None = None,
    progress: Progress | None = None,
) -> str:
    """The domains in which something has happened; ``queue`` and ``progress``: as of now."""
    busy = [one for one in statistics if not one.quiet]
    if not busy:
        return say("stats_empty", language)
    return "\n\n".join(
        f"*{one.counts.domain}*\n{_told(one, language, queue, progress)}" for one in busy
    )


def as_table(statistics: Sequence[Statistics], language: Language) -> str:
    """The same, one number a line; domains in which nothing has happened are named at the end."""
    parts = []
    for one in statistics:
        if not one.quiet:
            lines = _told(one, language, None, None).splitlines()
            cells = [cell.split(_AFTER_NAME, 1) for line in lines for cell in line.split(_BETWEEN)]
            width = max(_columns(name) for name, _ in cells)
            rows = [f"  {name}{' ' * (width - _columns(name))}  {value}" for name, value in cells]
            parts.append("\n".join([one.counts.domain, *rows]))
    if quiet := [one.counts.domain for one in statistics if one.quiet]:
        parts.append(say("stats_quiet", language, domains=", ".join(quiet)))
    return "\n\n".join(parts)


def _columns(text: str) -> int:
    """How wide a terminal shows ``text``: Hangul takes two columns."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _told(
    one: Statistics, language: Language, queue: EngineStats | None, progress: Progress | None
) -> str:
    by_version = [_by_version(votes, language) for votes in one.by_version[-_VERSIONS:]]
    return "\n".join(
        [
            _learned(one, language, progress),
            _verified(one, language),
            _answered(one, language, queue),
            *by_version,
        ]
    )


def _learned(one: Statistics, language: Language, progress: Progress | None) -> str:
    layers = one.layers
    return say(
        "stats_learned",
        language,
        trainings=one.counts.trainings,
        buffer=one.buffer,
        target=one.target,
        training=_training(one, language, progress),
        live=one.live or say("stats_base", language),
        lora=_UNKNOWN if layers is None else layers.lora,
        bottleneck=_UNKNOWN if layers is None else layers.others,
        versions=one.versions,
        last=_last(one, language),
        seconds=_seconds(one.seconds, language),
        peak=_UNKNOWN if one.peak_mb is None else f"{one.peak_mb:,} MB",
        known=one.known,
        corrections=one.counts.corrections,
        pending=one.counts.pending,
    )


def _verified(one: Statistics, language: Language) -> str:
    """From where on answers are verified, on what that rests, and how often they are wrong."""
    promise = one.promise
    if promise is None:
        key = "stats_unread" if one.known else "stats_nothing_known"
        return say("stats_verified_not_yet", language, reason=say(key, language))
    threshold = f"{promise.threshold:.2f}"
    return say(
        "stats_verified",
        language,
        threshold=say("stats_same_words", language) if promise.only_same_words else threshold,
        embedder=promise.embedder,
        judged=promise.judged,
        own=promise.own,
        shipped=promise.shipped,
        wrong=_UNKNOWN if promise.wrong is None else f"{promise.wrong:.1%}",
        accepted=f"{100 * promise.max_wrong:.3g}%",
    )


def _answered(one: Statistics, language: Language, queue: EngineStats | None) -> str:
    counts = one.counts
    return say(
        "stats_answered",
        language,
        accuracy=_share(one.accuracy),
        approval=_share(one.approval),
        up=counts.up,
        down=counts.down,
        questions=counts.questions,
        people=counts.people,
        answered=counts.answered,
        suggested=counts.suggested,
        picks=counts.picks,
        abstained=counts.abstained,
        stopped=counts.stopped,
        failed=counts.failed,
        p50=_milliseconds(counts.p50_ms),
        p95=_milliseconds(counts.p95_ms),
        queue=_queue(queue, language),
        memory=f"{one.memory_mb:,} MB",
    )


def _queue(queue: EngineStats | None, language: Language) -> str:
    if queue is None:
        return _UNKNOWN
    return say("stats_queue", language, running=queue.running, waiting=queue.waiting)


def _training(one: Statistics, language: Language, progress: Progress | None) -> str:
    if progress and progress.domain == one.counts.domain and progress.steps:
        return say("stats_training_step", language, share=progress.step / progress.steps)
    return say("stats_training" if one.training else "stats_idle", language)


def _last(one: Statistics, language: Language) -> str:
    if one.last is None or one.last.ended_at is None:
        return _UNKNOWN
    ended = datetime.fromisoformat(one.last.ended_at).astimezone()
    return f"{say(f'stats_{one.last.state}', language)} ({ended:%Y-%m-%d %H:%M})"


def _by_version(votes: VersionApproval, language: Language) -> str:
    low, high = wilson(votes.approved, votes.total)
    return say(
        "stats_version",
        language,
        version=votes.version or say("stats_base", language),
        share=votes.approved / votes.total,
        low=low,
        high=high,
        total=votes.total,
    )


def _share(share: float | None) -> str:
    return _UNKNOWN if share is None else f"{share:.0%}"


def _seconds(value: float | None, language: Language) -> str:
    return _UNKNOWN if value is None else say("stats_seconds", language, seconds=value)


def _milliseconds(value: int | None) -> str:
    return _UNKNOWN if value is None else f"{value:,} ms"
