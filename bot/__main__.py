"""The command line: ``reactune`` or ``python -m bot``."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, load_settings
from engine.errors import EngineError
from storage.errors import StorageError

cli = typer.Typer(
    help="A chatbot that gets better from its users' reactions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object last.")]
InDomain = Annotated[str | None, typer.Option("--domain", help="Which domain to ask.")]


@cli.command()
def run() -> None:
    """Serve the web page until told to stop (Ctrl-C or SIGTERM)."""
    from bot.serve import serve

    _carry_out(lambda settings: serve(settings, say=typer.echo))


@cli.command()
def ask(text: str, domain: InDomain = None, as_json: AsJson = False) -> None:
    """Ask one question and print the answer as it comes."""
    _carry_out(lambda settings: _ask(settings, text, domain, as_json))


@cli.command()
def evaluate(file: Path, as_json: AsJson = False) -> None:
    """Ask every question of FILE (JSON lines) and count the right answers."""
    _carry_out(lambda settings: _evaluate(settings, file, as_json))


@cli.command()
def doctor(as_json: AsJson = False) -> None:
    """Check folders, domains, database, engine and web, one line each."""
    _carry_out(lambda settings: _doctor(settings, as_json))


async def _ask(settings: Settings, text: str, domain: str | None, as_json: bool) -> None:
    from bot.messages import Incoming, RefusedError
    from bot.texts import say
    from bot.wiring import check_domain, open_app

    async with open_app(settings) as app:
        domain = domain or settings.domain
        check_domain(domain, app.domains)
        # A thread of its own: every command starts a new conversation.
        import getpass
        import uuid

        incoming = Incoming("cli", "cli", uuid.uuid4().hex, getpass.getuser(), text, domain)
        try:
            answer = await app.answers.ask(incoming)
        except RefusedError as refusal:
            raise SettingsError(str(refusal)) from refusal
        shown = ""
        async for so_far in answer.updates(every=0.05):
            if not as_json and so_far.startswith(shown):
                sys.stdout.write(so_far[len(shown) :])
                sys.stdout.flush()
                shown = so_far
        reply = await answer.finished()
        if reply is None or reply.status == "failed":
            reference = f"Q{answer.question_id}"
            raise SettingsError(say("failed", settings.language, reference=reference))
        if as_json:
            sys.stdout.write(json.dumps({
                "question": text, "answer": reply.text, "domain": domain,
                "verified": reply.verified, "status": reply.status,
            }, ensure_ascii=False))  # fmt: skip
        elif not reply.text:
            sys.stdout.write(say("empty_answer", settings.language))
        sys.stdout.write("\n")


async def _evaluate(settings: Settings, file: Path, as_json: bool) -> None:
    from bot.domains import load_domains
    from bot.evaluate import ask_rows, read_rows, summarize
    from bot.wiring import open_app

    rows = read_rows(file, load_domains(settings.home))
    asked = []
    async with open_app(settings) as app:
        async for row in ask_rows(app.engine, app.domains, rows, settings.domain):
            asked.append(row)
            mark = "✓" if row.right else "✗"
            typer.echo(f"{mark} {len(asked)}/{len(rows)} {row.question}", err=True)
    report = summarize(asked)
    if as_json:
        typer.echo(report.as_json())
    else:
        typer.echo(
            f"{report.right} of {report.n} right ({report.accuracy:.0%}); "
            f"p50 {report.p50_ms:.0f} ms, p95 {report.p95_ms:.0f} ms, "
            f"{report.tokens_per_s:.0f} tokens/s"
        )


async def _doctor(settings: Settings, as_json: bool) -> None:
    from bot.doctor import examine

    checks = await examine(settings)
    if as_json:
        lines = [{"name": c.name, "ok": c.well, "found": c.found, "hint": c.hint} for c in checks]
        typer.echo(json.dumps({"ok": all(c.well for c in checks), "checks": lines}))
    else:
        for check in checks:
            typer.echo(str(check))
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def _carry_out(command: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Read the settings and run ``command``; what goes wrong is one line and exit 1."""
    try:
        settings = load_settings()
        configure_logs(settings.log_level)
        asyncio.run(command(settings))
    except (SettingsError, EngineError, StorageError) as error:
        for line in str(error).splitlines():
            typer.echo(f"reactune: {line}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
