"""Numbers for Prometheus; one registry for each running application."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """What the application counts while it runs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "reactune_answers",
            "Answers by platform and how they ended",
            ["platform", "status"],
            registry=self.registry,
        )
        self.refused = Counter(
            "reactune_refused", "Questions refused, by reason", ["reason"], registry=self.registry
        )
        self.labels = Counter(
            "reactune_labels", "Labels by score", ["score"], registry=self.registry
        )
        self.tokens = Counter("reactune_tokens", "Tokens generated", registry=self.registry)
        self.seconds = Histogram(
            "reactune_answer_seconds",
            "Seconds from question to whole answer",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self.first_token_seconds = Histogram(
            "reactune_first_token_seconds",
            "Seconds from question to the first token",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._queue = Gauge(
            "reactune_engine_requests",
            "Requests in the engine",
            ["state"],
            registry=self.registry,
        )

    def watch_engine(self, running: Callable[[], int], waiting: Callable[[], int]) -> None:
        """Read the engine's queue whenever somebody scrapes."""
        self._queue.labels("running").set_function(running)
        self._queue.labels("waiting").set_function(waiting)
