"""Everything that the bot itself says, in Korean and English."""

from typing import Literal

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

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
    # The web page
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
    "web_copy": {"ko": "답변 복사", "en": "Copy answer"},
    "web_copied": {"ko": "복사됨", "en": "Copied"},
    "web_conversation": {"ko": "대화", "en": "Conversation"},
    "web_conversations": {"ko": "지난 대화", "en": "Conversations"},
    "web_new": {"ko": "새 대화", "en": "New conversation"},
    "web_menu": {"ko": "대화 목록 열기", "en": "Open conversations"},
    "web_close_menu": {"ko": "대화 목록 닫기", "en": "Close conversations"},
    "web_to_end": {"ko": "맨 아래로", "en": "Jump to the end"},
    "web_domain": {"ko": "분야", "en": "Field"},
    "web_theme": {"ko": "밝은 화면·어두운 화면 전환", "en": "Switch light and dark"},
    "web_language": {"ko": "English", "en": "한국어"},
    "web_log_in": {"ko": "들어가기", "en": "Log in"},
    "web_log_out": {"ko": "나가기", "en": "Log out"},
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
    "channel_not_allowed": {
        "ko": "이 채널에서는 답하지 않도록 설정되어 있습니다. 관리자에게 문의해 주세요.",
        "en": "I am not allowed to answer in this channel. Please ask your admin.",
    },
    "user_not_allowed": {
        "ko": "질문할 수 있는 사람으로 등록되어 있지 않습니다. 관리자에게 문의해 주세요.",
        "en": "You are not on the list of people who may ask. Please ask your admin.",
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
    "admins_only": {
        "ko": "이 명령은 관리자만 쓸 수 있습니다.",
        "en": "Only admins can use this command.",
    },
    "unknown_command": {
        "ko": "그런 명령은 없습니다. 쓸 수 있는 명령: {names}",
        "en": "There is no such command. There are: {names}",
    },
    "command_failed": {
        "ko": "죄송합니다. 처리하지 못했습니다. 관리자에게 이 번호를 알려 주세요: {reference}",
        "en": "Sorry, that did not work. Tell your admin this number: {reference}",
    },
    "command_stats_name": {"ko": "통계", "en": "stats"},
    "command_stats": {
        "ko": "질문, 반응, 학습을 숫자로 봅니다 (관리자)",
        "en": "Questions, reactions and training in numbers (admins)",
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
    "vote_counted": {"ko": "의견을 반영했습니다. 고맙습니다!", "en": "Counted. Thank you!"},
    "vote_taken_back": {"ko": "의견을 취소했습니다.", "en": "Your vote was taken back."},
    "direct_hello": {
        "ko": "안녕하세요. 궁금한 점을 여기나, 저를 멘션해서 채널에 적어 주세요.",
        "en": "Hello. Write your question here, or mention me in a channel.",
    },
    "vote_unknown": {
        "ko": "이 답변은 더 이상 보관되어 있지 않아 의견을 반영하지 못했습니다.",
        "en": "Your vote was not counted: this answer is no longer kept.",
    },
    # What is known
    "unverified": {
        "ko": "⚠️ 확인되지 않은 답변입니다. 맞는 답을 아시면 ‘정정: …’이라고 답장해 가르쳐 주세요.",
        "en": "⚠️ Unverified answer. If you know better, reply with “correction: …” to teach me.",
    },
    "abstained": {
        "ko": "이 질문에는 확인된 답이 없어 답하지 않겠습니다. "
        "답을 아시면 ‘정정: …’이라고 답장해 가르쳐 주세요.",
        "en": "I have no approved answer to this, so I would rather not guess. "
        "If you know it, reply with “correction: …” to teach me.",
    },
    "sources": {"ko": "근거: {sources}", "en": "Based on: {sources}"},
    "source_of": {
        "ko": "{source} (‘{question}’에 대한 답)",
        "en": "{source} (the answer to “{question}”)",
    },
    "source_unnamed": {
        "ko": "‘{question}’에 대한 승인된 답",
        "en": "the approved answer to “{question}”",
    },
    "source_similar": {
        "ko": "비슷한 질문에 대한 승인된 답",
        "en": "the approved answer to a similar question",
    },
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
        "ko": "✏️ 고맙습니다. 관리자가 확인한 뒤에 이 답을 씁니다:\n{text}",
        "en": "✏️ Thank you. I will use this answer once an admin has approved it:\n{text}",
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
    "correction_by_pending": {
        "ko": "✏️ {who}님의 정정입니다. 관리자가 확인한 뒤에 씁니다:\n{text}",
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
        "ko": "✋ 다른 의견이 있어, 관리자가 확인할 때까지 이 정정을 쓰지 않습니다:\n{text}",
        "en": "✋ Somebody disagrees: this correction waits until an admin has looked:\n{text}",
    },
    "correction_was_approved": {
        "ko": "✅ {by}님이 정정을 승인했습니다:\n{text}",
        "en": "✅ Correction, approved by {by}:\n{text}",
    },
    "correction_was_rejected": {
        "ko": "🚫 {by}님이 정정을 반려했습니다:\n{text}",
        "en": "🚫 Correction, rejected by {by}:\n{text}",
    },
    "reviewer_on_web": {"ko": "웹 검토자", "en": "a reviewer on the web page"},
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
        "지식 {pair:,}",
        "en": "Removed: questions {question:,} · labels {label:,} · corrections {correction:,} · "
        "pairs {pair:,}",
    },
    "forget_confirm": {
        "ko": "내 질문과 그 답변, 반응, 정정, 그것에서 배운 지식을 모두 지웁니다. "
        "되돌릴 수 없습니다. 2분 안에 같은 명령을 한 번 더 입력하면 지웁니다.",
        "en": "This removes your questions with their answers, your labels and corrections, and "
        "what was learned from them. It cannot be undone. Type the command again within two "
        "minutes to go on.",
    },
    "mydata_empty": {"ko": "저장된 것이 없습니다.", "en": "Nothing is stored about you."},
    "mydata": {
        "ko": "질문 {question:,} · 반응 {label:,} · 정정 {correction:,} · 지식 {pair:,}\n"
        "최근 {shown:,}개(전체 {total:,}개는 관리자에게: reactune export FILE --user {person}):\n"
        "{lines}",
        "en": "questions {question:,} · labels {label:,} · corrections {correction:,} · "
        "pairs {pair:,}\nThe latest {shown:,} of {total:,} (all of them: ask your admin for "
        "reactune export FILE --user {person}):\n{lines}",
    },
    "command_forget-me_name": {"ko": "내기록삭제", "en": "forget-me"},
    "command_forget-me": {
        "ko": "내 질문, 반응, 정정을 모두 지웁니다",
        "en": "Remove all my questions, labels and corrections",
    },
    "command_my-data_name": {"ko": "내기록", "en": "my-data"},
    "command_my-data": {
        "ko": "나에 대해 저장된 것을 봅니다",
        "en": "Show what is stored about me",
    },
    # The web page: corrections, review, starter packs, one's own data
    "web_correction_live": {
        "ko": "정정 · 다음 질문부터 이 답을 씁니다",
        "en": "Correction · used from the next question on",
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
        "ko": "정정 · 관리자의 확인을 기다립니다",
        "en": "Correction · waits for review",
    },
    "web_correction_rejected": {
        "ko": "정정 · 관리자가 반려했습니다",
        "en": "Correction · rejected by a reviewer",
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
    "web_review_corrections": {"ko": "확인을 기다리는 정정", "en": "Corrections that wait"},
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
        "ko": "검토하는 사람의 비밀번호를 입력하세요.",
        "en": "Enter the password for reviewers.",
    },
    "web_starter": {
        "ko": "‘{title}’ 기본 지식 {pairs:,}개를 불러올까요?",
        "en": "Load {pairs:,} questions and answers on {title} to begin with?",
    },
    "web_starter_sources": {"ko": "근거: {sources}", "en": "From: {sources}"},
    "web_starter_sources_more": {"ko": "근거: {sources} 등", "en": "From: {sources} and others"},
    "web_starter_as_of": {"ko": "({dates} 기준)", "en": "(as of {dates})"},
    "web_starter_load": {"ko": "불러오기", "en": "Load"},
    "web_starter_progress": {"ko": "불러온 정도", "en": "How much is loaded"},
    "web_starter_running": {
        "ko": "불러오는 중… {read:,}/{total:,}",
        "en": "Loading… {read:,} of {total:,}",
    },
    "web_starter_done": {
        "ko": "{total:,}개를 불러왔습니다. 이제 확인된 답으로 대답합니다.",
        "en": "All {total:,} are loaded. Answers can rest on them from now on.",
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
    # Training: a round's report
    "went_back": {
        "ko": "↩️ {title}: 새 버전 {version}의 답이 전보다 덜 좋은 평가를 받아 {to}(으)로 "
        "되돌렸습니다. 새 버전은 {votes}개 가운데 {up}개, 그 전에는 {votes_before}개 가운데 "
        "{up_before}개가 좋은 평가였습니다.",
        "en": "↩️ {title}: people liked the answers of {version} less, so {to} answers again. "
        "{up} of {votes} were approved, {up_before} of {votes_before} before.",
    },
    # Training: what is refused
    "training_runs": {
        "ko": "학습이 이미 진행 중입니다. 끝난 뒤에 다시 시작해 주세요.",
        "en": "A training round is running already. Start again when it has ended.",
    },
    "training_nothing": {
        "ko": "‘{domain}’에 새로 배울 것이 모자랍니다(새 라벨 {fresh}개).",
        "en": "There is too little to learn from in {domain} ({fresh} new labels).",
    },
    "rollback_nothing": {
        "ko": "‘{domain}’에는 되돌릴 버전이 없습니다. 지금도 기본 모델이 답합니다.",
        "en": "There is nothing to go back to in {domain}: the base model answers.",
    },
    "version_refused": {
        "ko": "이 버전은 쓸 수 없습니다: {error}",
        "en": "This version cannot be used: {error}",
    },
    "rolled_back": {
        "ko": "‘{domain}’: 이제 {version}이(가) 답합니다.",
        "en": "{domain}: {version} answers from now on.",
    },
    "report_promoted": {
        "ko": "더 나아졌습니다. 지금부터 새 버전으로 답합니다.",
        "en": "It got better. Answers come from the new version now.",
    },
    "report_waits": {
        "ko": "더 나아졌습니다. 관리자가 승인하면 새 버전으로 답합니다.",
        "en": "It got better. The new version goes live once an admin approves it.",
    },
    "report_rejected": {
        "ko": "새 버전에서 나빠진 점이 있어 쓰지 않습니다. 답변은 그대로입니다.",
        "en": "Something got worse, so the new version is not used. Nothing changes.",
    },
    "report_inconclusive": {
        "ko": "더 나은지 아직 확실하지 않아 새 버전을 쓰지 않습니다. 답변은 그대로입니다.",
        "en": "It is not sure yet that the new version is better, so it is not used. "
        "Nothing changes.",
    },
    "report_failed": {
        "ko": "학습을 끝내지 못했습니다. 모인 의견은 다음 학습에 다시 씁니다.",
        "en": "Training did not finish. The next round learns from the same labels.",
    },
    "report_cancelled": {
        "ko": "학습을 멈췄습니다. 모인 의견은 다음 학습에 다시 씁니다.",
        "en": "Training was stopped. The next round learns from the same labels.",
    },
    "reason_better": {
        "ko": "학습에 쓰지 않고 남겨 둔 질문 {groups}개에서 정답을 더 확신합니다({change}). "
        "우연히 이렇게 나올 확률은 {chance}입니다(기준 {limit} 이하).",
        "en": "On {groups} questions kept out of training it is surer of the right answers "
        "({change}). The odds that this is luck are {chance}; up to {limit} was allowed.",
    },
    "reason_golden": {
        "ko": "반드시 맞혀야 하는 질문 {lost}개를 맞히다가 틀리게 되었습니다. 첫째: “{first}”",
        "en": "Questions that must stay right turned wrong: {lost}. The first: “{first}”",
    },
    "reason_drift": {
        "ko": "원래 모델에서 너무 멀어졌습니다(거리 {kl:.3f}, 허용 {cap:.3f}). "
        "답들이 서로 베낀 듯 같아질 때 이렇게 됩니다.",
        "en": "It strayed too far from the original model (distance {kl:.3f}, allowed {cap:.3f}), "
        "as when answers become copies of each other.",
    },
    "reason_domain": {
        "ko": "다른 분야 ‘{domain}’에서 정답을 덜 확신합니다({change}, {limit}까지 허용).",
        "en": "In another field, {domain}, it is less sure of the right answers ({change}; "
        "{limit} is allowed).",
    },
    "reason_worse": {
        "ko": "학습에 쓰지 않고 남겨 둔 질문 {groups}개에서 정답을 덜 확신합니다({change}). "
        "우연히 이렇게 나올 확률은 {chance}뿐입니다.",
        "en": "On {groups} questions kept out of training it is less sure of the right answers "
        "({change}). The odds that this is bad luck are only {chance}.",
    },
    "reason_tail": {
        "ko": "대부분 나아졌지만 한 질문이 크게 나빠졌습니다: “{group}” ({change}). 나머지가 얻은 "
        "것은 그 손실의 {ratio:.1f}배인데, 믿으려면 {needed:.1f}배가 필요합니다.",
        "en": "Most questions gained, but one lost a lot: “{group}” ({change}). The others gained "
        "{ratio:.1f} times that loss; {needed:.1f} times is needed to trust it.",
    },
    "reason_unclear": {
        "ko": "학습에 쓰지 않고 남겨 둔 질문 {groups}개에서 정답에 대한 확신은 {change} "
        "달라졌는데, 우연과 구별되지 않습니다(우연일 확률 {chance}, 기준 {limit} 이하). "
        "의견이 더 모이면 알 수 있습니다.",
        "en": "On {groups} questions kept out of training its sureness of the right answers "
        "changed by {change}, which may be luck (odds {chance}; up to {limit} is allowed). More "
        "labels will tell.",
    },
    "reason_too_few": {
        "ko": "비교할 질문이 {groups}개뿐입니다. 판단하려면 서로 다른 질문이 {needed}개는 "
        "있어야 합니다. 의견이 더 모이면 됩니다.",
        "en": "Only {groups} questions were left to compare on; {needed} different ones are "
        "needed. More labels will do.",
    },
    "reason_failed": {"ko": "원인: {error}", "en": "The cause: {error}"},
    "reason_canary": {
        "ko": "새 버전이 시험 질문에 답하지 못했습니다: “{question}” ({error})",
        "en": "The new version gave no answer to a test question: “{question}” ({error})",
    },
    "reason_forgotten": {
        "ko": "지금까지의 버전에는 기록 삭제를 요청한 사람에게서 배운 것이 있어 물러나야 합니다.",
        "en": "The version in use has learned from somebody who asked to be forgotten: it must go.",
    },
    "reason_interrupted": {
        "ko": "학습 중에 프로그램이 꺼졌습니다.",
        "en": "The program ended during training.",
    },
    "report_version": {"ko": "버전", "en": "Version"},
    "report_version_live": {
        "ko": "{version} (사용 시작, 이전: {previous})",
        "en": "{version} (went live; before: {previous})",
    },
    "report_version_waits": {
        "ko": "{version} (승인 대기, 지금: {previous})",
        "en": "{version} (waits for approval; now: {previous})",
    },
    "report_version_unused": {
        "ko": "{version} (쓰지 않음, 지금: {previous})",
        "en": "{version} (not used; now: {previous})",
    },
    "report_base": {"ko": "원래 모델", "en": "the original model"},
    "report_examples": {"ko": "배운 예시", "en": "Learned from"},
    "report_kinds": {"ko": "{examples:,}개 ({kinds})", "en": "{examples:,} examples ({kinds})"},
    "report_kind_approved": {"ko": "👍 답변", "en": "👍 answers"},
    "report_kind_taught": {"ko": "가르친 지식", "en": "taught"},
    "report_kind_correction": {"ko": "정정", "en": "corrections"},
    "report_kind_rejected": {"ko": "👎 답변", "en": "👎 answers"},
    "report_golden": {"ko": "반드시 맞혀야 하는 질문", "en": "Questions that must stay right"},
    "report_golden_right": {
        "ko": "{asked:,}개 중 {before:,} → {after:,}개 정답",
        "en": "{before:,} → {after:,} of {asked:,} right",
    },
    "report_sureness": {"ko": "정답에 대한 확신", "en": "Sureness of right answers"},
    "report_sure": {
        "ko": "{before} → {after} (남겨 둔 질문 {heldout:,}개, NLL {nll_before:.2f} → "
        "{nll_after:.2f})",
        "en": "{before} → {after} ({heldout:,} questions kept out of training, NLL "
        "{nll_before:.2f} → {nll_after:.2f})",
    },
    "report_method": {"ko": "방식", "en": "Method"},
    "report_parameters": {
        "ko": "{method}, 파라미터 {parameters:,}개 학습 (전체의 {share:.2g}%)",
        "en": "{method}, {parameters:,} parameters trained ({share:.2g}% of the model)",
    },
    "report_time": {"ko": "걸린 시간", "en": "Time"},
    "report_part_preparing": {"ko": "준비", "en": "preparing"},
    "report_part_loading": {"ko": "모델 열기", "en": "loading"},
    "report_part_training": {"ko": "학습", "en": "training"},
    "report_part_scoring": {"ko": "채점", "en": "scoring"},
    "report_part_writing": {"ko": "저장", "en": "writing"},
    "report_part_asking": {"ko": "시험 질문", "en": "asking"},
    "report_part_other": {"ko": "그 밖", "en": "the rest"},
    "report_memory": {"ko": "메모리", "en": "Memory"},
    "report_peak": {"ko": "최대 {mb:,} MB", "en": "{mb:,} MB at most"},
    "report_question": {"ko": "질문", "en": "Question"},
    "report_before": {"ko": "전", "en": "Before"},
    "report_after": {"ko": "후", "en": "After"},
    "report_empty_answer": {"ko": "(빈 답)", "en": "(no answer)"},
    "live_line": {
        "ko": "{domain} 학습 #{round} {bar} {percent}% {details}",
        "en": "{domain} round {round} {bar} {percent}% {details}",
    },
    "live_loss": {"ko": "손실 {loss:.3f}", "en": "loss {loss:.3f}"},
    "live_eta": {"ko": "남은 시간 {eta}", "en": "{eta} left"},
    "chart_loss": {"ko": "학습 손실 (낮을수록 좋음)", "en": "Training loss (lower is better)"},
    "chart_step": {"ko": "단계", "en": "Step"},
    "chart_smooth": {"ko": "고르게 한 값", "en": "smoothed"},
    "chart_approval": {
        "ko": "버전별 만족도 (선: 95% 신뢰구간)",
        "en": "Approval by version (line: 95% interval)",
    },
    "chart_base": {"ko": "원래 모델", "en": "original model"},
    "chart_votes": {"ko": "{total:,}개 답변", "en": "{total:,} answers"},
    # Training: commands and the admin channels
    "command_train_name": {"ko": "학습", "en": "train"},
    "command_train": {
        "ko": "지금 학습을 시작합니다 (관리자)",
        "en": "Start a training round now (admins)",
    },
    "command_rollback_name": {"ko": "되돌리기", "en": "rollback"},
    "command_rollback": {
        "ko": "바로 전 버전으로 되돌립니다 (관리자)",
        "en": "Go back to the version before (admins)",
    },
    "command_domain_name": {"ko": "분야", "en": "domain"},
    "command_domain": {
        "ko": "분야의 이름. 비우면 기본 분야입니다",
        "en": "The name of a field; the default one if left out",
    },
    "unknown_domain": {
        "ko": "그런 분야는 없습니다. 있는 분야: {names}",
        "en": "There is no such domain. There are: {names}",
    },
    "train_begun": {
        "ko": "학습 {round}회차를 시작했습니다 ({domain}).",
        "en": "Training round {round} has begun ({domain}).",
    },
    "base_model": {"ko": "기본 모델", "en": "the base model"},
    "rollback_done": {
        "ko": "되돌렸습니다. 이제 {domain}에서는 {version}이(가) 답합니다.",
        "en": "Rolled back: {version} answers in {domain} now.",
    },
    "training_approve": {"ko": "승인", "en": "Approve"},
    "training_rollback": {"ko": "되돌리기", "en": "Roll back"},
    "training_approved": {
        "ko": "{by}님이 승인했습니다. 이제 {version}이(가) 답합니다.",
        "en": "Approved by {by}. {version} answers now.",
    },
    "training_rolled_back": {
        "ko": "{by}님이 되돌렸습니다. 이제 {version}이(가) 답합니다.",
        "en": "Rolled back by {by}. {version} answers now.",
    },
    "training_admins_only": {
        "ko": "버전을 승인하거나 되돌리는 것은 관리자만 할 수 있습니다.",
        "en": "Only admins can approve a version or roll it back.",
    },
    "training_not_waiting": {
        "ko": "이 버전은 승인을 기다리고 있지 않습니다. 이미 처리되었습니다.",
        "en": "This version does not wait for approval any more; it has already been decided.",
    },
    "training_not_live": {
        "ko": "이 버전은 지금 쓰이고 있지 않아 되돌릴 것이 없습니다.",
        "en": "This version is not in use any more, so there is nothing to roll back.",
    },
    "training_picture": {"ko": "학습 손실과 만족도", "en": "Training loss and approval"},
    # Training: the web page
    "web_training": {"ko": "학습", "en": "Training"},
    "web_training_now": {"ko": "지금", "en": "Now"},
    "web_training_buffer": {"ko": "새로 모인 의견", "en": "New labels"},
    "web_training_by_itself": {
        "ko": "{target:,}개가 모이면 저절로 학습합니다.",
        "en": "Training begins by itself at {target:,}.",
    },
    "web_training_progress": {"ko": "학습 진행", "en": "How far training is"},
    "web_training_running": {
        "ko": "‘{title}’ {round}회차 학습 중",
        "en": "Training {title}, round {round}",
    },
    "web_training_begin": {"ko": "지금 학습하기", "en": "Train now"},
    "web_training_cancel": {"ko": "학습 멈추기", "en": "Stop training"},
    "web_training_versions": {"ko": "버전", "en": "Versions"},
    "web_training_base": {"ko": "원래 모델", "en": "The original model"},
    "web_training_live": {"ko": "사용 중", "en": "Live"},
    "web_training_waits": {"ko": "승인 대기", "en": "Waits for approval"},
    "web_training_tainted": {"ko": "삭제 요청된 내용 포함", "en": "Has what was to be forgotten"},
    "web_training_approval": {
        "ko": "만족도 {share}% (95% 신뢰구간 {low}–{high}%, 답변 {total:,}개)",
        "en": "Approval {share}% (95% interval {low}–{high}%, {total:,} answers)",
    },
    "web_training_no_votes": {"ko": "아직 평가 없음", "en": "No votes yet"},
    "web_training_approve": {"ko": "승인하고 사용", "en": "Approve"},
    "web_training_back": {"ko": "되돌리기", "en": "Roll back"},
    "web_training_choose": {"ko": "이 버전 사용", "en": "Make live"},
    "web_training_sure": {
        "ko": "다음 답변부터 ‘{target}’(으)로 답합니다. 바꿀까요?",
        "en": "From the next answer on: {target}. Change to it?",
    },
    "web_training_sure_tainted": {
        "ko": "이 버전은 삭제를 요청한 사람의 의견으로도 배웠습니다.",
        "en": "This version has also learned from somebody who asked to be forgotten.",
    },
    "web_training_reports": {"ko": "최근 학습 결과", "en": "Latest rounds"},
    "web_training_none": {"ko": "아직 학습한 적이 없습니다.", "en": "No round has ended yet."},
    "web_training_round": {"ko": "{round}회차", "en": "Round {round}"},
    "web_training_picture": {
        "ko": "학습 손실이 {first:.2f}에서 {last:.2f}(으)로 변했습니다. 버전별 만족도는 위 버전 "
        "목록에도 있습니다.",
        "en": "Training loss went from {first:.2f} to {last:.2f}. Approval by version is in the "
        "list above, too.",
    },
    "web_training_not_read": {
        "ko": "학습 상태를 읽지 못했습니다. 잠시 뒤에 새로 고쳐 보고, 그래도 안 되면 로그를 "
        "확인해 주세요.",
        "en": "The state of training could not be read. Reload in a moment; if that does not "
        "help, look into the log.",
    },
    "web_training_failed": {
        "ko": "처리하지 못했습니다. 다시 눌러 보고, 그래도 안 되면 로그를 확인해 주세요.",
        "en": "That did not work. Try again; if that does not help, look into the log.",
    },
    "web_verdict_promoted": {"ko": "통과", "en": "Promoted"},
    "web_verdict_rejected": {"ko": "탈락", "en": "Rejected"},
    "web_verdict_inconclusive": {"ko": "판단 보류", "en": "Inconclusive"},
    "web_verdict_failed": {"ko": "실패", "en": "Failed"},
    "web_verdict_cancelled": {"ko": "중단", "en": "Stopped"},
    # Statistics
    # Statistics: "name: number", with " · " between two
    "stats_empty": {"ko": "아직 질문이 없습니다.", "en": "No questions yet."},
    "stats_quiet": {
        "ko": "아직 아무 일도 없는 분야: {domains}",
        "en": "Nothing has happened yet in: {domains}",
    },
    "stats_learned": {
        "ko": "학습 횟수: {trainings:,} · 버퍼: {buffer:,}/{target:,} · "
        "실시간 학습 상태: {training}\n"
        "사용 중인 버전: {live} · LoRA 레이어: {lora} · Adapter 레이어: {bottleneck} · "
        "보관한 버전: {versions:,}\n"
        "마지막 학습: {last} · 데이터당 학습 시간: {seconds} · 학습 때 최대 메모리: {peak}\n"
        "지식: {known:,} · 정정: {corrections:,} · 검토 대기: {pending:,}",
        "en": "trainings: {trainings:,} · buffer: {buffer:,}/{target:,} · "
        "training now: {training}\n"
        "live version: {live} · LoRA layers: {lora} · adapter layers: {bottleneck} · "
        "versions kept: {versions:,}\n"
        "last training: {last} · time per example: {seconds} · its peak memory: {peak}\n"
        "known pairs: {known:,} · corrections: {corrections:,} · to review: {pending:,}",
    },
    "stats_answered": {
        "ko": "응답 정확도: {accuracy} · 만족도: {approval} (👍 {up:,}, 👎 {down:,})\n"
        "질문: {questions:,} (사람 {people:,}명) · 답변: {answered:,} · "
        "답하지 않음: {abstained:,} · 멈춤: {stopped:,} · 실패: {failed:,}\n"
        "응답 시간: p50 {p50}, p95 {p95} · 대기열: {queue} · 메모리: {memory}",
        "en": "accuracy: {accuracy} · approval: {approval} (👍 {up:,}, 👎 {down:,})\n"
        "questions: {questions:,} ({people:,} people) · answered: {answered:,} · "
        "abstained: {abstained:,} · stopped: {stopped:,} · failed: {failed:,}\n"
        "latency: p50 {p50}, p95 {p95} · queue: {queue} · memory: {memory}",
    },
    "stats_version": {
        "ko": "{version} 만족도: {share:.0%} (답변 {total:,}개, 95% 구간 {low:.0%}–{high:.0%})",
        "en": "approval of {version}: {share:.0%} (of {total:,} answers, "
        "95 % interval {low:.0%}–{high:.0%})",
    },
    "stats_queue": {
        "ko": "{running:,}개 처리 중, {waiting:,}개 대기",
        "en": "{running:,} running, {waiting:,} waiting",
    },
    "stats_seconds": {"ko": "{seconds:,.2f}초", "en": "{seconds:,.2f} s"},
    "stats_base": {"ko": "기본 모델", "en": "base model"},
    "stats_idle": {"ko": "쉬는 중", "en": "idle"},
    "stats_training": {"ko": "학습 중", "en": "running"},
    "stats_training_step": {"ko": "학습 중, {share:.0%}", "en": "running, {share:.0%}"},
    "stats_promoted": {"ko": "적용됨", "en": "promoted"},
    "stats_rejected": {"ko": "적용 안 함", "en": "rejected"},
    "stats_inconclusive": {"ko": "판단 보류", "en": "inconclusive"},
    "stats_failed": {"ko": "실패", "en": "failed"},
    "stats_cancelled": {"ko": "취소됨", "en": "cancelled"},
}


def say(key: str, language: Language, **values: object) -> str:
    """The text ``key`` in ``language`` with its values filled in."""
    return _TEXTS[key][language].format(**values)
