"""deploy/compose.yaml, linted and held against what a safe start needs."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def test_yamllint_has_nothing_to_say():
    """Its default rules, with our line length and without the mark of a document's start."""
    rules = "{extends: default, rules: {line-length: {max: 100}, document-start: disable}}"
    done = subprocess.run(
        [sys.executable, "-m", "yamllint", "--strict", "-d", rules, FILE],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_itself_accepts_the_file(tmp_path: Path):
    """Where Docker's plugin is installed; it needs no engine for that."""
    docker = shutil.which("docker")
    asked = [docker or "false", "compose", "version"]
    if not docker or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("the Docker CLI has no compose plugin here")
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".env").write_text("WEB_PASSWORD=x\n")
    copy = shutil.copy(FILE, tmp_path / "deploy")
    done = subprocess.run(
        [docker, "compose", "-f", copy, "--profile", "gpu", "config", "--quiet"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_only_the_cpu_starts_unasked():
    """The GPU's service waits for its profile or its name."""
    unasked = [name for name, service in SERVICES.items() if "profiles" not in service]
    assert unasked == ["reactune"]
    assert SERVICES["reactune-gpu"]["profiles"] == ["gpu"]


def test_each_service_builds_its_target_of_the_dockerfile():
    """And the Dockerfile has both."""
    stages = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    for name, target in (("reactune", "cpu"), ("reactune-gpu", "cuda")):
        build = SERVICES[name]["build"]
        assert (build["target"], build["dockerfile"]) == (target, "deploy/Dockerfile")
        assert f"FROM runtime AS {target}\n" in stages


@EVERY_SERVICE
def test_a_break_in_stays_small(service: dict[str, Any]):
    """Read-only root, no capability, no new privileges, bounded memory and processes."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["memswap_limit"] == service["mem_limit"]
    assert service["pids_limit"] > 0
    assert "privileged" not in service
    assert "cap_add" not in service


@EVERY_SERVICE
def test_only_this_machine_reaches_the_port(service: dict[str, Any]):
    """And the port is the one inside, whatever .env says about WEB_PORT."""
    inside = service["environment"]["WEB_PORT"]
    assert service["ports"] == [f"127.0.0.1:8080:{inside}"]


@EVERY_SERVICE
def test_data_and_cache_outlive_the_container(service: dict[str, Any]):
    """Named volumes at the very places that Reactune is told to use."""
    places = dict(volume.split(":")[::-1] for volume in service["volumes"])
    assert set(places.values()) == set(COMPOSE["volumes"])
    environment = service["environment"]
    assert {environment["REACTUNE_HOME"], environment["REACTUNE_CACHE"]} == set(places)


@EVERY_SERVICE
def test_docker_waits_longer_than_the_grace(service: dict[str, Any]):
    """Else it would kill answers that may still finish."""
    grace = Settings.model_fields["shutdown_grace_s"].default
    assert int(service["stop_grace_period"].removesuffix("s")) >= grace + 20
