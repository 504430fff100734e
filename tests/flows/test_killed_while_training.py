"""kill -9 of the bot or its trainer in the middle of a round: nothing is lost or half-live."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine.adapters.published import verified
from engine.model.base_model import BaseModel
from storage.database import Database
from storage.rounds import Rounds
from storage.versions import VersionRegistry
from tests.flows.conftest import Run

pytestmark = pytest.mark.slow  # real processes, torch

FACTS, KILLS, LONGEST_S = 40, 4, 6.0


@pytest.fixture
def tiny(environment: dict[str, str], tiny_gemma: BaseModel, tiny_cache: Path) -> dict[str, str]:
    """The real program with a model that trains in seconds, and one golden question."""
    settings = {"MODEL": str(tiny_gemma.gguf), "REACTUNE_CACHE": str(tiny_cache)}
    domains = Path(environment["REACTUNE_HOME"]) / "domains"
    domains.mkdir(parents=True)
    golden = {"question": "0번 신고는 언제?", "must": ["0일"]}
    (domains / "tax-ko.golden.jsonl").write_text(json.dumps(golden, ensure_ascii=False))
    return settings


def facts(path: Path) -> Path:
    rows = [
        {"question": f"{n}번 신고는 언제?", "answer": f"{n}번 신고는 {n}일"} for n in range(FACTS)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    return path


def strike(command: subprocess.Popen[bytes], after: float, pick: Callable[..., object]) -> None:
    """Kill the program or its trainer, unless the round is over before."""
    ended = time.monotonic() + after
    while time.monotonic() < ended and command.poll() is None:
        time.sleep(0.02)
    if command.poll() is not None:
        return
    children = psutil.Process(command.pid).children(recursive=True)
    victim = pick([command.pid, *(child.pid for child in children)])
    try:
        os.kill(int(str(victim)), signal.SIGKILL)
    except ProcessLookupError:
        return


async def looked_at(home: Path, model: BaseModel) -> tuple[str | None, int]:
    """(What is live, how many labels are claimed by no ended round); all that is live is whole."""
    database = await Database.open(home / "reactune.db")
    try:
        (check,) = await database.rows("PRAGMA integrity_check")
        assert check[0] == "ok"
        live = (await VersionRegistry(database).live()).get("tax-ko")
        if live:
            verified(home / "versions" / live, model)
        for version in await VersionRegistry(database).names():
            if (home / "versions" / version).is_dir():  # else it was killed before there was any
                verified(home / "versions" / version, model)
        rows = await database.rows(
            "SELECT count(*) FROM pairs p LEFT JOIN rounds r ON r.id = p.round_id "
            "WHERE r.id IS NULL OR r.state = 'running'"
        )
        states = {found.state for found in await Rounds(database).latest("tax-ko", last=99)}
        assert "promoted" not in states or live
        return live, int(rows[0][0])
    finally:
        await database.close()


def test_killed_anywhere_a_round_loses_nothing(
    reactune: Run, environment: dict[str, str], tiny: dict[str, str],
    tiny_gemma: BaseModel, tmp_path: Path,
):  # fmt: skip
    """At four points in time, drawn by a seed that is told when it fails; then one comes to a
    verdict."""
    home = Path(environment["REACTUNE_HOME"])
    assert reactune("teach", str(facts(tmp_path / "facts.jsonl")), **tiny).returncode == 0
    assert reactune("train", **tiny | {"METHOD": "lora", "TRAIN_LAUNCHER": "false"}).returncode == 1
    seed = time.time_ns()
    luck = random.Random(seed)  # noqa: S311
    for kill in range(KILLS):
        after = LONGEST_S * (kill + luck.random()) / KILLS
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "train"], env=environment | tiny, cwd=tmp_path,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as command:  # fmt: skip
            strike(command, after, luck.choice)
        live, claimable = asyncio.run(looked_at(home, tiny_gemma))
        assert live or claimable == FACTS, f"seed {seed}, kill {kill}"
    done = reactune("train", "--json", **tiny)
    assert done.returncode in (0, 3, 4), done.stderr  # a verdict, whatever it is
    _, claimable = asyncio.run(looked_at(home, tiny_gemma))
    assert claimable == 0
    assert not (home / "round").exists()
