"""Heavy work in a process of its own: ``python -m engine convert MODEL CACHE``.

Progress and result are JSON lines on stdout, an error is one line on stderr with exit status 1.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from engine.errors import EngineError

Command = Callable[[argparse.Namespace], None]


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TQDM_DISABLE", "1")  # stderr is for errors
    if options.background and hasattr(os, "nice"):
        os.nice(19)
    command: Command = options.command
    try:
        command(options)
    except EngineError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
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


def _say(**line: object) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201


def _describe_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="a .gguf file, or the name of the default")
    parser.add_argument("cache", metavar="CACHE", type=Path, help="folder for converted models")


def _convert(options: argparse.Namespace) -> None:
    """Write the transformers directory of a GGUF model."""
    from engine.models import find_model
    from engine.tuning.convert import converted_model

    directory = converted_model(
        find_model(options.model, options.cache),
        options.cache,
        on_progress=lambda stage, seconds: _say(stage=stage, seconds=seconds),
    )
    _say(done=str(directory))


COMMANDS: dict[str, tuple[Command, Callable[[argparse.ArgumentParser], None]]] = {
    "convert": (_convert, _describe_convert),
}

if __name__ == "__main__":
    sys.exit(main())
