"""Running the real program as a user does, in a folder of its own."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import app
from bot.cli.serve import serve
from bot.platforms.slack.auth import OPTIONAL_SCOPES, SCOPES
from bot.settings import load_settings
from engine.model.base_model import BaseModel
from tests.bot.platforms.slack.fake.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.support.fakes import FakeEngine, saying
from tests.support.waiting import until

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the developer's own settings but where the model is cached. Nothing is known, and
    the model says what it can."""
    cache = os.environ.get("REACTUNE_CACHE", str(Path.home() / ".cache" / "reactune"))
    names = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
        "REACTUNE_HOME": str(tmp_path / "data"),
        "REACTUNE_CACHE": cache,
        "WEB_PORT": "0",
        "FETCH": "off",
        "STARTER": "off",
        "UNKNOWN": "mark",
    }


@pytest.fixture
def reactune(environment: dict[str, str], tmp_path: Path) -> Run:
    """``reactune("ask", "…", MODEL=…)`` runs the command to its end."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=environment | settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


class Running:
    """``reactune run`` in the background; ``output`` is what it has printed."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._log = (folder / f"run-{time.monotonic_ns()}.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env=environment,
            cwd=folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    @property
    def output(self) -> str:
        return Path(self._log.name).read_text()

    def address(self) -> str:
        """Wait until it is ready; where the web page is."""
        return self.wait_for(r"http://\S+")

    def wait_for(self, pattern: str) -> str:
        """Wait until it has printed this; what it was exactly."""
        for _ in range(600):
            if found := re.search(pattern, self.output):
                return found[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"{pattern} was not printed: {self.output}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and wait; the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self._log.flush()
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._log.close()


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """``running(SETTING=…)`` starts the bot; whatever still runs is killed after the test."""
    started: list[Running] = []

    def start(**settings: str) -> Running:
        started.append(Running(environment | settings, tmp_path))
        return started[-1]

    yield start
    for bot in started:
        bot.close()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace to ask in; at the end, none of Slack's rules may have been broken."""
    fake = FakeSlack(scopes=",".join(SCOPES + OPTIONAL_SCOPES))
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.spoiled == []


@pytest.fixture
def on_slack(slack: FakeSlack) -> dict[str, str]:
    return tokens(slack)


def tokens(slack: FakeSlack) -> dict[str, str]:
    """The settings that lead the bot there."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
    }


def verdicts(database: Path) -> list[tuple[str, float]]:
    """Who thinks what of answers, as the database has it, whichever process writes to it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return db.execute(
            "SELECT person, score FROM labels WHERE present ORDER BY person"
        ).fetchall()


@dataclass
class Served:
    """The whole program in this process; ``output`` is what it prints."""

    engine: FakeEngine
    database: Path
    output: list[str] = field(default_factory=list)


Serve = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """``served(SETTING=…)`` serves with a fake engine until somebody sends SIGTERM."""

    from tests.bot.platforms.web.conftest import fresh_nicegui  # brings a browser's driver

    @asynccontextmanager
    async def run(**settings: str) -> AsyncIterator[Served]:
        bot = Served(saying("7월 25일까지입니다."), tmp_path / "data" / "reactune.db")
        monkeypatch.setattr(app, "find_model", lambda *_: BaseModel("fake", gguf=None))
        monkeypatch.setattr(app, "choose_engine", lambda *_: bot.engine)
        basic = {
            "REACTUNE_HOME": str(tmp_path / "data"),
            "WEB_PORT": "0",
            "STARTER": "off",
            "UNKNOWN": "mark",
        }
        for name, value in (basic | settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        with fresh_nicegui():
            serving = asyncio.create_task(serve(load_settings(), bot.output.append))
            await until(lambda: serving.done() or "Ctrl-C stops." in bot.output)
            try:
                if not serving.done():
                    yield bot
            except BaseException:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                raise
            await serving
        if not bot.output or bot.output[-1] != "Stopped.":
            raise AssertionError(f"it did not stop as it should: {bot.output}")

    return run
