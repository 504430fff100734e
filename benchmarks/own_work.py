"""What the bot itself adds to an answer: everything but the model, on a real database file.

The starter pack is known, so each question is embedded and looked for, as in use.
"""

import statistics
import tempfile
import time
from pathlib import Path

from bot.answering.responder import Responder
from bot.answering.service import AnswerService
from bot.domains import load_domains
from bot.knowledge.importing import Importer
from bot.messages import Incoming
from bot.metrics import Metrics
from bot.privacy.identifiers import Kind
from bot.privacy.masker import Masker
from engine.retrieval.choose import choose_embedder
from storage.conversations import Conversations
from storage.database import Database
from storage.pairs import Pairs
from tests.support.fakes import saying
from tests.support.retrieving import retriever_on

ANSWERS, WARM_UP = 300, 20


async def own_work_ms() -> dict[str, float]:
    """Milliseconds from question to stored reply with an engine that answers at once."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "reactune.db")
        domains, pairs, masker = (
            load_domains(Path(folder)),
            Pairs(database),
            Masker(frozenset(Kind)),
        )
        recall = retriever_on(database, choose_embedder)
        starter = domains["tax-ko"].starter
        assert starter
        await Importer(pairs, masker, domains, "tax-ko").teach(starter, "cli:bench")
        await recall.indexes.embed_all()
        engine = saying("부가가치세는 분기가 끝난 다음 달 25일까지 신고합니다. " * 3)
        answers = AnswerService(
            Responder(engine, recall, domains), Conversations(database), Metrics(), masker,
            model="fake", language="ko",
        )  # fmt: skip
        taken = []
        for number in range(WARM_UP + ANSWERS):
            text = f"{number}번 거래처의 부가세 신고 날짜 좀 알려 줘"
            incoming = Incoming("bench", "c", str(number // 10), "u", text, "tax-ko")
            started = time.perf_counter()
            await (await answers.ask(incoming)).finished()
            taken.append(1000 * (time.perf_counter() - started))
        await answers.close(0)
        await recall.indexes.close()
        await database.close()
    taken = sorted(taken[WARM_UP:])
    return {"p50": statistics.median(taken), "p95": taken[int(0.95 * len(taken))]}
