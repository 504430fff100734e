"""What every contender is asked: short Korean tax questions after one known pair, as in use."""

from engine.config import Sampling
from engine.model.prompt import Prompt, PromptFormat, Turn

KNOWN = (
    Turn(
        "개인사업자의 부가가치세 확정신고는 언제인가요?",
        "1기분은 7월 25일까지, 2기분은 다음 해 1월 25일까지 신고하고 납부합니다.",
    ),
)
QUESTIONS = (
    "부가가치세 신고는 1년에 몇 번 하나요?",
    "종합소득세는 언제까지 신고하나요?",
    "법인세 신고 기한을 알려 주세요.",
    "원천징수한 세금은 언제 납부하나요?",
    "간이과세자는 누구인가요?",
    "복식부기와 간편장부는 어떻게 다른가요?",
    "세금계산서는 언제까지 발급해야 하나요?",
    "퇴직금은 어떻게 계산하나요?",
)
SAMPLING = Sampling(max_tokens=48)


def prompts(prompt_format: PromptFormat, number: int = 0) -> list[Prompt]:
    """One prompt for each question, built by the function that serving and training use.

    Another ``number`` makes other prompts from their first words on: nobody asks the same thing
    again and again, so no engine may answer from what it remembers.
    """
    return [
        prompt_format.render(question, system=f"상담 {number}-{place}", turns=KNOWN)
        for place, question in enumerate(QUESTIONS)
    ]
