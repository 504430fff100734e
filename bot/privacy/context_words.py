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
    r"|업종|납세|거래|영수증|증빙|문서|등기|일련|발급|모델)\s?(?:등록)?\s?(?:번호|코드|no)"
    r"|바코드|barcode|\bean\b|isbn|\b(?:invoice|order|tracking|serial)\s?(?:no|number|id)?)"
    r"|(?P<foreigner>외국인\s?(?:등록)?\s?번호|거소\s?신고|alien|\barc\b)"
    r"|(?P<rrn>주민(?!세)|주번|resident|\brrn\b|\bssn\b)"
    r"|(?P<card>카드\s?번호|\bcard)|(?P<maybe_card>카드)"
    # Into an account goes an amount.
    rf"|(?P<account>(?:계좌(?!\s?이체)|통장|\baccount|\bacct|\ba/c|{_BANKS})(?!에\s*$))"
    r"|(?P<amount>매출액?|매입액?|(?:사용|이용|결제)액|한도|잔액|입금액?|예금|이자|[금총세]액|공급가액"
    r"|비용|급여|수입|지출|원가|합계|분기)"
    r"|(?P<phone>전화|연락처|휴대폰|핸드폰|팩스|phone|mobile|\btel|\bhp|\bfax)",
    re.IGNORECASE,
)
_BANK_BEHIND = re.compile(rf"\W{{0,3}}(?:{_BANKS}|계좌|통장)", re.IGNORECASE)
_CARD_WORD = re.compile(
    r"카드|결제|번호|유효\s?기간|할부|card|visa|mastercard|amex|\bcv[cv]|\bpa(?:y|id)",
    re.IGNORECASE,
)
# A unit is followed by a particle or by nothing: 원을, but not 원천징수.
_UNIT = re.compile(
    r"\s?(?:원(?![가-힣])|원[을이은의에으정입씩까만도과미초]|달러|won\b|krw\b|usd\b"
    r"|[천백]?만\s?원)|₩|%|㎡|억",
    re.IGNORECASE,
)
_ADDED_UP = re.compile(
    r"\s?(?:[은는이가을를의]\s?)?(?:다\s?|모두\s?|전부\s?)?(?:합[계산치쳐하해은이]|더[하해]|총[합액]|평균)"
)
# Only a label that stands right before a number says that it identifies nobody or is an amount.
_RIGHT_BEFORE = re.compile(r"[\s:=#()<>\[\].,'\"은는이가의도]{0,6}")
_LETTER = re.compile(r"[A-Za-z_]")


def label_before(before: str, previous: Kind | None) -> Label:
    """What the words in front call the number; a list goes on as it began."""
    if previous and re.fullmatch(r"[\s:=]{0,3}", before):
        return previous
    words = _close(before)
    label: Label = None
    for match in _LABELS.finditer(words):
        right_before = _RIGHT_BEFORE.fullmatch(words, match.end())
        if match["other"]:
            label = "other" if right_before else None
        elif match["amount"]:
            label = "amount" if right_before else label
        elif match["maybe_card"]:
            label = "card?"
        else:
            label = Kind(match.lastgroup or "")
    return label


def is_bank_behind(behind: str) -> bool:
    return bool(_BANK_BEHIND.match(_near(behind)))


def has_card_word(before: str, behind: str) -> bool:
    return any(map(_CARD_WORD.search, (_close(before), _near(behind, _SEEN_BEFORE))))


def is_amount(before: str, behind: str) -> bool:
    return before[-1:] in ("₩", "$") or bool(_UNIT.match(_near(behind)))


def is_added_up(behind: str) -> bool:
    return bool(_ADDED_UP.match(_near(behind)))


def is_in_word(before: str, behind: str) -> bool:
    return bool(_LETTER.match(before[-1:]) or _LETTER.match(behind))


def _close(before: str) -> str:
    return unicodedata.normalize("NFC", before[-3 * _SEEN_BEFORE :])[-_SEEN_BEFORE:]


def _near(behind: str, most: int = _SEEN_BEHIND) -> str:
    return unicodedata.normalize("NFC", behind[: 3 * most])[:most]
