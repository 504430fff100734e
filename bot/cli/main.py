"""The command line: ``reactune`` or ``python -m bot``."""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.errors import FileError, RefusedError, SettingsError, UnansweredError
from bot.logs import configure_logs
from bot.settings import CHAT_PLATFORMS, Settings, load_settings
from bot.texts import say
from engine.errors import EngineError
from storage.errors import StorageError

cli = typer.Typer(
    help="A chatbot that gets better from its users' reactions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models = typer.Typer(no_args_is_help=False)
cli.add_typer(models, name="models")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object last.")]
InDomain = Annotated[str | None, typer.Option("--domain", help="Which domain to ask.")]
FromFile = Annotated[
    Path | None, typer.Option("--file", help="Take this .gguf file instead of fetching one.")
]
WithRecall = Annotated[
    bool, typer.Option("--recall/--no-recall", help="Whether approved pairs help.")
]
Result = TypeVar("Result")
_PLACES = (*CHAT_PLATFORMS, "web", "cli")
_PERSON = re.compile(rf"({'|'.join(_PLACES)}):\S+")
_EXPECTED_ERRORS = (
    SettingsError, EngineError, StorageError, FileError, RefusedError, UnansweredError
)  # fmt: skip
_VERDICTS = {"promoted": 0, "rejected": 3, "inconclusive": 4}
_BAD_SETTINGS = 78  # EX_CONFIG of sysexits.h: starting again will not help


def _person(user: str | None) -> str | None:
    if user is not None and not _PERSON.fullmatch(user):
        raise typer.BadParameter(
            f"{user!a} is not of the form "
            f"{', '.join(f'{place}:ID' for place in _PLACES[:-1])} or {_PLACES[-1]}:ID"
        )
    return user


Version = Annotated[str | None, typer.Argument(help="As `reactune stats` lists them.")]
User = Annotated[str, typer.Argument(callback=_person)]
AboutUser = Annotated[
    str | None,
    typer.Option("--user", callback=_person, help="All that is stored about this person instead."),
]


@cli.command()
def run() -> None:
    """Serve the web page until told to stop (Ctrl-C or SIGTERM)."""
    from bot.cli.serve import serve

    run_command(lambda settings: serve(settings, show=typer.echo))


@cli.command()
def ask(text: str, domain: InDomain = None, as_json: AsJson = False) -> None:
    """Ask one question and print the answer as it comes (-- before one that begins with a dash)."""
    from bot.cli import asking

    def show(piece: str) -> None:
        if not as_json:
            typer.echo(piece, nl=False)

    async def answered(settings: Settings) -> None:
        choose = asking.typed if sys.stdin.isatty() and not as_json else None
        reply = await asking.ask(settings, text, domain, show, choose)
        if as_json:
            typer.echo(asking.as_json(text, reply, domain or settings.domain))
        else:
            typer.echo("" if reply.text else say("empty_answer", settings.language))

    run_command(answered)


@cli.command()
def evaluate(file: Path, as_json: AsJson = False, recall: WithRecall = True) -> None:
    """Ask every question of FILE (JSON lines) and count the right answers."""
    from bot.cli import actions

    def show(line: str) -> None:
        typer.echo(line, err=True)

    report = run_command(lambda settings: actions.evaluate(settings, file, show, recall=recall))
    typer.echo(report.as_json() if as_json else str(report))


@cli.command()
def train(domain: InDomain = None, as_json: AsJson = False) -> None:
    """Train now and let the gate judge; exit status 0 promoted, 3 rejected, 4 inconclusive."""
    from bot.cli import actions

    async def trained(settings: Settings) -> str:
        try:
            outcome = await actions.train(settings, domain, _show_line)
        finally:
            _end_line()
        render = actions.outcome_as_json if as_json else partial(actions.outcome_as_text, settings)
        typer.echo(render(outcome))
        return outcome.verdict

    raise typer.Exit(_VERDICTS[run_command(trained)])


@cli.command()
def rollback(version: Version = None, domain: InDomain = None) -> None:
    """Let VERSION answer, or what was live before; a running bot follows within a second."""
    from bot.cli import actions

    typer.echo(run_command(lambda settings: actions.rollback(settings, domain, version)))


@cli.command()
def teach(file: Path) -> None:
    """Learn questions and answers from FILE (JSON lines: "question", "answer", …)."""
    from bot.cli import actions

    def show(line: str) -> None:
        typer.echo(line, err=True)

    result = run_command(lambda settings: actions.teach(settings, file, show))
    typer.echo(str(result))
    if result.skipped and not result.good:
        raise typer.Exit(1)


@cli.command()
def export(file: Path, user: AboutUser = None) -> None:
    """Write everything approved to FILE, as `teach` reads it."""
    from bot.cli import actions

    count = run_command(lambda settings: actions.export(settings, file, user))
    typer.echo(f"{count} lines in {file}")


@cli.command()
def forget(user: User) -> None:
    """Remove all that USER (slack:ID, discord:ID, web:ID) said, and what was learned from it."""
    from bot.cli import actions

    typer.echo(run_command(lambda settings: actions.forget(settings, user)))


@cli.command()
def stats(as_json: AsJson = False) -> None:
    """Show for each domain what was asked, approved and trained, and how it is doing."""
    from bot.cli import actions

    typer.echo(run_command(lambda settings: actions.stats(settings, as_json=as_json)))


@cli.command()
def doctor(as_json: AsJson = False) -> None:
    """Check folders, domains, database, engine and web, one line each."""
    from bot.cli import actions

    checks = run_command(actions.doctor)
    ok = all(check.ok for check in checks)
    if as_json:
        lines = [
            {"name": c.name, "ok": c.ok, "found": c.found, "hint": c.hint or c.advice}
            for c in checks
        ]
        typer.echo(json.dumps({"ok": ok, "checks": lines}, ensure_ascii=False))
    else:
        for check in checks:
            typer.echo(str(check))
    raise typer.Exit(0 if ok else 1)


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models that are here or can be fetched; * marks those that the settings mean."""
    if context.invoked_subcommand is None:
        from bot.cli import models as shelf

        async def listed(settings: Settings) -> list[shelf.Model]:
            return shelf.known_models(settings)

        found = run_command(listed)
        typer.echo(shelf.as_json(found) if as_json else "\n".join(map(str, found)))


@models.command("get")
def get_model(name: str, file: FromFile = None) -> None:
    """Fetch the model NAME into the cache; broken off, it goes on where it was."""
    from bot.cli import models as shelf

    async def got(settings: Settings) -> Path:
        typer.echo(shelf.terms_of(name), err=True)
        try:
            return await shelf.get_model(settings, name, file, _show_line)
        finally:
            _end_line()

    typer.echo(str(run_command(got)))


def _show_line(line: str) -> None:
    """On a terminal each line takes the place of the one before, and is cut at its edge."""
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[K\x1b[?7l{line}\x1b[?7h", nl=False, err=True)
    else:
        typer.echo(line, err=True)


def _end_line() -> None:
    """What follows begins a line of its own."""
    if sys.stderr.isatty():
        typer.echo(err=True)


def run_command(command: Callable[[Settings], Coroutine[Any, Any, Result]]) -> Result:
    """Read the settings and run ``command``; what goes wrong is one line and exit 1 or 78."""
    try:
        settings = load_settings()
        configure_logs(settings)
        return asyncio.run(command(settings))
    except _EXPECTED_ERRORS as error:
        for line in str(error).splitlines():
            typer.echo(f"reactune: {line}", err=True)
        raise typer.Exit(_BAD_SETTINGS if isinstance(error, SettingsError) else 1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def main() -> None:
    cli()


if __name__ == "__main__":
    main()
