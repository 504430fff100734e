"""Everything around rounds, on a real database, with a trainer and an engine that only pretend."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answering.responder import Responder
from bot.evaluation.candidate import CandidateEvaluator
from bot.knowledge.opinions import accepted_by_all
from bot.knowledge.retriever import Retriever
from bot.learning.outcome import RoundOutcome
from bot.learning.round import RoundRunner
from bot.learning.service import TrainingService
from bot.learning.versions import Deployment, VersionRetention
from bot.settings import Settings
from engine.adapters.published import AdapterVersion
from engine.errors import CancelledError
from engine.retrieval.questions import question_key
from engine.training.examples import Example, read_examples
from storage.conversations import Conversations, StoredReply
from storage.database import Database
from storage.labels import Labels, Subject
from storage.pairs import Pairs, TaughtPair
from storage.rounds import Rounds
from storage.training_data import TrainingData
from storage.versions import VersionRegistry
from tests.bot.conftest import DOMAINS, JUDGE
from tests.support.fakes import FakeEngine

ENOUGH = 40  # facts, a third of which can be held out
GAIN = 0.5  # nats a token that a pretended candidate is better by


@dataclass
class FakeTrainer:
    """Leaves what the real one leaves. ``gain``: how much better every held-out answer is foretold;
    ``error`` is raised instead. While ``hold`` is set it goes on until cancelled."""

    gain: float = GAIN
    error: Exception | None = None
    hold: bool = False
    seen: list[Example] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    _cancelled: asyncio.Event = field(default_factory=asyncio.Event)

    async def train(
        self, directory: Path, on_line: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        self.seen = read_examples(directory / "examples.jsonl")
        self.config = json.loads((directory / "config.json").read_text())
        on_line({"stage": "training"})
        on_line({"step": 1, "steps": 2, "loss": 1.5, "eta_s": 3.0})
        self.began.set()
        if self.hold:
            await self._cancelled.wait()
            raise CancelledError("training was cancelled")
        if self.error:
            raise self.error
        return self._write(directory)

    def cancel(self) -> bool:
        self._cancelled.set()
        return self.hold

    def _write(self, directory: Path) -> dict[str, Any]:
        weights = directory / "adapter" / "adapter_model.safetensors"
        weights.parent.mkdir()
        weights.write_bytes(b"weights")
        (weights.parent / "adapter_config.json").write_text("{}")
        heldout = [e for e in self.seen if e.split == "heldout"]
        rows = [_score(e, self.gain) for e in heldout]
        (directory / "scores.json").write_text(json.dumps({"rows": rows, "summary": {}}))
        manifest = {
            "base": "fake", "base_fingerprint": "0", "examples": len(self.seen) - len(rows),
            "by_kind": {}, "heldout": len(rows), "losses": [2.0, 1.0], "parameters": 10,
            "parameters_percent": 0.1, "peak_mb": 5, "method": self.config["method"], "seed": 0,
            "data_sha256": "0", "scores": {"n": len(rows), "nll": {"candidate": 1.0}, "kl": 0.1},
            "adapter_sha256": hashlib.sha256(b"weights").hexdigest(),
            "seconds": {"loading": 0.0, "training": 0.1, "scoring": 0.0},
        }  # fmt: skip
        (directory / "manifest.json").write_text(json.dumps(manifest))
        return manifest


def _score(example: Example, gain: float) -> dict[str, Any]:
    nll = {"candidate": 2.0 - gain, "base": 2.0, "previous": 2.0}
    return {"question": example.question, "kind": example.kind, "group": example.together,
            "tokens": 5, "nll": nll, "kl": 0.1}  # fmt: skip


class Workshop:
    """Everything that a round needs, around a fake engine and a trainer that pretends."""

    def __init__(
        self, home: Path, database: Database, retriever: Retriever, **settings: Any
    ) -> None:
        self.settings = Settings(_env_file=None, reactune_home=home, **settings)
        self.database = database
        self.engine = FakeEngine(lambda _: "답")
        self.trainer = FakeTrainer()
        self.versions, self.rounds = VersionRegistry(database), Rounds(database)
        self.live = Deployment(
            self.engine,
            self.versions,
            self.settings.versions,
            lambda path: AdapterVersion(path.name, path / "adapter"),
        )
        retention = VersionRetention(self.settings.versions, self.versions, self.live)
        responder = Responder(self.engine, retriever, DOMAINS, self.live.of)
        runner = RoundRunner(
            self.settings,
            training_data=TrainingData(database, accepted_by_all),
            retriever=retriever,
            versions=self.versions,
            deployment=self.live,
            retention=retention,
            trainer=self.trainer,
            evaluator=CandidateEvaluator(responder),
        )
        self.training = TrainingService(
            self.settings,
            rounds=self.rounds,
            versions=self.versions,
            deployment=self.live,
            retention=retention,
            runner=runner,
            domains=DOMAINS,
        )

    async def teach(self, count: int, start: int = 0) -> None:
        """``count`` different facts."""
        asked = {n: f"{n}번 서식은 언제 내나요?" for n in range(start, start + count)}
        rows = [
            TaughtPair("tax-ko", question, question_key(question), f"{n}번 서식은 {n}월에 냅니다.",
                   "", "", 1.0, "cli:me")
            for n, question in asked.items()
        ]  # fmt: skip
        await Pairs(self.database).teach(rows)


async def round_of(workshop: Workshop) -> RoundOutcome:
    """What a round that starts now comes to."""
    _, running = await workshop.training.start("tax-ko", at_least=0)
    return await running


async def answered(
    database: Database,
    question: str,
    answer: str,
    person: str = "web:u",
    version: str | None = None,
) -> Subject:
    """A stored question with its reply."""
    messages = Conversations(database)
    _, number = await messages.add_question(
        platform="web", channel="c", thread=f"{question}{answer}{person}", person=person,
        domain="tax-ko", text=question,
    )  # fmt: skip
    reply = StoredReply(answer, "done", "fake", version, 1, 1, 0, 0, 0)
    return Subject("reply", await messages.add_reply(number, reply))


async def vote(
    database: Database, subject: Subject, score: float, people: Sequence[str] = ("slack:u",)
) -> None:
    emoji = "👍" if score > 0 else "👎"
    for person in people:
        await Labels(database, JUDGE).change(subject, person, emoji, emoji, score, present=True)
