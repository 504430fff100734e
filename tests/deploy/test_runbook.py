"""deploy/RUNBOOK.md says what is true: its names, its commands, its links."""

import ast
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from bot.metrics import Metrics
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text(encoding="utf-8")
BACKUPS = re.findall(r'-c ("import sqlite3; .*VACUUM.*")$', RUNBOOK, re.MULTILINE)
# A build argument, what Python and the shell read, placeholders, and systemd's socket families.
_OTHERS = {"TORCH_CPU_INDEX", "PYTHONUNBUFFERED", "PATH", "NAME", "ADDRESS"}
_FAMILIES = {"AF_INET", "AF_INET6", "AF_UNIX"}


def names_in_deploy() -> set[str]:
    """Every NAME=value, NAME: value, and `NAME` that looks like an environment variable."""
    found: set[str] = set()
    for path in DEPLOY.iterdir():
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", text))
        found |= set(re.findall(r"(?:^|[\s`])([A-Z]{4,})=", text))
    return found - _OTHERS - _FAMILIES


def test_every_environment_name_is_a_setting():
    """Dockerfile, compose.yaml, unit and runbook name nothing that Settings does not know."""
    settings = {name.upper() for name in Settings.model_fields}
    assert names_in_deploy() - settings == set()


def test_the_names_are_really_looked_for():
    """The search above finds those that must be there."""
    assert {"REACTUNE_HOME", "WEB_PASSWORD", "SHUTDOWN_GRACE_S", "ENGINE"} <= names_in_deploy()


def test_the_alerts_ask_for_metrics_that_exist():
    """Three rules, each on names that /metrics has (or that Prometheus makes itself: up)."""
    [block] = re.findall(r"```yaml\n(.*?)```", RUNBOOK, re.DOTALL)
    rules = yaml.safe_load(block)["groups"][0]["rules"]
    offered = generate_latest(Metrics().registry).decode()
    used = [re.findall(r"\b(up\{|reactune_\w+)", rule["expr"]) for rule in rules]
    assert len(rules) == 3
    assert all(used)
    for name in {name for names in used for name in names} - {"up{"}:
        assert f"# TYPE {name} " in offered


@pytest.mark.parametrize("command", BACKUPS, ids=["docker", "systemd"])
def test_the_backup_holds_what_was_written_last(command: str, tmp_path: Path):
    """Also what is still in the write-ahead log of a running Reactune."""
    [code] = shlex.split(command)
    for folder in ("/var/lib/reactune", "/data"):
        code = code.replace(folder + "/", f"{tmp_path}/")
    ran = [sys.executable, "-c", code]
    with closing(sqlite3.connect(tmp_path / "reactune.db", isolation_level=None)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("CREATE TABLE t (x)")
        running.execute("INSERT INTO t VALUES (1)")
        assert (tmp_path / "reactune.db-wal").stat().st_size
        subprocess.run(ran, check=True)
    with closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        assert backup.execute("SELECT x FROM t").fetchall() == [(1,)]
        assert backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (tmp_path / "backup.db").unlink()
    subprocess.run(ran, check=True)  # stopped, and so without a write-ahead log
    assert subprocess.run(ran, check=False, stderr=subprocess.DEVNULL).returncode  # not over it


def test_the_quoted_errors_are_the_programs_own():
    """Each quoted line occurs in the source, so a reworded error is noticed here."""
    source = " ".join(
        " ".join(_texts(path))
        for room in ("bot", "engine", "storage")
        for path in (ROOT / room).rglob("*.py")
    )
    table = RUNBOOK.partition("| it says | do |")[2].partition("\n\n")[0]
    quoted = [
        part.strip(" ;:")
        for line in table.splitlines()
        for text in re.findall(r"`([^`]+)`", line.rsplit("|", 2)[0])
        for part in re.split(r"…|NAME|\.toml|Q123|=|used: ", text)
    ]
    ours = [part for part in quoted if " " in part and not part.startswith("libgomp")]
    assert len(ours) > 20
    assert [part for part in ours if part not in source] == []


def _texts(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is str]


def test_its_links_lead_somewhere():
    """Every [text](#heading) has that heading."""
    headings = {
        re.sub(r"[^a-z0-9 _-]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in RUNBOOK.splitlines()
        if line.startswith("#")
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))
    assert links
    assert links <= headings
