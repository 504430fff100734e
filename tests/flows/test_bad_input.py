"""Whatever is wrong is named in one line, and nothing is lost."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from bot.cli.main import cli

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Done:
    """What a command that has ended leaves, in the words of ``subprocess``."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def command(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    """As ``reactune``, but in this process, which saves its start: for what ends with an error."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    for name in [name for name in os.environ if name not in environment]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str) -> Done:
        done = CliRunner().invoke(cli, arguments, env=environment | settings)
        if not isinstance(done.exception, SystemExit | None):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    yield run
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"WEB_PORT": "eighty"}, "WEB_PORT"),
        ({"WEB_PORT": "70000"}, "WEB_PORT"),
        ({"ENGINE": "magic"}, "ENGINE"),
        ({"LANGUAGE": "xx"}, "LANGUAGE"),
        ({"REACTIONS": "👍=much"}, "REACTIONS"),
        ({"REACTIONS": "👍=7"}, "REACTIONS"),
        ({"SHUTDOWN_GRACE_S": "-1"}, "SHUTDOWN_GRACE_S"),
        ({"WEB_HOST": "0.0.0.0"}, "WEB_PASSWORD"),
        ({"DOMAIN": "law"}, "DOMAIN"),
        ({"MODEL": "/no/such/model.gguf"}, "/no/such/model.gguf"),
        ({"MODEL": "nonsense"}, "MODEL=nonsense"),
        ({"REACTUNE_HOME": "/proc/nowhere"}, "/proc/nowhere"),
        ({"REACTUNE_CACHE": "/proc/nowhere"}, "REACTUNE_CACHE"),
    ],
)
def test_a_bad_setting_is_named(command: Command, settings: dict[str, str], complaint: str):
    """In one line on standard error, without a traceback."""
    done = command("ask", "왜?", **settings)
    assert done.returncode in (1, 78)
    assert complaint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_an_unknown_setting_in_the_file_is_refused(command: Command, tmp_path: Path):
    """A misspelt name would otherwise be silently without effect."""
    (tmp_path / ".env").write_text("WEB_PROT=80\n")
    done = command("doctor")
    assert done.returncode in (1, 78)
    assert "WEB_PROT: no such setting" in done.stderr


def test_a_secret_is_never_printed(command: Command, tmp_path: Path):
    """Not even when something beside it is wrong."""
    (tmp_path / ".env").write_text("WEB_PASSWORD=open-sesame\nNO_SUCH=open-sesame\n")
    done = command("doctor", WEB_PORT="open-sesame")
    assert "WEB_PORT" in done.stderr
    assert "open-sesame" not in done.stderr + done.stdout


def test_a_file_that_is_no_model_is_named(command: Command, tmp_path: Path):
    """And the setting that leads to it."""
    (tmp_path / "notes.gguf").write_text("not a model")
    done = command("ask", "왜?", MODEL=str(tmp_path / "notes.gguf"))
    assert done.returncode in (1, 78)
    assert "notes.gguf is not a GGUF file" in done.stderr
    assert "set MODEL to another" in done.stderr


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", ":2:"),
        (json.dumps({"question": "왜?"}), "must"),
        (json.dumps({"question": "", "must": ["a"]}), "question"),
        (json.dumps({"question": "q", "must": ["a"], "expect": "unverified"}), "must"),
        (json.dumps({"question": "q", "must": ["a"], "domain": "law"}), "law"),
        (json.dumps({"question": "q", "must": "a"}), "must"),
    ],
)
def test_a_bad_row_is_named_by_its_line(
    command: Command, tmp_path: Path, line: str, complaint: str
):
    """Before the first question is asked."""
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"question": "q", "must": ["a"]}) + "\n" + line + "\n")
    done = command("evaluate", str(file))
    assert done.returncode == 1
    assert "rows.jsonl:2:" in done.stderr
    assert complaint in done.stderr


@pytest.mark.parametrize(
    ("question", "complaint"), [(" \u200e\n", "empty"), ("why? " * 3000, "too long")]
)
def test_a_question_that_cannot_be_asked_is_refused(
    command: Command, question: str, complaint: str
):
    """In the bot's own language, saying what to do."""
    done = command("ask", question, LANGUAGE="en")
    assert done.returncode in (1, 78)
    assert complaint in done.stderr


@pytest.mark.parametrize("name", ["teach", "evaluate", "export"])
def test_a_file_that_cannot_be_used_is_no_wrong_setting(command: Command, name: str):
    """It is named in one line, and another time may be better."""
    done = command(name, "/proc/nowhere/file")
    assert done.returncode == 1
    assert "/proc/nowhere/file cannot be" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("forget",), ("export", "out", "--user")])
def test_a_user_of_no_known_form_is_refused(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
):
    """Before anything is opened or written; the form is told."""
    done = command(*arguments, "kim\x1b[2J")
    assert done.returncode == 2
    assert "slack:ID" in done.stderr
    assert "\x1b" not in done.stderr
    assert not (tmp_path / "out").exists()
