"""Everything that the bot itself says, in Korean and English."""

from typing import Literal

Language = Literal["ko", "en"]

_TEXTS: dict[str, dict[Language, str]] = {
    "empty_question": {
        "ko": "질문이 비어 있습니다. 궁금한 점을 적어 주세요.",
        "en": "The question is empty. Write what you would like to know.",
    },
    "question_too_long": {
        "ko": "질문이 너무 깁니다({size:,}자). {limit:,}자 이내로 나누어 물어봐 주세요.",
        "en": "The question is too long ({size:,} characters). Split it into parts of at most "
        "{limit:,}.",
    },
    "question_too_many_tokens": {
        "ko": "질문이 모델이 한 번에 읽을 수 있는 길이를 넘습니다({tokens:,}토큰, 최대 {limit:,}). "
        "짧게 줄여 주세요.",
        "en": "The question is longer than the model can read at once ({tokens:,} tokens, at most "
        "{limit:,}). Please shorten it.",
    },
    "busy": {
        "ko": "지금 질문이 많습니다. 대기 순서로는 {position}번째라 받지 못했습니다. "
        "잠시 뒤에 다시 물어봐 주세요.",
        "en": "Many questions are waiting; yours would be number {position} in the queue. "
        "Please ask again in a moment.",
    },
    "closing": {
        "ko": "서비스가 종료되는 중입니다. 잠시 뒤에 다시 물어봐 주세요.",
        "en": "The service is shutting down. Please ask again in a moment.",
    },
    "failed": {
        "ko": "죄송합니다. 답변을 만들지 못했습니다. 관리자에게 이 번호를 알려 주세요: {reference}",
        "en": "Sorry, the answer could not be made. Tell your admin this number: {reference}",
    },
    "not_answered": {
        "ko": "이 질문은 답변 중에 중단되었습니다. 다시 물어봐 주세요.",
        "en": "This question was interrupted before it was answered. Please ask it again.",
    },
    "stopped": {"ko": "답변을 멈췄습니다.", "en": "The answer was stopped."},
    "empty_answer": {
        "ko": "모델이 답을 내놓지 않았습니다. 질문을 조금 바꾸어 보세요.",
        "en": "The model gave no answer. Try to ask a little differently.",
    },
}


def say(key: str, language: Language, **values: object) -> str:
    """The text ``key`` in ``language`` with its values filled in."""
    return _TEXTS[key][language].format(**values)
