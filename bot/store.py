"""What is stored, opened and joined with the rules by which opinions become knowledge."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domains import Domain, load_domains
from bot.monitoring import Monitor
from bot.privacy.masker import Masker
from bot.quality import judge_by
from bot.recall import Recall
from bot.settings import Settings, SettingsError
from bot.teach import Teacher
from engine.retrieval.choose import choose_embedder
from engine.retrieval.questions import question_key
from storage.corrections import Corrections
from storage.database import Database
from storage.opinions import Judge
from storage.pairs import Pairs
from storage.people import People
from storage.rounds import Rounds
from storage.stats import Stats
from storage.versions import Versions


@dataclass(frozen=True, slots=True)
class Store:
    """What is stored, with the rules by which opinions become knowledge; no model is needed."""

    settings: Settings
    database: Database
    domains: Mapping[str, Domain]
    judge: Judge
    masker: Masker
    pairs: Pairs
    recall: Recall
    corrections: Corrections
    people: People
    teacher: Teacher
    monitor: Monitor


@asynccontextmanager
async def open_store(settings: Settings, *, serving: bool = False) -> AsyncIterator[Store]:
    """Open the database, and close it on the way out; ``serving`` claims it for this process.

    Raises SettingsError and StorageError, each with the way out.
    """
    domains = load_domains(settings.home, settings.unknown)
    check_domain(settings.domain, domains)
    database = await Database.open(settings.home / "reactune.db", serving=serving)
    judge = judge_by(question_key, settings.disagreement)
    pairs, masker = Pairs(database), Masker(settings.mask)
    recall = Recall(pairs, lambda: choose_embedder(settings.embedder))
    try:
        await pairs.renew_keys(question_key)
        yield Store(
            settings=settings,
            database=database,
            domains=domains,
            judge=judge,
            masker=masker,
            pairs=pairs,
            recall=recall,
            corrections=Corrections(database, judge),
            people=People(database, judge),
            teacher=Teacher(pairs, masker, domains, settings.domain),
            monitor=Monitor(
                stats=Stats(database),
                rounds=Rounds(database),
                versions=Versions(database),
                pairs=pairs,
                home=settings.home,
                train_every=settings.train_every,
                most=settings.max_share_per_user,
            ),
        )
    finally:
        await recall.close()
        await database.close()


def check_domain(name: str, domains: Mapping[str, Domain]) -> None:
    if name not in domains:
        raise SettingsError(f"DOMAIN: there is no domain {name}; there are {', '.join(domains)}")
