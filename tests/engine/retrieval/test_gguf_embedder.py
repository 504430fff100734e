"""An embedder in a process of its own: what happens to it, and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.retrieval.choose import choose_embedder
from engine.retrieval.embedders import gguf
from engine.retrieval.embedders.base import EmbedderError
from engine.retrieval.embedders.gguf import GgufEmbedder
from engine.retrieval.embedders.gguf_frames import READY, read_frame
from tests.support.tiny_model import HIDDEN, write_tiny_embedder
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_embedder(tmp_path_factory.mktemp("embedder") / "tiny.gguf")


@pytest.fixture
def embedder(tiny: Path) -> Iterator[GgufEmbedder]:
    embedder = GgufEmbedder(tiny)
    yield embedder
    embedder.close()


def test_a_file_is_an_embedder(embedder: GgufEmbedder, tiny: Path) -> None:
    """EMBEDDER takes its path; questions and pairs have prompts of their own."""
    other = choose_embedder(str(tiny))
    assert (other.name, other.dimensions) == (embedder.name, HIDDEN)
    other.close()
    question = embedder.embed_queries(["세금"])
    assert not np.allclose(question, embedder.embed_documents([("세금", "")]), atol=1e-3)


def test_a_killed_process_is_started_anew(embedder: GgufEmbedder) -> None:
    """Whoever asks next does not notice, and no zombie is left."""
    before, first = embedder.embed_queries(["세금"]), embedder.pid
    os.kill(first, signal.SIGKILL)
    assert embedder.embed_queries(["세금"]) == pytest.approx(before)
    assert embedder.pid != first
    assert not psutil.pid_exists(first)


def test_closing_ends_the_process(tiny: Path) -> None:
    """Nothing is left of it, not even a zombie, and nothing can be asked any more."""
    embedder = GgufEmbedder(tiny)
    embedder.close()
    assert not psutil.pid_exists(embedder.pid)
    with pytest.raises(EmbedderError, match="closed"):
        embedder.embed_queries(["세금"])


def test_a_process_that_hangs_is_started_anew(
    embedder: GgufEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked waits for as long as the longest request may take, not for ever."""
    monkeypatch.setattr(gguf, "_LONGEST_S", 0.5)
    os.kill(embedder.pid, signal.SIGSTOP)
    assert embedder.embed_queries(["세금"]).shape == (1, HIDDEN)


async def test_it_ends_with_its_parent(tiny: Path) -> None:
    """However the parent dies."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from engine.retrieval.embedders.gguf import GgufEmbedder\n"
        "print(GgufEmbedder(Path(sys.argv[1])).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-c", code, str(tiny)], capture_output=True, text=True, check=False
    )
    pid = int(done.stdout)
    await until(lambda: not psutil.pid_exists(pid) or _is_zombie(pid))


def _is_zombie(pid: int) -> bool:
    """Its new parent, whoever that is in a container, has not asked for its status."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_nothing_but_frames_comes_on_its_stdout(tiny: Path) -> None:
    """llama.cpp's own words go elsewhere; Ctrl-C at the terminal does not end it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "engine", "embed", str(tiny)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        frame = read_frame(child.stdout)
        assert frame == (READY, json.dumps({"dimensions": HIDDEN}).encode())
        child.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.5)
        child.stdin.close()
        assert child.wait(10) == 0
        assert child.stdout.read() == b""


def test_a_file_that_llama_cpp_cannot_load_is_one_line(tmp_path: Path) -> None:
    """It looks right, and its weights are missing."""
    whole = write_tiny_embedder(tmp_path / "whole.gguf").read_bytes()
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(whole[:-8000])
    with pytest.raises(EmbedderError, match=r"damaged\.gguf") as error:
        GgufEmbedder(damaged)
    assert "\n" not in str(error.value)


def test_other_weights_have_another_name(embedder: GgufEmbedder, tmp_path: Path) -> None:
    """The same weights in a file of another name have the same one."""
    for seed, same in ((0, True), (1, False)):
        other = GgufEmbedder(write_tiny_embedder(tmp_path / f"other-{seed}.gguf", seed=seed))
        assert (other.name == embedder.name) == same
        other.close()


def test_threads_take_turns(embedder: GgufEmbedder) -> None:
    """Eight threads get what one gets."""
    texts = [f"세금 {n}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: embedder.embed_queries([text])[0], texts))
    assert np.stack(together) == pytest.approx(embedder.embed_queries(texts), abs=1e-3)
