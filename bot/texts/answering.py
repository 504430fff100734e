"""What is said around questions, answers and votes."""

from bot.texts.language import Texts

TEXTS: Texts = {
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
    "channel_not_allowed": {
        "ko": "이 채널에서는 답하지 않도록 설정되어 있습니다. 관리자에게 문의해 주세요.",
        "en": "I am not allowed to answer in this channel. Please ask your admin.",
    },
    "user_not_allowed": {
        "ko": "질문할 수 있는 사람으로 등록되어 있지 않습니다. 관리자에게 문의해 주세요.",
        "en": "You are not on the list of people who may ask. Please ask your admin.",
    },
    "too_many_today": {
        "ko": "고맙습니다. 오늘은 정정과 선택을 더 받지 못합니다(하루 {limit}건). "
        "내일 다시 알려 주시거나 관리자에게 말씀해 주세요.",
        "en": "Thank you. That is all I can take from one person today ({limit}). Please tell me "
        "tomorrow, or tell an admin.",
    },
    "too_often": {
        "ko": "질문이 너무 잦습니다. {seconds}초 뒤에 다시 물어봐 주세요.",
        "en": "That is a lot of questions. Please ask again in {seconds} seconds.",
    },
    "only_attachment": {
        "ko": "첨부 파일은 아직 읽지 못합니다. 궁금한 점을 글로 적어 주세요.",
        "en": "I cannot read attachments yet. Please write your question as text.",
    },
    "attachment_unread": {
        "ko": "첨부 파일은 읽지 않고 글에만 답했습니다.",
        "en": "I answered the text; I cannot read the attachment.",
    },
    "stop_not_yours": {
        "ko": "답변을 멈추는 것은 답변 중에, 질문한 사람과 관리자만 할 수 있습니다.",
        "en": "Only the person who asked and admins can stop an answer, while it is being written.",
    },
    "stop_button": {"ko": "멈추기", "en": "Stop"},
    "thinking": {"ko": "생각하는 중…", "en": "Thinking…"},
    "thinking_status": {"ko": "생각하고 있습니다…", "en": "is thinking…"},
    "good_button": {"ko": "도움이 됐어요", "en": "Helpful"},
    "bad_button": {"ko": "도움이 안 됐어요", "en": "Not helpful"},
    "vote_counted": {"ko": "평가를 반영했습니다. 고맙습니다!", "en": "Counted. Thank you!"},
    "vote_taken_back": {"ko": "평가를 취소했습니다.", "en": "Your vote was taken back."},
    "direct_hello": {
        "ko": "안녕하세요. 궁금한 점을 여기나, 저를 멘션해서 채널에 적어 주세요.",
        "en": "Hello. Write your question here, or mention me in a channel.",
    },
    "vote_unknown": {
        "ko": "이 답변은 더 이상 보관되어 있지 않아 평가를 반영하지 못했습니다.",
        "en": "Your vote was not counted: this answer is no longer kept.",
    },
    "unverified": {
        "ko": "⚠️ 확인되지 않은 답변입니다. 맞는 답을 아시면 ‘정정: …’이라고 답장해 가르쳐 주세요.",
        "en": "⚠️ Unverified answer. If you know better, reply with “correction: …” to teach me.",
    },
    "abstained": {
        "ko": "이 질문에는 아직 승인된 답이 없어, 추측으로 답하지 않겠습니다. "
        "답을 아시면 ‘정정: …’이라고 답장해 가르쳐 주세요. "
        "관리자는 reactune teach 명령으로 여러 답을 한꺼번에 가르칠 수 있습니다.",
        "en": "I have no approved answer to this yet, so I would rather not guess. "
        "If you know the answer, reply with “correction: …” to teach me. "
        "Admins can teach many answers at once with the command reactune teach.",
    },
    "recall_broken": {
        "ko": "뜻이 같은 질문을 찾을 수 없습니다. {reason}\n"
        "고치기 전까지는 아는 질문과 똑같은 말로 물어야 승인된 답을 찾습니다.",
        "en": "Known questions cannot be found by their meaning. {reason}\n"
        "Until this is mended, only a question in the same words as a known one gets its answer.",
    },
    "small_talk_greeting": {"ko": "안녕하세요!", "en": "Hello!"},
    "small_talk_thanks": {"ko": "도움이 되었다면 다행입니다.", "en": "You are welcome!"},
    "small_talk_chatter": {"ko": "네, 듣고 있습니다.", "en": "I am here."},
    "small_talk_known": {
        "ko": "저는 ‘{title}’ 분야에서 승인된 답 {known:,}개를 알고 있습니다.",
        "en": "Approved answers that I know on {title}: {known:,}.",
    },
    "small_talk_nothing_known": {
        "ko": "‘{title}’ 분야에서는 아직 배운 답이 없습니다. 궁금한 점을 물어보시고, "
        "답을 아시면 ‘정정: …’이라고 답장해 가르쳐 주세요.",
        "en": "I know no approved answer on {title} yet. Ask something, and if you know the "
        "answer, reply with “correction: …” to teach me.",
    },
    "small_talk_example": {
        "ko": "예를 들어 ‘{example}’라고 물어보세요.",
        "en": "You could ask: “{example}”",
    },
    "draft": {"ko": "⚠️ 확인되지 않은 초안입니다", "en": "⚠️ Unverified draft"},
    "one_person": {
        "ko": "한 사람의 제안입니다. 아직 승인되지 않았습니다",
        "en": "One person’s suggestion, not approved yet",
    },
    "one_person_on_slack": {"ko": "Slack 동료", "en": "a colleague on Slack"},
    "one_person_on_discord": {"ko": "Discord 동료", "en": "a colleague on Discord"},
    "one_person_on_web": {"ko": "웹에서 온 동료", "en": "somebody on the web page"},
    "one_person_on_cli": {"ko": "명령줄에서 온 동료", "en": "somebody at the command line"},
    "one_person_on_bot": {
        "ko": "누군가 👍를 누른 봇의 답",
        "en": "an answer of mine that somebody liked",
    },
    "one_person_below": {
        "ko": "맞는 답이면 👍를 눌러 주세요. 한 분이 더 동의하면 확인된 답이 됩니다. "
        "틀리면 ‘정정: …’이라고 알려 주세요.",
        "en": "If it is right, give it a 👍: with one more person it counts as verified. "
        "If not, reply with “correction: …”.",
    },
    "verified": {"ko": "✅ 확인됨", "en": "✅ Verified"},
    "verified_by": {"ko": "✅ 확인됨 · {backing}", "en": "✅ Verified · {backing}"},
    "approved_by_people": {"ko": "동료들이 승인한 답", "en": "approved by your team"},
    "approved_as_taught": {"ko": "팀에서 등록한 답", "en": "taught by your team"},
    "sources": {"ko": "근거: {sources}", "en": "Based on: {sources}"},
    "source_as_of": {"ko": "{date} 기준", "en": "as of {date}"},
    "source_answers": {
        "ko": "‘{question}’에 대한 답",
        "en": "the answer to “{question}”",
    },
    "source_unnamed": {
        "ko": "‘{question}’에 대한 승인된 답",
        "en": "the approved answer to “{question}”",
    },
    "source_similar": {
        "ko": "비슷한 질문에 동료들이 승인한 답",
        "en": "an answer to a similar question, approved by your team",
    },
    "did_you_mean": {
        "ko": "이 질문인가요? 하나를 고르면 승인된 답을 보여 드립니다.",
        "en": "Did you mean one of these? Pick one to see its approved answer.",
    },
    "none_of_these": {"ko": "이 중에 없음", "en": "None of these"},
    "suggestion_differs": {"ko": "다른 점: {words}", "en": "differs: {words}"},
    "pick_gone": {
        "ko": "이 선택지는 더 이상 쓸 수 없습니다. 다시 물어봐 주세요.",
        "en": "This choice is no longer there. Please ask again.",
    },
    "pick_taken": {
        "ko": "이미 고르셨습니다. 곧 답을 보여 드립니다.",
        "en": "That is already chosen; the answer is on its way.",
    },
    "pick_not_yours": {
        "ko": "질문한 사람만 고를 수 있습니다.",
        "en": "Only the person who asked can pick.",
    },
    "wrong_answer": {"ko": "답이 틀렸어요", "en": "Wrong answer"},
    "not_my_question": {"ko": "제 질문이 아니에요", "en": "Not my question"},
    "what_is_wrong": {
        "ko": "무엇이 맞지 않나요?",
        "en": "What is wrong with it?",
    },
    "choose_number": {
        "ko": "번호를 입력해 주세요 (1–{most}, 이 중에 없으면 0):",
        "en": "Type a number (1–{most}, or 0 for none of these):",
    },
}
