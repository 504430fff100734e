"""What the database knows about how the bot is doing."""

from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class DomainStats:
    """Counts of one domain. ``up`` and ``down``: verdicts by sign; latencies in milliseconds.

    ``verdicts``: (person, up, down) of everybody who gave any.
    """

    domain: str
    questions: int
    answered: int
    stopped: int
    failed: int
    people: int
    up: int
    down: int
    p50_ms: int
    p95_ms: int
    verdicts: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class VersionApproval:
    """Replies of one version (None: the base model) that people approve, of those voted on."""

    version: str | None
    approved: int
    total: int


class Stats:
    """Counts for /stats, by domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_domain(self) -> list[DomainStats]:
        rows = await self._database.rows(
            "SELECT q.domain, count(*), "
            "sum(r.status IS 'done'), sum(r.status IS 'stopped'), sum(r.status IS 'failed'), "
            "count(DISTINCT q.person) "
            "FROM questions q LEFT JOIN replies r ON r.question_id = q.id "
            "GROUP BY q.domain ORDER BY q.domain"
        )
        found = []
        for domain, questions, answered, stopped, failed, people in rows:
            verdicts = await self._verdicts(domain)
            up, down = sum(v[1] for v in verdicts), sum(v[2] for v in verdicts)
            p50, p95 = await self._latency(domain)
            found.append(
                DomainStats(
                    domain,
                    questions,
                    answered,
                    stopped,
                    failed,
                    people,
                    up,
                    down,
                    p50,
                    p95,
                    verdicts,
                )
            )
        return found

    async def _verdicts(self, domain: str) -> tuple[tuple[str, int, int], ...]:
        rows = await self._database.rows(
            "SELECT v.person, sum(v.score > 0), sum(v.score < 0) FROM verdicts v "
            "JOIN replies r ON r.id = v.reply_id JOIN questions q ON q.id = r.question_id "
            "WHERE q.domain = ? AND v.score <> 0 GROUP BY v.person",
            (domain,),
        )
        return tuple((person, up, down) for person, up, down in rows)

    async def _latency(self, domain: str) -> tuple[int, int]:
        """Median and 95th percentile (nearest rank) over answers that were not cut off."""
        whole = (
            "FROM replies r JOIN questions q ON q.id = r.question_id "
            "WHERE q.domain = ? AND r.status = 'done'"
        )
        count = (await self._database.rows(f"SELECT count(*) {whole}", (domain,)))[0][0]
        if not count:
            return 0, 0
        ranks = [max(0, -(-percent * count // 100) - 1) for percent in (50, 95)]
        ordered = f"SELECT r.latency_ms {whole} ORDER BY r.latency_ms LIMIT 1 OFFSET ?"
        p50, p95 = [(await self._database.rows(ordered, (domain, rank)))[0][0] for rank in ranks]
        return p50, p95
