"""What a training round came to, and how far a running one is: the words of report and pages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from engine.adapters.methods import find_method
from engine.gate.reasons import Reason

RoundState = Literal["promoted", "rejected", "inconclusive", "failed", "cancelled"]
WATCH = "watch"  # who takes versions back by itself, in the history of what was live
State = RoundState | Literal["waits", "superseded", "replaced", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A running round. ``stage``: preparing, loading, training, scoring, writing or asking.

    ``eta_s``: seconds until training and scoring are over, as far as that can be told.
    """

    round: int
    domain: str
    stage: str
    step: int = 0
    steps: int = 0
    loss: float | None = None
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One question as it was answered before and is answered by the candidate."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """One round as it is reported and kept.

    ``version``: the candidate, None where there is none. ``went_live``: it answers from now on;
    ``waits``: it will when an admin approves it. ``previous``: what was live before (None: the
    base model); ``withdrawn``: that had to go, since somebody in it is forgotten. ``nll``: mean
    nats a token on held-out answers, of "candidate", "base" and "previous". ``golden``: how many
    golden questions were asked, right before, right after. ``seconds``: by part, with their sum
    "total".
    """

    round: int
    domain: str
    verdict: RoundState
    reasons: tuple[Reason, ...] = ()
    version: str | None = None
    went_live: bool = False
    waits: bool = False
    withdrawn: bool = False
    previous: str | None = None
    method: str = "lora"
    examples: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    heldout: int = 0
    nll: Mapping[str, float] = field(default_factory=dict)
    golden: tuple[int, int, int] = (0, 0, 0)
    samples: tuple[BeforeAfter, ...] = ()
    losses: tuple[float, ...] = ()
    parameters: int = 0
    parameters_percent: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_mb: int = 0
    tested: bool = False  # the round spent some of the gate's budget

    @property
    def state(self) -> State:
        """The verdict and what follows from it: what answers from now on."""
        if self.verdict == "promoted":
            return "promoted" if self.went_live else "waits" if self.waits else "superseded"
        if self.withdrawn:
            return "replaced" if self.went_live else "withdrawn"
        return self.verdict

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the database; ``went_live`` has always been called ``live`` there."""
        kept = asdict(self)
        return kept | {"live": kept.pop("went_live")}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "RoundOutcome":
        """What ``as_json`` gave, read back from JSON."""
        given = dict(kept)
        went_live = given.pop("live", False)
        return cls(
            **{
                **given,
                "went_live": went_live,
                "method": find_method(given.get("method", "lora")).name,
                "reasons": tuple(Reason(r["key"], r["values"]) for r in kept["reasons"]),
                "golden": tuple(kept["golden"]),
                "samples": tuple(BeforeAfter(**sample) for sample in kept["samples"]),
                "losses": tuple(kept["losses"]),
            }
        )


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A version's approval was credibly worse, so the one before answers again.

    ``votes`` and ``votes_before``: (approved, all) of ``version`` and of what it had replaced.
    """

    domain: str
    version: str
    to: str | None
    votes: tuple[int, int]
    votes_before: tuple[int, int]
