"""What the database knows about how the bot is doing, domain by domain."""

from dataclasses import dataclass

from storage.database import Database

_TALK = "FROM questions q LEFT JOIN replies r ON r.question_id = q.id WHERE q.domain = ?1"
_OFFERS = "EXISTS (SELECT 1 FROM suggestions s WHERE s.reply_id = r.id)"
_CORRECTIONS = (
    "FROM corrections c JOIN replies r ON r.id = c.reply_id "
    "JOIN questions q ON q.id = r.question_id WHERE q.domain = ?1"
)
# Whole answers in words of the model's own: a verdict on a quote is about the quoted pair.
_JUDGED = (
    "SELECT r.id, r.version, avg(v.score) > 0 AS approved FROM verdicts v "
    "JOIN replies r ON r.id = v.reply_id JOIN questions q ON q.id = r.question_id "
    "WHERE q.domain = ?1 AND v.score <> 0 AND r.status = 'done' "
    "AND NOT r.copied GROUP BY r.id"
)
# The same for one version, but of each person the latest verdicts only: somebody who votes on
# everything must not decide alone.
_MOST_OF_ONE = 3
_VOTES = (
    "SELECT avg(score) > 0 AS approved FROM (SELECT r.id, v.score, row_number() OVER "
    "(PARTITION BY v.person ORDER BY r.id DESC) AS nth FROM verdicts v "
    "JOIN replies r ON r.id = v.reply_id JOIN questions q ON q.id = r.question_id "
    "WHERE q.domain = ?1 AND v.score <> 0 AND r.status = 'done' AND NOT r.copied "
    "AND r.version IS ?2 {more}) WHERE nth <= {most} GROUP BY id"
)
_SINCE_PROMOTION = (
    "AND r.created_at >= (SELECT max(created_at) FROM promotions "
    "WHERE domain = ?1 AND version IS ?2)"
)


@dataclass(frozen=True, slots=True)
class DomainStats:
    """Counts of one domain. ``answered`` to ``failed``: replies by how they ended, small talk
    apart; ``suggested``: known questions are offered, and nobody has picked yet.

    ``picks``: how often somebody said which question they meant, or that it was none of these.

    ``verdicts``: (person, up, down) of everybody who gave any; latencies in milliseconds over
    whole answers, None without any. ``corrections`` count, ``pending`` ones wait for review.
    ``trainings``: rounds that came to a verdict.
    """

    domain: str
    questions: int
    people: int
    answered: int
    suggested: int
    abstained: int
    stopped: int
    failed: int
    verdicts: tuple[tuple[str, int, int], ...]
    p50_ms: int | None
    p95_ms: int | None
    corrections: int
    pending: int
    trainings: int
    picks: int

    @property
    def up(self) -> int:
        return sum(up for _, up, _ in self.verdicts)

    @property
    def down(self) -> int:
        return sum(down for _, _, down in self.verdicts)


@dataclass(frozen=True, slots=True)
class VersionApproval:
    """Replies of one version (None: the base model) that people approve, of those voted on."""

    version: str | None
    approved: int
    total: int


class Stats:
    """Counts for /stats and for the watch over a new version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_domain(self, domain: str) -> DomainStats:
        """All counts of ``domain``: zeros where nothing has happened yet."""
        questions, people, answered, suggested, abstained, stopped, failed = await self._row(
            "SELECT count(*), count(DISTINCT q.person), count(*) FILTER (WHERE r.status = 'done'), "
            f"count(*) FILTER (WHERE r.status = 'abstained' AND {_OFFERS}), "
            f"count(*) FILTER (WHERE r.status = 'abstained' AND NOT {_OFFERS} "
            "AND NOT r.small_talk), "
            "count(*) FILTER (WHERE r.status = 'stopped'), "
            f"count(*) FILTER (WHERE r.status = 'failed') {_TALK}",
            domain,
        )
        corrections, pending = await self._row(
            "SELECT count(*) FILTER (WHERE c.state = 'live'), "
            f"count(*) FILTER (WHERE c.state = 'pending') {_CORRECTIONS}",
            domain,
        )
        (trainings,) = await self._row(
            "SELECT count(*) FROM rounds WHERE domain = ?1 "
            "AND state IN ('promoted', 'rejected', 'inconclusive')",
            domain,
        )
        (picks,) = await self._row(
            "SELECT count(*) FROM (SELECT DISTINCT reply_id, person FROM picks WHERE domain = ?1)",
            domain,
        )
        p50, p95 = await self._latency(domain, answered)
        return DomainStats(
            domain=domain,
            questions=questions,
            people=people,
            answered=answered,
            suggested=suggested,
            abstained=abstained,
            stopped=stopped,
            failed=failed,
            verdicts=await self._verdicts(domain),
            p50_ms=p50,
            p95_ms=p95,
            corrections=corrections,
            pending=pending,
            trainings=trainings,
            picks=picks,
        )

    async def approval_by_version(self, domain: str) -> list[VersionApproval]:
        """Approval of every version that was voted on, in the order in which they first answered.

        Each reply counts once, whoever voted: approved when the mean of its verdicts is above 0.
        """
        rows = await self._database.rows(
            "SELECT version, sum(approved), count(*) "  # noqa: S608
            f"FROM ({_JUDGED}) GROUP BY version ORDER BY min(id)",
            (domain,),
        )
        return [VersionApproval(version, approved, total) for version, approved, total in rows]

    async def votes(
        self, domain: str, version: str | None, *, since_promotion: bool = False
    ) -> tuple[int, int]:
        """(approved, voted on) of the replies of ``version``; None: of the base model.

        At most three of each person are counted: these votes decide.
        ``since_promotion``: only replies since it last went live; none if it never did.
        """
        votes = _VOTES.format(more=_SINCE_PROMOTION if since_promotion else "", most=_MOST_OF_ONE)
        rows = await self._database.rows(
            f"SELECT coalesce(sum(approved), 0), count(*) FROM ({votes})",  # noqa: S608
            (domain, version),
        )
        return rows[0][0], rows[0][1]

    async def _verdicts(self, domain: str) -> tuple[tuple[str, int, int], ...]:
        rows = await self._database.rows(
            "SELECT v.person, sum(v.score > 0), sum(v.score < 0) FROM verdicts v "
            "JOIN replies r ON r.id = v.reply_id JOIN questions q ON q.id = r.question_id "
            "WHERE q.domain = ?1 AND v.score <> 0 GROUP BY v.person",
            (domain,),
        )
        return tuple((person, up, down) for person, up, down in rows)

    async def _latency(self, domain: str, answered: int) -> tuple[int | None, int | None]:
        """Median and 95th percentile (nearest rank) over answers that were not cut off."""
        if not answered:
            return None, None
        ordered = f"SELECT r.latency_ms {_TALK} AND r.status = 'done' ORDER BY 1 LIMIT 1 OFFSET ?2"
        ranks = [-(-percent * answered // 100) - 1 for percent in (50, 95)]
        p50, p95 = [(await self._database.rows(ordered, (domain, rank)))[0][0] for rank in ranks]
        return p50, p95

    async def _row(self, sql: str, domain: str) -> tuple[int, ...]:
        rows = await self._database.rows(sql, (domain,))
        return tuple(rows[0])
