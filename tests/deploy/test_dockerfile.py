"""deploy/Dockerfile and .dockerignore, read and linted; no image is built."""

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """(``RUN``, what it runs), … with continued lines joined and comments left out."""
    lines = [
        line
        for line in DOCKERFILE.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def last_stage() -> list[tuple[str, str]]:
    """What the default image is made of: the last stage and the stages it starts from."""
    stages: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for word, rest in instructions():
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages[name] = list(stages.get(base, []))
        else:
            stages[name].append((word, rest))
    assert name == "cpu"
    return stages[name]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on a free port that answers /healthz with ``status``."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def health_check(port: int) -> int:
    [options] = [rest for word, rest in last_stage() if word == "HEALTHCHECK"]
    python, *arguments = json.loads(options.partition("CMD ")[2])
    assert python == "python"
    done = subprocess.run(
        [sys.executable, *arguments],
        # A proxy that is not there: asking it would fail.
        env={**os.environ, "WEB_PORT": str(port), "http_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        check=False,
    )
    return done.returncode


def test_hadolint_has_nothing_to_say():
    """Not even hints."""
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [linter, "--no-color", DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_images_python_is_one_that_we_support():
    """The only base image is python:X.Y-slim, and X.Y satisfies requires-python and the label."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = re.fullmatch(r">=3\.(\d+)", project["requires-python"])
    foreign = [rest for word, rest in instructions() if word == "FROM" and ":" in rest]
    [base] = [re.fullmatch(r"(python:3\.(\d+)-slim-[a-z]+) AS base", rest) for rest in foreign]
    assert oldest
    assert base
    assert int(base[2]) >= int(oldest[1])
    assert f'base.name="{base[1]}"' in DOCKERFILE.read_text(encoding="utf-8")


def test_the_images_version_is_ours():
    """The OCI label says the version of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [labels] = [rest for word, rest in last_stage() if word == "LABEL"]
    assert f'org.opencontainers.image.version="{project["version"]}"' in labels
    assert f'org.opencontainers.image.licenses="{project["license"]}"' in labels


def test_constraints_fit_both_kinds_of_torch():
    """torch is pinned without a label such as +cpu, which the CUDA image could not install."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    [torch] = [pin for pin in pins if pin.startswith("torch==")]
    assert "+" not in torch


def test_the_image_runs_as_a_fixed_user_that_is_not_root():
    """By number, as Kubernetes' runAsNonRoot wants it."""
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users == ["10001:10001"]


def test_the_image_gets_signals_and_keeps_its_data():
    """Exec form, so that SIGTERM reaches Reactune; both folders are volumes."""
    last = dict(last_stage())
    assert json.loads(last["ENTRYPOINT"]) == ["reactune"]
    assert json.loads(last["CMD"]) == ["run"]
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(last["VOLUME"]) == ["/data", "/cache"]


def test_no_build_tool_reaches_the_image():
    """The last stage neither runs pip nor installs more than OpenMP's runtime and a font."""
    runs = " ".join(rest for word, rest in last_stage() if word == "RUN")
    assert "pip" not in runs
    assert re.findall(r"--no-install-recommends (.*?) &&", runs) == ["fonts-nanum libgomp1"]


def test_no_address_is_written_into_deploy():
    """No registry and no index; they are given by whoever builds."""
    for path in (DOCKERFILE, ROOT / "deploy" / "compose.yaml", ROOT / "deploy" / "RUNBOOK.md"):
        addresses = re.findall(r"https?://([^\s/'\":]+)", path.read_text(encoding="utf-8"))
        assert set(addresses) <= {"127.0.0.1"}, path.name


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_health_check_tells_well_from_ill(status: int, well: bool):
    """It asks /healthz on WEB_PORT itself, past any proxy."""
    with answering(status) as port:
        assert (health_check(port) == 0) is well


def test_the_health_check_fails_when_nothing_listens():
    """Port 9 of this machine is nobody's."""
    assert health_check(9) != 0


def test_only_what_the_wheel_needs_enters_the_build():
    """.dockerignore shuts everything out first, and lets in what the Dockerfile copies."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert rules[0] == "*"
    assert let_in == copied
    assert {"**/.env", "**/__pycache__"} <= set(rules)


def test_the_wheel_gets_every_package():
    """What pyproject.toml packs is copied into the build."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = build["build"]["targets"]["wheel"]
    copied = {rest for word, rest in instructions() if word == "COPY"}
    assert {f"{name} {name}" for name in [*wheel["packages"], *wheel["force-include"]]} <= copied
