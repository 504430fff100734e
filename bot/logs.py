"""Logs go to standard error, one event a line; what people said is never in them."""

import logging
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from pydantic import SecretStr
from structlog.stdlib import ProcessorFormatter
from structlog.types import Processor, WrappedLogger

from bot.settings import Settings

# Tokens of Slack and Discord, and the tickets that open Slack's sockets, whoever logs them.
_SECRETS = r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[^\s&\"']+|[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"
_STEP = logging.INFO - logging.DEBUG
_LONG_ENOUGH = 6  # a shorter secret would be found in ordinary words


def configure_logs(settings: Settings) -> None:
    """Readable on a terminal, JSON for a log collector; the settings' secrets are never printed.

    Libraries are heard too, but one step less: with INFO their warnings, with DEBUG their
    information. What they have to say below that repeats what people wrote.
    """
    on_terminal = sys.stderr.isatty()
    number = logging.getLevelNamesMapping()[settings.log_level]
    secrets = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    begin: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=not on_terminal),
    ]
    render: list[Processor] = [*_renderers(on_terminal), _Hidden(secrets)]
    structlog.configure(
        processors=[*begin, *render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *begin],
            processors=[ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(min(number + _STEP, logging.ERROR))


def _renderers(on_terminal: bool) -> Sequence[Processor]:
    """Exceptions without the values of variables, which may be what somebody wrote."""
    if on_terminal:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


class _Hidden:
    """The last processor: leaves secrets out of the finished line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        own = (re.escape(secret) for secret in secrets if len(secret) >= _LONG_ENOUGH)
        self._pattern = re.compile("|".join([*own, _SECRETS]))

    def __call__(self, logger: WrappedLogger, name: str, line: Any) -> str:
        return self._pattern.sub("…", str(line))
