"""Looks at everything that Reactune needs and says, line by line, what is well and what is not."""

import errno
import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from bot.domains import check_domain, load_domains
from bot.errors import SettingsError
from bot.knowledge.thresholds import Promise, Thresholds, accepted_wrong
from bot.settings import Settings
from engine.config import EngineConfig
from engine.errors import EngineError, MethodNotServedError
from engine.memory import MIB, available_bytes
from engine.model.base_model import find_model
from engine.retrieval.choose import EMBEDDINGGEMMA, NANO_E5, choose_embedder
from engine.serving.base import Engine
from engine.serving.choose import choose_engine
from storage.database import Database
from storage.errors import InUseError, StorageError
from storage.pairs import Pairs
from storage.picks import Picks

_TO_KNOW_MORE = "judge more answers, or let MAX_WRONG accept more"
_ONLY_SAME_WORDS = "until then only questions in the same words as a known one are verified"
_ROOM_BYTES = 3 * 1024 * MIB  # converted weights for training, versions, the database


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; ``hint`` is what to do when it is not well, ``advice`` what would
    make it better when it is."""

    name: str
    ok: bool
    found: str
    hint: str = ""
    advice: str = ""

    def __str__(self) -> str:
        step = self.advice if self.ok else self.hint
        arrow = f"\n    → {step}" if step else ""
        return f"{'✓' if self.ok else '✗'} {self.name}: {self.found}{arrow}"


async def examine(settings: Settings, platforms: Sequence[Check] = ()) -> list[Check]:
    """All checks, and then those of ``platforms``. Each is made whatever the others find."""
    recall = _embedder(settings)
    return [
        *_folders(settings),
        _domains(settings),
        await _database(settings),
        await _engine(settings),
        recall,
        *await _promises(settings, recall),
        await _web(settings),
        *platforms,
    ]


def _folders(settings: Settings) -> Iterator[Check]:
    for name, folder in (("REACTUNE_HOME", settings.home), ("REACTUNE_CACHE", settings.cache)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            yield Check(name, False, f"{folder}: {error.strerror}", f"set {name} to another folder")
            continue
        free = shutil.disk_usage(folder).free
        yield Check(
            name,
            free > _ROOM_BYTES,
            f"{folder}, {free // MIB:,} MB free",
            f"training needs about {_ROOM_BYTES // MIB:,} MB",
        )


def _domains(settings: Settings) -> Check:
    try:
        domains = load_domains(settings.home)
        check_domain(settings.domain, domains)
    except SettingsError as error:
        return Check("domains", False, str(error), "mend the file or DOMAIN")
    return Check("domains", True, f"{', '.join(domains)}; {settings.domain} is asked first")


async def _database(settings: Settings) -> Check:
    path = settings.home / "reactune.db"
    try:
        database = await Database.open(path, serving=True)
        await database.close()
    except InUseError:
        return Check("database", True, f"{path}, in use by a running Reactune")
    except StorageError as error:
        return Check("database", False, str(error), "see deploy/RUNBOOK.md")
    return Check("database", True, str(path))


async def _engine(settings: Settings) -> Check:
    """Load the real model and ask it something: only that proves that it answers."""
    engine: Engine | None = None
    try:
        model = find_model(settings.model, settings.cache)
        engine = choose_engine(
            settings.engine, model, settings.method, EngineConfig(settings.cache)
        )
        await engine.start()
        result = await engine.stream(engine.format.render("1 + 1 = ?")).collect()
    except MethodNotServedError as error:
        return Check("engine", False, str(error), "set METHOD or ENGINE otherwise")
    except EngineError as error:
        return Check("engine", False, str(error), "set MODEL or ENGINE otherwise")
    finally:
        if engine:
            await engine.close()
    return Check(
        "engine",
        True,
        f"{engine.name} answers with {model.name}, first token after "
        f"{1000 * result.first_token_s:.0f} ms, {available_bytes() // MIB:,} MB of memory free",
    )


def _embedder(settings: Settings) -> Check:
    """Load the real embedder and let it read something."""
    try:
        embedder = choose_embedder(settings.embedder, settings.cache)
        embedder.embed_queries(["1 + 1 = ?"])
        embedder.close()
    except EngineError as error:
        return Check("recall", False, str(error), _ONLY_SAME_WORDS)
    return Check("recall", True, f"{embedder.name}, {embedder.dimensions} numbers a question")


async def _promises(settings: Settings, recall: Check) -> list[Check]:
    """One line for each domain with pairs: from where on answers are verified, and how surely.
    Where ``recall`` fails, no score says that.

    None where the database or the domains cannot be read: other lines tell that.
    """
    try:
        domains = load_domains(settings.home)
        database = await Database.open(settings.home / "reactune.db")
    except (SettingsError, StorageError):
        return []
    thresholds = Thresholds(
        Picks(database), accepted_wrong(domains, settings.max_wrong), settings.max_share_per_user
    )
    pairs = Pairs(database)
    try:
        embedder = await pairs.embedder()
        counts = {name: await pairs.count(name) for name in domains}
        return [
            _promise(name, await thresholds.promise(name, embedder) if embedder else None)
            if recall.ok
            else Check(f"verified in {name}", True, "only the same words: see recall")
            for name, count in counts.items()
            if count
        ]
    except StorageError:
        return []
    finally:
        await database.close()


def _promise(domain: str, promise: Promise | None) -> Check:
    """It is no fault that little is known: the advice says how more will be."""
    name = f"verified in {domain}"
    if promise is None:
        found = "only the same words: no pair has been read"
        return Check(name, True, found, advice="start `reactune run`, which reads them")
    start, advice = f"from a score of {promise.threshold:.2f} on", ""
    if promise.only_same_words:
        start, advice = "only the same words", _TO_KNOW_MORE
        if promise.embedder.startswith(f"{NANO_E5}-"):
            better = f"`reactune models get {EMBEDDINGGEMMA}`"
            advice = f"get a better embedder with {better}; {advice}"
    wrong = "no error measured" if promise.wrong is None else f"{promise.wrong:.1%} wrong"
    return Check(
        name,
        True,
        f"{start} ({promise.embedder}); {promise.judged} judgements ({promise.own} own, "
        f"{promise.shipped} shipped), {wrong}, {100 * promise.max_wrong:.3g}% accepted",
        advice=advice,
    )


async def _web(settings: Settings) -> Check:
    where = f"{settings.web_host}:{settings.web_port}"
    try:
        family = socket.getaddrinfo(settings.web_host, settings.web_port)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.web_host, settings.web_port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_ours(where):
            return Check("web", True, f"http://{where}, a running Reactune")
        return Check("web", False, f"{where}: {error.strerror}", "set WEB_HOST or WEB_PORT")
    guard = "asks for the password" if settings.web_password else "only this machine can open it"
    return Check("web", True, f"http://{where}, {guard}")


async def _is_ours(where: str) -> bool:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
            return "status" in (await client.get(f"http://{where}/healthz")).json()
    except (httpx.HTTPError, ValueError):
        return False
