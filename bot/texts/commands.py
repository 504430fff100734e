"""Commands, what they answer, and why they refuse."""

from bot.texts.language import Texts

TEXTS: Texts = {
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
    "command_forget-me_name": {"ko": "내기록삭제", "en": "forget-me"},
    "command_forget-me": {
        "ko": "내 질문, 반응, 정정을 모두 지웁니다",
        "en": "Remove all my questions, reactions and corrections",
    },
    "command_my-data_name": {"ko": "내기록", "en": "my-data"},
    "command_my-data": {
        "ko": "나에 대해 저장된 것을 봅니다",
        "en": "Show what is stored about me",
    },
    "training_runs": {
        "ko": "학습 라운드가 이미 진행 중입니다. 끝난 뒤에 다시 시작해 주세요.",
        "en": "A training round is running already. Start again when it has ended.",
    },
    "training_nothing": {
        "ko": "‘{domain}’에는 학습할 라벨이 모자랍니다(버퍼에 {fresh}개).",
        "en": "There are too few labels to train on in {domain} ({fresh} in the buffer).",
    },
    "rollback_nothing": {
        "ko": "‘{domain}’에는 되돌릴 버전이 없습니다. 지금도 기본 모델이 답합니다.",
        "en": "There is nothing to roll back in {domain}: the base model answers.",
    },
    "version_refused": {
        "ko": "이 버전은 쓸 수 없습니다: {error}",
        "en": "This version cannot be used: {error}",
    },
    "rolled_back": {
        "ko": "‘{domain}’: 이제 {version}이(가) 답합니다.",
        "en": "{domain}: {version} answers from now on.",
    },
    "command_train_name": {"ko": "학습", "en": "train"},
    "command_train": {
        "ko": "지금 학습 라운드를 시작합니다 (관리자)",
        "en": "Start a training round now (admins)",
    },
    "command_rollback_name": {"ko": "되돌리기", "en": "rollback"},
    "command_rollback": {
        "ko": "바로 전 버전으로 되돌립니다 (관리자)",
        "en": "Roll back to the version before (admins)",
    },
    "command_domain_name": {"ko": "분야", "en": "domain"},
    "command_domain": {
        "ko": "분야의 이름. 비우면 기본 분야입니다",
        "en": "The name of a domain; the default one if left out",
    },
    "unknown_domain": {
        "ko": "그런 분야는 없습니다. 있는 분야: {names}",
        "en": "There is no such domain. There are: {names}",
    },
    "train_begun": {
        "ko": "학습 {round}라운드를 시작했습니다 ({domain}).",
        "en": "Training round {round} has begun ({domain}).",
    },
    "rollback_done": {
        "ko": "되돌렸습니다. 이제 {domain}에서는 {version}이(가) 답합니다.",
        "en": "Rolled back: {version} answers in {domain} now.",
    },
}
