"""The words of the page where admins train."""

from bot.texts.language import Texts

TEXTS: Texts = {
    "web_training": {"ko": "학습", "en": "Training"},
    "web_training_now": {"ko": "지금", "en": "Now"},
    "web_training_buffer": {"ko": "버퍼", "en": "Buffer"},
    "web_training_by_itself": {
        "ko": "라벨 {target:,}개가 모이면 저절로 학습합니다.",
        "en": "Training begins by itself at {target:,} labels.",
    },
    "web_training_progress": {"ko": "학습 진행", "en": "How far training is"},
    "web_training_running": {
        "ko": "‘{title}’ {round}라운드 학습 중",
        "en": "Training {title}, round {round}",
    },
    "web_training_begin": {"ko": "지금 학습하기", "en": "Train now"},
    "web_training_cancel": {"ko": "학습 멈추기", "en": "Stop training"},
    "web_training_versions": {"ko": "버전", "en": "Versions"},
    "web_training_base": {"ko": "기본 모델", "en": "The base model"},
    "web_training_live": {"ko": "사용 중", "en": "Live"},
    "web_training_waits": {"ko": "승인 대기", "en": "Waits for approval"},
    "web_training_tainted": {"ko": "삭제 요청된 기록 포함", "en": "Has data to be forgotten"},
    "web_training_disliked": {"ko": "평가가 나빠져 되돌림", "en": "Rolled back: liked less"},
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
        "ko": "이 버전은 기록 삭제를 요청한 사람에게서도 배웠습니다.",
        "en": "This version has also learned from somebody who asked to be forgotten.",
    },
    "web_training_reports": {"ko": "최근 라운드", "en": "Latest rounds"},
    "web_training_none": {"ko": "아직 끝난 라운드가 없습니다.", "en": "No round has ended yet."},
    "web_training_round": {"ko": "{round}라운드", "en": "Round {round}"},
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
    "web_verdict_promoted": {"ko": "승격", "en": "Promoted"},
    "web_verdict_rejected": {"ko": "거절", "en": "Rejected"},
    "web_verdict_inconclusive": {"ko": "판단 보류", "en": "Inconclusive"},
    "web_verdict_failed": {"ko": "실패", "en": "Failed"},
    "web_verdict_cancelled": {"ko": "중단", "en": "Stopped"},
}
