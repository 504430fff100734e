"""Heavy work in a process of its own: ``python -m engine convert MODEL CACHE``, ``train ROUND``.

Progress and result are JSON lines on stdout, an error is one line on stderr. Exit status: 0 done,
1 an error, 2 wrong arguments; of ``train`` also 5 cancelled, 6 diverged, 7 not enough memory.
``llamacpp`` serves, see engine.serving.llamacpp.server; ``embed`` embeds, see
engine.retrieval.embedders.gguf_worker.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.errors import CancelledError, EngineError

Command = Callable[[argparse.Namespace], None]


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TQDM_DISABLE", "1")  # stderr is for errors
    if options.background:
        _stand_back()
    command: Command = options.command
    try:
        command(options)
    except EngineError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return error.status
    except BrokenPipeError:  # whoever started this is gone and wants no result
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CancelledError.status
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description=__doc__)
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (command, describe) in COMMANDS.items():
        subparser = subcommands.add_parser(name, help=command.__doc__)
        subparser.add_argument(
            "--background", action="store_true", help="yield the processor to everything else"
        )
        describe(subparser)
        subparser.set_defaults(command=command)
    return parser


def _stand_back() -> None:
    """Take only what others leave of the processor.

    ``nice`` alone lets Linux finish our time slice before an answer's next token is computed.
    """
    if hasattr(os, "nice"):
        os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):  # some containers forbid it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _wait_asleep() -> None:
    """Threads of torch, not yet imported, that wait for each other sleep.

    Beside others' work spinning takes three times as long.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def _say(**line: object) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201


def _describe_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a .gguf file, or the name of the default")
    parser.add_argument("cache", metavar="CACHE", type=Path, help="folder for converted models")


def _convert(options: argparse.Namespace) -> None:
    """Write the transformers directory of a GGUF model."""
    _wait_asleep()
    from engine.model.base_model import find_model
    from engine.model.convert import converted_model

    directory = converted_model(
        find_model(options.model, options.cache),
        options.cache,
        on_progress=lambda stage, seconds: _say(stage=stage, seconds=seconds),
    )
    _say(done=str(directory))


def _describe_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "round",
        metavar="ROUND_DIR",
        type=Path,
        help="folder with examples.jsonl and config.json; adapter, scores and manifest go there",
    )


def _train(options: argparse.Namespace) -> None:
    """Train an adapter and score it beside the base model; SIGTERM cancels."""
    signal.signal(signal.SIGTERM, _cancel)
    _wait_asleep()
    try:
        from engine.training.run import run

        _say(done=run(options.round, lambda line: _say(**line)))
    except EngineError as error:
        _say(failed=error.name, reason=str(error))
        raise


def _cancel(number: int, frame: object) -> None:
    raise CancelledError("it was cancelled")


def _describe_fetch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a name of engine.fetching.catalog")
    parser.add_argument("cache", metavar="CACHE", type=Path, help="folder that the file goes to")


def _fetch(options: argparse.Namespace) -> None:
    """Fetch a model that does not come along; SIGTERM cancels, what is here is kept."""
    signal.signal(signal.SIGTERM, _cancel)
    from engine.fetching.catalog import find_fetchable
    from engine.fetching.store import fetch

    file = fetch(
        find_fetchable(options.model),
        options.cache,
        on_progress=lambda source, done, of: _say(source=source, done=done, of=of),
    )
    _say(file=str(file))


def _describe_llamacpp(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Which model, and how, is one JSON line on stdin."


def _llamacpp(options: argparse.Namespace) -> None:
    """Serve with llama.cpp until stdin ends."""
    from engine.serving.llamacpp.server import serve

    serve()


def _describe_embed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", type=Path, help="a .gguf file that embeds")


def _embed(options: argparse.Namespace) -> None:
    """Embed texts with llama.cpp until stdin ends."""
    from engine.retrieval.embedders.gguf_worker import serve

    serve(options.model)


COMMANDS: dict[str, tuple[Command, Callable[[argparse.ArgumentParser], None]]] = {
    "convert": (_convert, _describe_convert),
    "embed": (_embed, _describe_embed),
    "fetch": (_fetch, _describe_fetch),
    "llamacpp": (_llamacpp, _describe_llamacpp),
    "train": (_train, _describe_train),
}

if __name__ == "__main__":
    sys.exit(main())
