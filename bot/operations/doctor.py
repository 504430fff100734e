"""Looks at everything that Reactune needs and says, line by line, what is well and what is not."""

import errno
import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from bot.domains import check_domain, load_domains
from bot.errors import SettingsError
from bot.settings import Settings
from engine.config import EngineConfig
from engine.errors import EngineError, MethodNotServedError
from engine.memory import MIB, available_bytes
from engine.model.base_model import find_model
from engine.retrieval.choose import choose_embedder
from engine.serving.base import Engine
from engine.serving.choose import choose_engine
from storage.database import Database
from storage.errors import InUseError, StorageError

_ROOM_BYTES = 3 * 1024 * MIB  # converted weights for training, versions, the database


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; ``hint`` is what to do when it is not well."""

    name: str
    ok: bool
    found: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"\n    → {self.hint}" if self.hint and not self.ok else ""
        return f"{'✓' if self.ok else '✗'} {self.name}: {self.found}{hint}"


async def examine(settings: Settings, platforms: Sequence[Check] = ()) -> list[Check]:
    """All checks, each independent of the others' outcome, and then those of ``platforms``."""
    return [
        *_folders(settings),
        _domains(settings),
        await _database(settings),
        await _engine(settings),
        _embedder(settings),
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
        return Check("recall", False, str(error), "set EMBEDDER otherwise")
    return Check("recall", True, f"{embedder.name}, {embedder.dimensions} numbers a question")


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
