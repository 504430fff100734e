"""The lines of `/stats`."""

from bot.texts.language import Texts

TEXTS: Texts = {
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
        "approved pairs: {known:,} · corrections: {corrections:,} · to review: {pending:,}",
    },
    "stats_verified": {
        "ko": "확인됨 기준 점수: {threshold} · 임베더: {embedder} · "
        "판단: {judged:,}건 (우리 팀 {own:,}, 기본 제공 {shipped:,}) · "
        "확인된 답의 오류: {wrong} (허용 {accepted})",
        "en": "verified from: {threshold} · embedder: {embedder} · "
        "judgements: {judged:,} ({own:,} own, {shipped:,} shipped) · "
        "wrong among verified: {wrong} (accepted: {accepted})",
    },
    "stats_verified_not_yet": {
        "ko": "확인됨 기준 점수: 아직 없음 ({reason})",
        "en": "verified from: not known yet ({reason})",
    },
    "stats_same_words": {"ko": "없음 (똑같은 질문만 확인됨)", "en": "the same words only"},
    "stats_nothing_known": {"ko": "승인된 답이 없습니다", "en": "there are no approved pairs"},
    "stats_unread": {
        "ko": "승인된 답을 아직 읽지 않아 똑같은 질문만 확인됩니다",
        "en": "no pair has been read, so only the same words are verified",
    },
    "stats_answered": {
        "ko": "응답 정확도: {accuracy} · 만족도: {approval} (👍 {up:,}, 👎 {down:,})\n"
        "질문: {questions:,} (사람 {people:,}명) · 답변: {answered:,} · "
        "질문 제안: {suggested:,} · 고른 횟수: {picks:,} · "
        "답하지 않음: {abstained:,} · 멈춤: {stopped:,} · 실패: {failed:,}\n"
        "응답 시간: p50 {p50}, p95 {p95} · 대기열: {queue} · 메모리: {memory}",
        "en": "accuracy: {accuracy} · approval: {approval} (👍 {up:,}, 👎 {down:,})\n"
        "questions: {questions:,} ({people:,} people) · answered: {answered:,} · "
        "suggested: {suggested:,} · picks: {picks:,} · "
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
    "stats_promoted": {"ko": "승격", "en": "promoted"},
    "stats_rejected": {"ko": "거절", "en": "rejected"},
    "stats_inconclusive": {"ko": "판단 보류", "en": "inconclusive"},
    "stats_failed": {"ko": "실패", "en": "failed"},
    "stats_cancelled": {"ko": "중단", "en": "stopped"},
}
