"""The words of the pages where corrections, starter pack and own data are looked after."""

from bot.texts.language import Texts

TEXTS: Texts = {
    "web_correction_live": {
        "ko": "정정 · 다음 질문부터 이 답을 씁니다",
        "en": "Correction · used from the next question on",
    },
    "web_correction_unapproved": {
        "ko": "정정 · 한 사람의 제안으로 보이며, 한 분이 더 동의하면 확인된 답이 됩니다",
        "en": "Correction · shown as one person’s suggestion until one more person agrees",
    },
    "web_correction_proposed": {
        "ko": "정정 · 지금 답을 그대로 두고, 관리자가 두 답을 견주어 봅니다",
        "en": "Correction · the answer stays for now; an admin compares both",
    },
    "web_correction_kept": {
        "ko": "정정 · 이 대화에 남깁니다 (다른 질문에는 쓰지 않음)",
        "en": "Correction · kept with this conversation (not used for other questions)",
    },
    "web_correction_outranked": {
        "ko": "정정 · 지금은 더 지지받는 다른 답을 씁니다",
        "en": "Correction · another answer has more support for now",
    },
    "web_correction_pending": {
        "ko": "정정 · 관리자의 검토를 기다립니다",
        "en": "Correction · waits for review",
    },
    "web_correction_rejected": {
        "ko": "정정 · 관리자가 반려했습니다",
        "en": "Correction · rejected by an admin",
    },
    "web_correction_of_nothing": {
        "ko": "아직 정정할 답변이 없습니다. 먼저 질문해 주세요.",
        "en": "There is no answer to correct yet. Ask something first.",
    },
    "web_correction_not_saved": {
        "ko": "정정을 저장하지 못했습니다. 다시 보내 주세요.",
        "en": "Your correction was not saved. Please send it again.",
    },
    "web_withdraw": {"ko": "거두기", "en": "Withdraw"},
    "web_review": {"ko": "검토", "en": "Review"},
    "web_waiting": {"ko": "{count}건이 기다립니다", "en": "{count} waiting"},
    "web_back": {"ko": "대화로 돌아가기", "en": "Back to the conversation"},
    "web_review_empty": {
        "ko": "검토할 것이 없습니다. 새로 들어오면 여기에 바로 보입니다.",
        "en": "Nothing waits for review. What comes in shows up here at once.",
    },
    "web_review_corrections": {"ko": "검토를 기다리는 정정", "en": "Corrections that wait"},
    "web_review_unapproved": {
        "ko": "한 사람의 제안 (아직 확인되지 않음으로 표시됩니다)",
        "en": "One person’s words (shown as not approved yet)",
    },
    "web_review_keep": {"ko": "정정을 쓰지 않음", "en": "Do not use it"},
    "web_review_take": {"ko": "정정이 맞음", "en": "The correction is right"},
    "web_review_follows": {
        "ko": "‘정정이 맞음’: 다음 질문부터 확인된 답으로 쓰고, 이 질문에 등록된 답은 거둡니다. "
        "‘정정을 쓰지 않음’: 지금 답을 그대로 두고, 이 정정은 보여 주지 않습니다.",
        "en": "“The correction is right”: it is verified from the next question on, and what was "
        "taught for this question is withdrawn. “Do not use it”: what is answered stays, and "
        "the correction is shown to nobody.",
    },
    "web_review_disputed": {"ko": "의견이 갈린 답변", "en": "Answers that people disagree on"},
    "web_review_answer": {"ko": "봇의 답변", "en": "The bot’s answer"},
    "web_review_proposed": {"ko": "정정", "en": "Correction"},
    "web_review_failed": {
        "ko": "저장하지 못했습니다. 다시 눌러 주세요.",
        "en": "That was not saved. Please try again.",
    },
    "web_review_closed": {
        "ko": "이 페이지는 닫혀 있습니다. 설정 WEB_ADMIN_PASSWORD를 정하면 열립니다.",
        "en": "This page is closed. The setting WEB_ADMIN_PASSWORD opens it.",
    },
    "web_admin_password_ask": {
        "ko": "관리자 비밀번호를 입력하세요.",
        "en": "Enter the admin password.",
    },
    "web_starter": {
        "ko": "‘{title}’ 기본 지식 {pairs:,}개를 불러올까요?",
        "en": "Load {pairs:,} questions and answers on {title} to begin with?",
    },
    "web_starter_loaded": {
        "ko": "‘{title}’ 기본 지식 {pairs:,}개를 불러왔습니다.",
        "en": "{pairs:,} questions and answers on {title} are loaded.",
    },
    "web_starter_sources": {"ko": "근거: {sources}", "en": "Based on: {sources}"},
    "web_starter_sources_more": {
        "ko": "근거: {sources} 등",
        "en": "Based on: {sources} and others",
    },
    "web_starter_as_of": {"ko": "({dates} 기준)", "en": "(as of {dates})"},
    "web_starter_load": {"ko": "불러오기", "en": "Load"},
    "web_starter_progress": {"ko": "불러온 정도", "en": "How much is loaded"},
    "web_starter_running": {
        "ko": "불러오는 중… {read:,}/{total:,}",
        "en": "Loading… {read:,} of {total:,}",
    },
    "web_starter_done": {
        "ko": "이제 이 지식을 근거로 답할 수 있습니다.",
        "en": "Answers can rest on them from now on.",
    },
    "web_starter_remove": {"ko": "지우기", "en": "Remove"},
    "web_starter_removed": {
        "ko": "기본 지식을 지웠습니다. 직접 가르친 답은 그대로 있습니다.",
        "en": "They are removed. What people taught is still there.",
    },
    "web_starter_not_removed": {
        "ko": "지우지 못했습니다. 잠시 뒤에 다시 눌러 주세요.",
        "en": "They were not removed. Please try again in a moment.",
    },
    "web_starter_failed": {
        "ko": "불러오지 못했습니다. 다시 눌러 보고, 그래도 안 되면 로그를 확인해 주세요.",
        "en": "Loading failed. Try again; if that does not help, look into the log.",
    },
    "web_my_data": {"ko": "내 기록", "en": "My data"},
    "web_my_data_download": {"ko": "내려받기", "en": "Download"},
    "web_forget": {"ko": "모두 지우기", "en": "Forget me"},
    "web_forget_sure": {
        "ko": "이 브라우저에서 나눈 대화와 반응, 정정을 모두 지웁니다. 되돌릴 수 없습니다.",
        "en": "This removes all conversations, reactions and corrections of this browser for good.",
    },
    "web_forget_yes": {"ko": "지우기", "en": "Remove all"},
    "web_forget_no": {"ko": "취소", "en": "Cancel"},
    "web_not_forgotten": {
        "ko": "지우지 못했습니다. 잠시 뒤에 다시 해 보고, 그래도 안 되면 관리자에게 알려 주세요.",
        "en": "Nothing was removed. Try again in a moment; if that does not help, tell your admin.",
    },
}
