"""The words of the chat page."""

from bot.texts.language import Texts

TEXTS: Texts = {
    "web_tagline": {
        "ko": "팀의 반응에서 배우는 챗봇입니다. 무엇이든 물어보세요.",
        "en": "A chatbot that learns from your team’s reactions. Ask away.",
    },
    "web_placeholder": {"ko": "무엇이 궁금하세요?", "en": "What would you like to know?"},
    "web_note": {
        "ko": "답변이 틀릴 수 있으니 중요한 내용은 꼭 확인하세요.",
        "en": "Answers can be wrong. Please check what matters.",
    },
    "web_question": {"ko": "질문", "en": "Question"},
    "web_send": {"ko": "보내기", "en": "Send"},
    "web_stop": {"ko": "답변 멈추기", "en": "Stop answering"},
    "web_writing": {"ko": "답변을 쓰고 있습니다", "en": "Writing an answer"},
    "web_still_answering": {
        "ko": "앞 질문에 아직 답하고 있습니다. 끝난 뒤에 다시 보내 주세요.",
        "en": "The last question is still being answered. Please send this again afterwards.",
    },
    "web_try_again": {
        "ko": "지금은 질문을 받지 못했습니다. 잠시 뒤에 다시 보내 주세요.",
        "en": "The question did not get through. Please send it again in a moment.",
    },
    "web_not_loaded": {
        "ko": "지난 대화를 불러오지 못했습니다. 잠시 뒤에 새로 고쳐 보세요. "
        "그래도 안 되면 관리자에게 알려 주세요.",
        "en": "Earlier conversations could not be loaded. Reload in a moment; if that does not "
        "help, tell your admin.",
    },
    "web_earlier": {"ko": "이전 대화 더 보기", "en": "Show earlier"},
    "web_reactions": {"ko": "답변 평가", "en": "Rate this answer"},
    "web_good": {"ko": "도움이 됐어요", "en": "Helpful"},
    "web_bad": {"ko": "도움이 안 됐어요", "en": "Not helpful"},
    "web_react": {"ko": "반응 남기기", "en": "React"},
    "web_not_saved": {
        "ko": "반응을 저장하지 못했습니다. 다시 눌러 주세요.",
        "en": "Your reaction was not saved. Please try again.",
    },
    "web_verified": {"ko": "확인됨", "en": "Verified"},
    "web_unverified": {
        "ko": "확인되지 않은 초안입니다. 승인된 답이 아니니 꼭 확인하고 쓰세요.",
        "en": "Unverified draft. Nobody has approved it: check before you use it.",
    },
    "web_one_person_below": {
        "ko": "맞는 답이면 👍를 눌러 주세요. 한 분이 더 동의하면 확인된 답이 됩니다.",
        "en": "If it is right, give it a 👍: with one more person it counts as verified.",
    },
    "web_correct": {"ko": "고치기", "en": "Correct this"},
    "web_choose_later": {
        "ko": "아직 답변을 쓰고 있습니다. 끝난 뒤에 다시 눌러 주세요.",
        "en": "An answer is still being written. Please press again afterwards.",
    },
    "web_copied_draft": {
        "ko": "⚠️ 확인되지 않은 답변입니다. 모델이 쓴 초안이며 승인된 답이 아닙니다.",
        "en": "⚠️ Unverified answer: a draft by the model that nobody has approved.",
    },
    "web_copy": {"ko": "답변 복사", "en": "Copy answer"},
    "web_copied": {"ko": "복사됨", "en": "Copied"},
    "web_conversation": {"ko": "대화", "en": "Conversation"},
    "web_conversations": {"ko": "지난 대화", "en": "Conversations"},
    "web_new": {"ko": "새 대화", "en": "New conversation"},
    "web_menu": {"ko": "대화 목록 열기", "en": "Open conversations"},
    "web_close_menu": {"ko": "대화 목록 닫기", "en": "Close conversations"},
    "web_to_end": {"ko": "맨 아래로", "en": "Jump to the end"},
    "web_domain": {"ko": "분야", "en": "Domain"},
    "web_theme": {"ko": "밝은 화면·어두운 화면 전환", "en": "Switch light and dark"},
    "web_language": {"ko": "English", "en": "한국어"},
    "web_log_in": {"ko": "로그인", "en": "Log in"},
    "web_log_out": {"ko": "로그아웃", "en": "Log out"},
    "web_log_out_hint": {
        "ko": "이 브라우저에서는 지난 대화가 더 이상 보이지 않습니다.",
        "en": "This browser will no longer show your conversations.",
    },
    "web_password": {"ko": "비밀번호", "en": "Password"},
    "web_password_ask": {
        "ko": "팀에서 받은 비밀번호를 입력하세요.",
        "en": "Enter the password that your team gave you.",
    },
    "web_password_wrong": {
        "ko": "비밀번호가 맞지 않습니다.",
        "en": "That password is not right.",
    },
    "web_password_wait": {
        "ko": "여러 번 틀렸습니다. {seconds}초 뒤에 다시 시도해 주세요.",
        "en": "Too many wrong tries. Try again in {seconds} seconds.",
    },
}
