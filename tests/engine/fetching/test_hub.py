"""A file of the hub comes over HTTP and is gone on with where it was broken off."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.fetching.base import FetchError, UnreachableError
from engine.fetching.hub import Hub

CONTENT = bytes(range(256)) * 4000


class FakeHub(ThreadingHTTPServer):
    """Serves CONTENT, and notes from which byte on it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.breaks = False
        self.ranges: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def do_GET(self) -> None:
        asked = self.headers["range"]
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if self.path != "/owner/name/resolve/abc/model.gguf":
            self.send_error(404)
            return
        body = self.server.content[start:]
        self.send_response(206)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.server.breaks:
            self.server.breaks = False
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    server = FakeHub()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hub(server: FakeHub, sha256: str = "", repository: str = "owner/name") -> Hub:
    right = hashlib.sha256(CONTENT).hexdigest()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    return Hub(repository, "model.gguf", "abc", len(CONTENT), sha256 or right, endpoint)


def test_the_file_comes_whole(server: FakeHub, tmp_path: Path) -> None:
    """Progress is told up to its size."""
    told: list[tuple[int, int]] = []
    assert hub(server).fetch(tmp_path, lambda *row: told.append(row)).read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_broken_off_file_is_gone_on_with(server: FakeHub, tmp_path: Path) -> None:
    """Only the rest is asked for."""
    (tmp_path / "model.gguf.unfinished").write_bytes(CONTENT[:1000])
    assert hub(server).fetch(tmp_path, lambda *_: None).read_bytes() == CONTENT
    assert server.ranges == ["bytes=1000-"]


def test_a_line_that_breaks_is_taken_up_again(server: FakeHub, tmp_path: Path) -> None:
    """In the same call: the next source has three times as much to fetch."""
    server.breaks = True
    assert hub(server).fetch(tmp_path, lambda *_: None).read_bytes() == CONTENT
    assert len(server.ranges) == 2


def test_another_file_than_was_measured_is_refused(server: FakeHub, tmp_path: Path) -> None:
    """And removed, so that it is not gone on with."""
    with pytest.raises(FetchError, match="another file"):
        hub(server, sha256="0" * 64).fetch(tmp_path, lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_what_the_hub_does_not_have_is_out_of_reach(server: FakeHub, tmp_path: Path) -> None:
    """So that the next source is asked."""
    with pytest.raises(UnreachableError, match="404"):
        hub(server, repository="owner/other").fetch(tmp_path, lambda *_: None)


def test_an_offline_machine_does_not_ask(
    server: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HF_HUB_OFFLINE says so."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UnreachableError, match="HF_HUB_OFFLINE"):
        hub(server).fetch(tmp_path, lambda *_: None)
    assert server.ranges == []
