"""What is said about corrections and their review, and about a person's own data."""

from bot.texts.language import Texts

TEXTS: Texts = {
    "correction_empty": {
        "ko": "정정할 내용이 비어 있습니다. ‘정정:’ 뒤에 맞는 답을 적어 주세요.",
        "en": "The correction is empty. Write the right answer after “correction:”.",
    },
    "correction_too_long": {
        "ko": "정정이 너무 깁니다({size:,}자). {limit:,}자 이내로 적어 주세요.",
        "en": "The correction is too long ({size:,} characters). Please keep it within {limit:,}.",
    },
    "correction_live": {
        "ko": "✏️ 고맙습니다. 다음 질문부터 이 답을 씁니다:\n{text}",
        "en": "✏️ Thank you. From the next question on I will use this answer:\n{text}",
    },
    "correction_kept": {
        "ko": "✏️ 고맙습니다. 이 대화에 남기지만 다른 질문에는 쓰지 않습니다. "
        "앞 대화 없이도 뜻이 통하게 다시 묻고 정정하면 씁니다:\n{text}",
        "en": "✏️ Thank you. I keep this with the conversation, but do not use it elsewhere; ask "
        "the question in a whole sentence and correct that, and I will:\n{text}",
    },
    "correction_pending": {
        "ko": "✏️ 고맙습니다. 관리자가 승인하면 이 답을 씁니다:\n{text}",
        "en": "✏️ Thank you. I will use this answer once an admin has approved it:\n{text}",
    },
    "correction_unapproved": {
        "ko": "✏️ 고맙습니다. 다음 질문부터 한 사람의 제안으로 보여 드립니다. "
        "한 분이 더 👍를 누르거나 관리자가 승인하면 확인된 답이 됩니다:\n{text}",
        "en": "✏️ Thank you. From the next question on I show this as one person’s suggestion; "
        "with a 👍 of one more person, or of an admin, it counts as verified:\n{text}",
    },
    "correction_proposed": {
        "ko": "✏️ 고맙습니다. 지금 답을 그대로 두고 제안으로 남겼습니다. "
        "관리자가 두 답을 견주어 보고 정합니다:\n{text}",
        "en": "✏️ Thank you. What I answer stays for now; an admin compares it with your "
        "proposal:\n{text}",
    },
    "correction_outranked": {
        "ko": "✏️ 고맙습니다. 지금은 같은 질문에 더 지지받는 다른 답을 씁니다. "
        "이 정정에 👍가 더 모이면 이 답을 씁니다:\n{text}",
        "en": "✏️ Thank you. For now I use another answer to this question that has more support; "
        "with more 👍 on this one I will use it:\n{text}",
    },
    "correction_by_live": {
        "ko": "✏️ {who}님의 정정입니다. 다음 질문부터 이 답을 씁니다:\n{text}",
        "en": "✏️ Correction by {who}, used from the next question on:\n{text}",
    },
    "correction_by_kept": {
        "ko": "✏️ {who}님의 정정입니다. 이 대화에만 남깁니다:\n{text}",
        "en": "✏️ Correction by {who}, kept with this conversation alone:\n{text}",
    },
    "correction_by_outranked": {
        "ko": "✏️ {who}님의 정정입니다. 👍가 더 모이면 지금 쓰는 다른 답 대신 씁니다:\n{text}",
        "en": "✏️ Correction by {who}; with more 👍 it replaces another answer that has more "
        "support now:\n{text}",
    },
    "correction_by_unapproved": {
        "ko": "✏️ {who}님의 정정입니다. 한 분이 더 👍를 누르면 확인된 답이 됩니다:\n{text}",
        "en": "✏️ Correction by {who}; with a 👍 of one more person it counts as verified:\n{text}",
    },
    "correction_by_proposed": {
        "ko": "✏️ {who}님의 제안입니다. 관리자가 두 답을 견주어 보고 정합니다:\n{text}",
        "en": "✏️ Proposal by {who}; an admin compares both answers:\n{text}",
    },
    "correction_by_pending": {
        "ko": "✏️ {who}님의 정정입니다. 관리자가 승인하면 씁니다:\n{text}",
        "en": "✏️ Correction by {who}, used once an admin has approved it:\n{text}",
    },
    "correction_of_nothing": {
        "ko": "무엇을 정정하는지 알 수 없습니다. 제 답변에 답장하거나 그 스레드에 적어 주세요.",
        "en": "I cannot tell what this corrects. Reply to my answer, or write in its thread.",
    },
    "correction_withdrawn": {
        "ko": "정정을 거두었습니다.",
        "en": "The correction was withdrawn.",
    },
    "correction_contested": {
        "ko": "✋ 다른 의견이 있어, 관리자가 검토할 때까지 이 정정을 쓰지 않습니다:\n{text}",
        "en": "✋ Somebody disagrees: this correction waits for an admin’s review:\n{text}",
    },
    "correction_was_approved": {
        "ko": "✅ {by}님이 정정을 승인했습니다:\n{text}",
        "en": "✅ Correction, approved by {by}:\n{text}",
    },
    "correction_was_rejected": {
        "ko": "🚫 {by}님이 정정을 반려했습니다:\n{text}",
        "en": "🚫 Correction, rejected by {by}:\n{text}",
    },
    "reviewer_on_web": {"ko": "웹 관리자", "en": "an admin on the web page"},
    "correct_button": {"ko": "정정하기", "en": "Correct it"},
    "correct_ask": {
        "ko": "어떻게 답했어야 하나요? (선택)",
        "en": "What should it have said? (optional)",
    },
    "correct_send": {"ko": "보내기", "en": "Send"},
    "correct_cancel": {"ko": "닫기", "en": "Close"},
    "review_correction": {
        "ko": "📝 검토할 정정이 있습니다.\n질문: {question}\n지금 답: {answer}\n정정: {text}\n"
        "제안: {person}",
        "en": "📝 A correction waits for review.\nQuestion: {question}\nAnswer: {answer}\n"
        "Correction: {text}\nBy: {person}",
    },
    "review_approve": {"ko": "승인", "en": "Approve"},
    "review_reject": {"ko": "반려", "en": "Reject"},
    "review_approved": {"ko": "{by}님이 승인했습니다.", "en": "Approved by {by}."},
    "review_rejected": {"ko": "{by}님이 반려했습니다.", "en": "Rejected by {by}."},
    "review_admins_only": {
        "ko": "정정을 승인하거나 반려하는 것은 관리자만 할 수 있습니다.",
        "en": "Only admins can approve or reject corrections.",
    },
    "review_over": {"ko": "이미 처리되었습니다.", "en": "This has already been decided."},
    "forgotten": {
        "ko": "지웠습니다: 질문 {question:,} · 반응 {label:,} · 정정 {correction:,} · "
        "고른 질문 {pick:,} · 지식 {pair:,}",
        "en": "Removed: questions {question:,} · reactions {label:,} · "
        "corrections {correction:,} · picks {pick:,} · pairs {pair:,}",
    },
    "forget_confirm": {
        "ko": "내 질문과 그 답변, 반응, 정정, 그것에서 배운 지식을 모두 지웁니다. "
        "되돌릴 수 없습니다. 2분 안에 같은 명령을 한 번 더 입력하면 지웁니다.",
        "en": "This removes your questions with their answers, your reactions and corrections, "
        "and what was learned from them. It cannot be undone. Type the command again within two "
        "minutes to go on.",
    },
    "mydata_empty": {"ko": "저장된 것이 없습니다.", "en": "Nothing is stored about you."},
    "mydata": {
        "ko": "질문 {question:,} · 반응 {label:,} · 정정 {correction:,} · 지식 {pair:,}\n"
        "최근 {shown:,}개(전체 {total:,}개는 관리자에게: reactune export FILE --user {person}):\n"
        "{lines}",
        "en": "questions {question:,} · reactions {label:,} · corrections {correction:,} · "
        "pairs {pair:,}\nThe latest {shown:,} of {total:,} (all of them: ask your admin for "
        "reactune export FILE --user {person}):\n{lines}",
    },
}
