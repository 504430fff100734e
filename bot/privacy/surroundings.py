"""What the words around a number say about it: a label, a bank, a unit."""

import re
import unicodedata

from bot.privacy.identifiers import Kind, Label

_SEEN_BEFORE, _SEEN_BEHIND = 24, 12
_BANKS = (
    r"국민은행|kb국민|우리은행|하나은행|기업은행|(?:신한|농협|수협|신협)(?!\s?(?:카드|생명|손해|투자))"
    r"|새마을금고|우체국|카카오뱅크|카뱅|토스뱅크|케이뱅크|제일은행|씨티은행|\w\w은행|ibk|\bnh\b"
)
_LABELS = re.compile(
    r"(?P<other>(?:사업자|법인|승인|주문|접수|송장|운송장|관리|사건|고유|납부|고지|신고|상품|품목|제품"
    r"|거래|영수증|증빙|문서|등기|일련|발급|모델)\s?(?:등록)?\s?(?:번호|코드|no)"
    r"|바코드|barcode|\bean\b|isbn|\b(?:invoice|order|tracking|serial)\s?(?:no|number|id)?)"
    r"|(?P<foreigner>외국인\s?(?:등록)?\s?번호|거소\s?신고|alien|\barc\b)"
    r"|(?P<rrn>주민(?!세)|주번|resident|\brrn\b|\bssn\b)"
    r"|(?P<card>카드|\bcard)"
    rf"|(?P<account>계좌(?!\s?이체)|통장|\baccount|\bacct|\ba/c|{_BANKS})"
    r"|(?P<phone>전화|연락처|휴대폰|핸드폰|팩스|phone|mobile|\btel|\bhp|\bfax)",
    re.IGNORECASE,
)
_BANK_BEHIND = re.compile(rf"\W{{0,3}}(?:{_BANKS}|계좌|통장)", re.IGNORECASE)
# A unit is followed by a particle or by nothing: 원을, but not 원천징수.
_UNIT = re.compile(
    r"\s?(?:원(?![가-힣])|원[을이은의에으정입씩까만도과미초]|달러|won\b|krw\b|usd\b)|₩|%|㎡|[천백]?만\s?원|억",
    re.IGNORECASE,
)
# Only a label that stands right before a number says that it identifies nobody.
_RIGHT_BEFORE = re.compile(r"[\s:=#()<>\[\].,'\"은는이가의도]{0,6}")
_LETTER = re.compile(r"[A-Za-z_]")


def label_before(before: str, previous: Kind | None) -> Label:
    """What the words in front call the number; a list goes on as it began."""
    if previous and re.fullmatch(r"[\s:=]{0,3}", before):
        return previous
    words = unicodedata.normalize("NFC", before[-3 * _SEEN_BEFORE :])[-_SEEN_BEFORE:]
    label: Label = None
    for match in _LABELS.finditer(words):
        if match["other"]:
            label = "other" if _RIGHT_BEFORE.fullmatch(words, match.end()) else None
        else:
            label = Kind(match.lastgroup or "")
    return label


def is_bank_behind(behind: str) -> bool:
    return bool(_BANK_BEHIND.match(_near(behind)))


def is_amount(before: str, behind: str) -> bool:
    return before[-1:] in ("₩", "$") or bool(_UNIT.match(_near(behind)))


def is_in_word(before: str, behind: str) -> bool:
    return bool(_LETTER.match(before[-1:]) or _LETTER.match(behind))


def _near(behind: str) -> str:
    return unicodedata.normalize("NFC", behind[: 3 * _SEEN_BEHIND])[:_SEEN_BEHIND]
