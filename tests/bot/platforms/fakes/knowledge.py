"""What a bot of the tests knows."""

from engine.retrieval.questions import question_key
from storage.pairs import Pairs, TaughtPair
from tests.bot.platforms.fakes.stored import Running

KNOWN = "부가가치세는 언제 내나요?"
NEAR = "부가가치세 언제 내나요"  # known, and not word for word


async def teach(bot: Running) -> None:
    """The answer to KNOWN, with its source."""
    row = TaughtPair(
        question=KNOWN,
        answer="7월 25일까지입니다.",
        domain="tax-ko",
        source="부가가치세법 제49조",
        as_of="2025-01-01",
        score=1.0,
        person="cli:me",
        key=question_key(KNOWN),
    )
    await Pairs(bot.database).teach([row])
