"""How a training round ended, and why, for admins."""

from bot.texts.language import Texts

TEXTS: Texts = {
    "went_back": {
        "ko": "↩️ {title}: 새 버전 {version}의 답이 전보다 나쁜 평가를 받아 {to}(으)로 "
        "되돌렸습니다. 새 버전은 {votes}개 가운데 {up}개, 그 전에는 {votes_before}개 가운데 "
        "{up_before}개가 좋은 평가였습니다.",
        "en": "↩️ {title}: rolled back to {to}, as people liked the answers of {version} less. "
        "{up} of {votes} were approved, {up_before} of {votes_before} before.",
    },
    "report_promoted": {
        "ko": "더 나아졌습니다. 지금부터 새 버전으로 답합니다.",
        "en": "It got better. Answers come from the new version now.",
    },
    "report_waits": {
        "ko": "더 나아졌습니다. 관리자가 승인하면 새 버전으로 답합니다.",
        "en": "It got better. The new version goes live once an admin approves it.",
    },
    "report_superseded": {
        "ko": "더 나아졌지만, 승인되기 전에 더 새로운 버전이 나와 쓰지 않았습니다.",
        "en": "It got better, but a newer version came before anybody had approved it.",
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
    "report_replaced": {
        "ko": "새 버전이 더 나쁘지 않아, 더 쓸 수 없는 이전 버전 대신 답합니다.",
        "en": "The new version is not worse, so it answers now in place of the one that must go.",
    },
    "report_withdrawn": {
        "ko": "쓰던 버전은 더 쓸 수 없고 새 버전도 쓰지 않습니다. 지금은 기본 모델로 답합니다.",
        "en": "The version in use is gone and the new one is not used: the base model answers.",
    },
    "report_failed": {
        "ko": "학습을 끝내지 못했습니다. 모인 라벨은 다음 라운드에 다시 씁니다.",
        "en": "Training did not finish. The next round learns from the same labels.",
    },
    "report_cancelled": {
        "ko": "학습을 멈췄습니다. 모인 라벨은 다음 라운드에 다시 씁니다.",
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
        "ko": "기본 모델에서 너무 멀어졌습니다(거리 {kl:.3f}, 허용 {cap:.3f}). "
        "답들이 서로 베낀 듯 같아질 때 이렇게 됩니다.",
        "en": "It strayed too far from the base model (distance {kl:.3f}, allowed {cap:.3f}), "
        "as when answers become copies of each other.",
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
        "라벨이 더 모이면 알 수 있습니다.",
        "en": "On {groups} questions kept out of training its sureness of the right answers "
        "changed by {change}, which may be luck (odds {chance}; up to {limit} is allowed). More "
        "labels will tell.",
    },
    "reason_too_few": {
        "ko": "비교할 질문이 {groups}개뿐입니다. 판단하려면 서로 다른 질문이 {needed}개는 "
        "있어야 합니다. 라벨이 더 모이면 됩니다.",
        "en": "Only {groups} questions were left to compare on; {needed} different ones are "
        "needed. More labels will do.",
    },
    "reason_failed": {"ko": "원인: {error}", "en": "The cause: {error}"},
    "reason_canary": {
        "ko": "새 버전이 시험 질문에 답하지 못했습니다: “{question}” ({error})",
        "en": "The new version gave no answer to a test question: “{question}” ({error})",
    },
    "reason_forgotten": {
        "ko": "쓰던 버전은 기록 삭제를 요청한 사람에게서도 배웠으므로 더 쓸 수 없습니다.",
        "en": "The version in use has learned from somebody who asked to be forgotten: it must go.",
    },
    "reason_forgotten_meanwhile": {
        "ko": "학습하는 동안 기록 삭제를 요청한 사람에게서 새 버전이 배웠습니다. 다시 학습합니다.",
        "en": "The new version has learned from somebody who asked to be forgotten meanwhile: "
        "a round without them follows.",
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
    "report_base": {"ko": "기본 모델", "en": "the base model"},
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
    "report_part_loading": {"ko": "모델 불러오기", "en": "loading"},
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
        "ko": "{domain} {round}라운드 {bar} {percent}% {details}",
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
    "chart_base": {"ko": "기본 모델", "en": "base model"},
    "chart_votes": {"ko": "{total:,}개 답변", "en": "{total:,} answers"},
    "base_model": {"ko": "기본 모델", "en": "the base model"},
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
}
