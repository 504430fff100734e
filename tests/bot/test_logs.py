"""What the log says, and what it never says."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import configure_logs
from bot.settings import Settings

SLACK, DISCORD = "xoxb-1234-abcd", "MTAwMDAwMDAwMDAwMDAwMDAw.GabcdE.abcdefghijklmnopqrstuvwxyz0"


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Logging is the process's."""
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def configure(level: str = "INFO", **given: Any) -> None:
    configure_logs(Settings(_env_file=None, log_level=level, **given))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_libraries_are_heard(capsys: pytest.CaptureFixture[str]):
    """In the same form as our own events, with their name."""
    configure()
    logging.getLogger("discord.gateway").warning("session %s is gone", 7)
    structlog.get_logger("chat").warning("event failed")
    theirs, ours = lines(capsys)
    assert theirs["event"] == "session 7 is gone"
    assert theirs["logger"] == "discord.gateway"
    assert theirs.keys() - {"logger"} == ours.keys()


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("DEBUG", ["INFO", "WARNING", "ERROR"]),
        ("INFO", ["WARNING", "ERROR"]),
        ("WARNING", ["ERROR"]),
        ("ERROR", ["ERROR"]),
    ],
)
def test_libraries_speak_one_step_less(
    capsys: pytest.CaptureFixture[str], level: str, heard: list[str]
):
    """What they say for debugging repeats what people wrote: it is never heard."""
    configure(level)
    for name in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logging.getLogger("library").log(logging.getLevelNamesMapping()[name], name)
    assert [line["event"] for line in lines(capsys)] == heard


def test_an_exception_is_told_once(capsys: pytest.CaptureFixture[str]):
    """On its line, with where it was raised."""
    configure()
    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    (line,) = lines(capsys)
    assert line["exception"].count("ValueError: boom") == 1
    assert "test_logs.py" in line["exception"]


@pytest.mark.parametrize(
    "text",
    [
        f"bad token {SLACK}",
        f"Authorization: Bot {DISCORD}",
        "wss://wss-primary.slack.com/link/?ticket=secret-123&app_id=1",
        "the password hunter22 is wrong",
    ],
)
def test_secrets_are_never_printed(capsys: pytest.CaptureFixture[str], text: str):
    """Neither those of the settings nor what looks like a token, in texts and in exceptions."""
    configure(web_password="hunter22")
    logging.getLogger("library").error(text)
    structlog.get_logger().error("failed", error=text)
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger().exception("failed")
    printed = capsys.readouterr().err
    assert printed.count("\n") == 3
    for secret in (SLACK, DISCORD, "secret-123", "hunter22"):
        assert secret not in printed
