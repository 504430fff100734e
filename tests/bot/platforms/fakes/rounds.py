"""Rounds of training for the tests of the platforms, and how they are told there."""

from dataclasses import replace

from bot.app import App
from bot.learning.outcome import BeforeAfter, Progress, RolledBack, RoundOutcome
from bot.platforms.chat.training_reports import ReportTexts, TrainingAnnouncer
from bot.texts import Language
from tests.support.fakes import FakeTraining

DOMAIN, OLD, NEW = "tax-ko", "tax-ko-6", "tax-ko-7"
PICTURE = b"\x89PNG\r\n\x1a\n and what is drawn"
LINE_EVERY_S = 0.3
BETTER = RoundOutcome(7, DOMAIN, "promoted", version=NEW, previous=OLD, went_live=True)
WAITING = RoundOutcome(7, DOMAIN, "promoted", version=NEW, previous=OLD, waits=True)
LONG = replace(BETTER, samples=tuple(BeforeAfter("?", "", f"{n} {'가' * 90}") for n in range(40)))
WORSE = RoundOutcome(7, DOMAIN, "rejected", version=NEW, previous=OLD)


def step(number: int) -> Progress:
    return Progress(7, DOMAIN, "training", step=number, steps=100)


def announcing(app: App, platform: str, training: FakeTraining) -> TrainingAnnouncer:
    """As the registry of platforms makes it, but in plain words and with a quick live line."""
    return TrainingAnnouncer(
        platform=platform,
        training=training,
        access=app.access,
        admin_channels=app.settings.admin_channel,
        language=app.settings.language,
        rendering=PLAIN,
        line_every_s=LINE_EVERY_S,
        again_s=(),
    )


def with_live(version: str) -> FakeTraining:
    """``version`` is live, and OLD was before."""
    training = FakeTraining()
    training.history[DOMAIN] += [OLD, version]
    return training


def _line(progress: Progress, _: Language) -> str:
    return f"round {progress.round}: step {progress.step}"


def _text(outcome: RoundOutcome, _: Language) -> str:
    lines = [f"round {outcome.round}: {outcome.verdict}", *(s.after for s in outcome.samples)]
    return "\n".join(lines)


def _went_back(news: RolledBack, _: Language) -> str:
    return f"{news.version} went back"


async def _picture(_: RoundOutcome, __: Language) -> bytes:
    return PICTURE


PLAIN = ReportTexts(_line, _text, _picture, _went_back)
