"""What a bot of the tests knows."""

from engine.retrieval.questions import question_key
from storage.pairs import Pairs, TaughtPair
from tests.bot.platforms.fakes.stored import Running

KNOWN = "부가가치세는 언제 내나요?"
NEAR = "부가가치세는 언제 내야 하나요"  # known, and not word for word
UNSURE = "일본의 부가가치세는 언제 내나요?"  # one word more: KNOWN is offered
ANSWER = "7월 25일까지입니다."
HOSTILE = (
    "<!channel> <@U1> <@100000000000000031> @everyone *부가가치세는* __언제__ [내나요](http://x)?\n"
    "# \u200b\u202e&lt;!here&gt; " + "`긴 질문` " * 40
)


async def teach(bot: Running, question: str = KNOWN, answer: str = ANSWER) -> None:
    """The answer to a question, with its source."""
    row = TaughtPair(
        question=question,
        answer=answer,
        domain="tax-ko",
        source="부가가치세법 제49조",
        as_of="2025-01-01",
        score=1.0,
        person="cli:me",
        key=question_key(question),
    )
    await Pairs(bot.database).teach([row])
