"""What the bot itself adds to an answer: everything but the engine, on a real database file."""

import statistics
import tempfile
import time
from pathlib import Path

from bot.answer import Answers
from bot.domains import load_domains
from bot.messages import Incoming
from bot.metrics import Metrics
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from bot.respond import Responder
from storage.database import Database
from storage.messages import Messages
from tests.fakes import saying

ANSWERS, WARM_UP = 300, 20


async def own_work_ms() -> dict[str, float]:
    """Milliseconds from question to stored reply with an engine that answers at once."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "reactune.db")
        engine = saying("부가가치세는 분기가 끝난 다음 달 25일까지 신고합니다. " * 3)
        answers = Answers(
            Responder(engine, None, load_domains(Path(folder))), Messages(database), Metrics(),
            Masker(frozenset(Kind)), model="fake", language="ko",
        )  # fmt: skip
        taken = []
        for number in range(WARM_UP + ANSWERS):
            incoming = Incoming("bench", "c", str(number // 10), "u", "언제 신고하나요?", "tax-ko")
            started = time.perf_counter()
            await (await answers.ask(incoming)).finished()
            taken.append(1000 * (time.perf_counter() - started))
        await answers.close(0)
        await database.close()
    taken = sorted(taken[WARM_UP:])
    return {"p50": statistics.median(taken), "p95": taken[int(0.95 * len(taken))]}
