"""What the short commands do: evaluate a file, train, teach, export and the like."""

import json
import math
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.answering.responder import Responder
from bot.app import App, Data, open_app, open_data
from bot.cli.asking import person_here
from bot.domains import check_domain, load_domains
from bot.errors import UnansweredError
from bot.evaluation.question_file import (
    CaseResult,
    EvaluationReport,
    ask_rows,
    read_rows,
    summarize,
)
from bot.knowledge.importing import ImportResult, as_line, write_lines
from bot.learning.news import News
from bot.learning.outcome import Progress, RoundOutcome
from bot.learning.report import live_line, report_text
from bot.learning.versions import Promoter
from bot.operations.doctor import Check, examine
from bot.operations.statistics_text import as_table
from bot.platforms.registry import platform_checks
from bot.settings import Settings
from bot.texts import say
from engine.adapters.published import verified
from engine.model.base_model import find_model
from storage.versions import VersionRegistry

_READ_AT_ONCE = 20_000  # questions that are embedded before `teach` returns


async def evaluate(
    settings: Settings, file: Path, show: Callable[[str], None], *, recall: bool
) -> EvaluationReport:
    """Ask every row of ``file``, with or without what is known; ``show`` gets a line for each.

    Raises FileError.
    """
    rows = read_rows(file, load_domains(settings.home))
    asked: list[CaseResult] = []
    async with open_app(settings) as app:
        if recall:
            await _embed_pending(app.data, show)
        responder = app.responder if recall else _model_alone(app)
        async for row in ask_rows(responder, rows, settings.domain, settings.language):
            asked.append(row)
            mark = "✓" if row.right else "?" if row.suggested_right else "✗"
            show(f"{mark} {len(asked)}/{len(rows)} {row.question}")
    return summarize(asked)


def _model_alone(app: App) -> Responder:
    """Answers with drafts alone, whatever UNKNOWN says: they are what is measured."""
    drafting = {n: d.model_copy(update={"unknown": "mark"}) for n, d in app.domains.items()}
    return Responder(app.engine, None, drafting, app.deployment.of)


async def train(
    settings: Settings, domain: str | None, show: Callable[[str], None]
) -> RoundOutcome:
    """Train and judge now, on whatever there is; ``show`` gets each step.

    Raises RefusedError while another round runs, UnansweredError when it came to no verdict.
    """
    domain = domain or settings.domain

    async def show_news(news: News) -> None:
        if isinstance(news, Progress):
            show(live_line(news, settings.language))

    async with open_app(settings) as app:
        check_domain(domain, app.domains)
        app.training.news.subscribe(show_news)
        _, running = await app.training.start(domain, at_least=0)
        outcome = await running
    if outcome.verdict in ("failed", "cancelled"):
        raise UnansweredError("; ".join(map(str, outcome.reasons)))
    return outcome


def outcome_as_text(settings: Settings, outcome: RoundOutcome) -> str:
    """The report, as admins read it elsewhere."""
    title = load_domains(settings.home)[outcome.domain].title
    return report_text(outcome, settings.language, title=title)


def outcome_as_json(outcome: RoundOutcome) -> str:
    """The object that ``train --json`` prints."""
    return json.dumps(
        {
            "verdict": outcome.verdict,
            "version": outcome.version,
            "live": outcome.went_live,
            "examples": outcome.examples,
            "seconds": outcome.seconds.get("total"),
            "parts": outcome.seconds,
            "peak_mb": outcome.peak_mb,
            "trainable_parameters": outcome.parameters,
            "trainable_percent": outcome.parameters_percent,
            "scores": {**outcome.nll, "golden": outcome.golden},
            "reasons": list(map(str, outcome.reasons)),
        },
        ensure_ascii=False,
    )


async def rollback(settings: Settings, domain: str | None, to: str | None) -> str:
    """Let ``to`` answer, or what was live before; our words about it. A running bot follows.

    Raises RefusedError when there is nothing to go back to, or it cannot be served.
    """
    domain = domain or settings.domain
    async with open_data(settings) as data:
        check_domain(domain, data.domains)
        model = find_model(settings.model, settings.cache)

        async def ready(name: str) -> None:
            verified(settings.versions / name, model)

        promoter = Promoter(VersionRegistry(data.database), ready, settings.language)
        target = await promoter.go_back(domain, person_here(), to)
    return say("rolled_back", settings.language, domain=domain, version=target or settings.model)


async def teach(settings: Settings, file: Path, show: Callable[[str], None]) -> ImportResult:
    """Learn the pairs of ``file``; ``show`` gets the progress and each bad line.

    Raises FileError.
    """
    async with open_data(settings) as data:
        result = await data.importer.teach(
            file,
            person_here(),
            lambda so_far: show(f"{file}: {so_far} …"),
            lambda number, reason: show(f"{file}:{number}: {reason}"),
        )
        await _embed_pending(data, show, most=_READ_AT_ONCE)
    return result


async def _embed_pending(data: Data, show: Callable[[str], None], most: float = math.inf) -> None:
    def progress(done: int) -> None:
        if done % 320 == 0:
            show(f"{done} questions read …")

    if not await data.retriever.indexes.embed_all(progress, most=most):
        show("The others are read by `reactune run`; asked word for word they are known already.")


async def export(settings: Settings, file: Path, person: str | None) -> int:
    """Write everything approved, or all about ``person``, to ``file``; how many lines.

    Raises FileError.
    """
    async with open_data(settings) as data:
        return await write_lines(file, _lines(data, person))


async def _lines(data: Data, person: str | None) -> AsyncIterator[str]:
    if person is None:
        async for pair in data.pairs.approved():
            yield as_line(pair)
    else:
        async for thing in data.people.data(person):
            yield json.dumps(thing, ensure_ascii=False)


async def forget(settings: Settings, person: str) -> str:
    """Remove all that is stored about ``person``; what was removed, in words."""
    async with open_data(settings) as data:
        return say("forgotten", settings.language, **await data.people.forget(person))


async def stats(settings: Settings, *, as_json: bool) -> str:
    """How every domain is doing, as one JSON object or as a table."""
    async with open_data(settings) as data:
        statistics = await data.statistics_reader.read(data.domains)
    if as_json:
        domains = {one.counts.domain: one.as_json() for one in statistics}
        return json.dumps({"domains": domains}, ensure_ascii=False)
    return as_table(statistics, settings.language)


async def doctor(settings: Settings) -> list[Check]:
    """Everything that Reactune needs, looked at: what is well and what is not."""
    return await examine(settings, await platform_checks(settings))
