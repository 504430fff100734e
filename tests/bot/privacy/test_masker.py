"""What identifies a person is masked; what a tax office counts with stays."""

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy.identifiers import Kind
from bot.privacy.masker import TOKENS, Masker

ALL = Masker(frozenset(Kind))
RRN, FRN, CARD, ACCOUNT, PHONE, EMAIL = TOKENS.values()

# All numbers are made up. Before | the text, behind it what is stored.
POSITIVES = [
    # resident registration numbers: written as such, or with a check digit, or by label
    ("주민번호는 900101-1234568입니다", f"주민번호는 {RRN}입니다"),
    ("851224-2012342 공제 되나요?", f"{RRN} 공제 되나요?"),
    ("부양가족 9001011234568", f"부양가족 {RRN}"),
    ("900101 1234568", RRN),
    ("900101.1234568", RRN),
    ("900101 - 1234568", RRN),
    ("900101–1234568", RRN),
    ("900101/1234568", RRN),
    ("９００１０１－１２３４５６８", RRN),
    ("900101-\u200b1234568", RRN),
    ("9\u200b0\u200b0\u200b1\u200b0\u200b1-1234568", RRN),
    ("\u202b900101-1234568\u202c", f"\u202b{RRN}\u202c"),
    ("900101\u061c-\u061c1234568", RRN),
    ("٩٠٠١٠١-١٢٣٤٥٦٨", RRN),
    ("900101-\n1234568", RRN),
    ("9 0 0 1 0 1 1 2 3 4 5 6 8", RRN),
    ("9001-01-1234568", RRN),
    ("900101ㅡ1234568", RRN),
    ("211103-4987654 자녀세액공제", f"{RRN} 자녀세액공제"),
    ("2111034987654 자녀세액공제", f"{RRN} 자녀세액공제"),
    ("900101-1234560 (새 번호)", f"{RRN} (새 번호)"),
    ("주민등록번호: 9001011234560", f"주민등록번호: {RRN}"),
    ("주민번호 900101 1234560", f"주민번호 {RRN}"),
    ("9001011234568 조회", f"{RRN} 조회"),
    ("사업자등록번호는 없고 9001011234568", f"사업자등록번호는 없고 {RRN}"),
    ("주민번호 900101-1 234560", f"주민번호 {RRN}"),
    ("주민번호 110111-3123455", f"주민번호 {RRN}"),
    ("법인등록번호가 아니라 900101-1234568", f"법인등록번호가 아니라 {RRN}"),
    (
        unicodedata.normalize("NFD", "주민번호 9001011234560"),
        unicodedata.normalize("NFD", "주민번호 ") + RRN,
    ),
    ("220101 3123456", RRN),
    ("주민 번호는 앞 900101 뒤 1234567", f"주민 번호는 앞 {RRN}"),
    ("주민번호 900101, 뒷자리 1234567", f"주민번호 {RRN}"),
    ("주민번호 240331-3300000", f"주민번호 {RRN}"),
    ("900101-1234568,851224-2012342", f"{RRN},{RRN}"),
    # foreigners' registration numbers
    ("외국인등록번호 780615-8158231", f"외국인등록번호 {FRN}"),
    ("920708-6123400로 신고", f"{FRN}로 신고"),
    ("9207086123400", FRN),
    ("750505-5999999", FRN),
    ("7505055999993", FRN),
    ("０３０４０５－７１２３４５６", FRN),
    ("주민번호 680930-6223344", f"주민번호 {FRN}"),
    # cards
    ("카드 4111-1111-1111-1111로 결제", f"카드 {CARD}로 결제"),
    ("4111 1111 1111 1111", CARD),
    ("4111111111111111", CARD),
    ("4111.1111.1111.1111", CARD),
    ("5555-5555-5555-4444", CARD),
    ("3782-822463-10005", CARD),
    ("378282246310005", CARD),
    ("9456-1234-5678-9015", CARD),
    ("6220123456789016", CARD),
    ("3530 1113 3330 0000", CARD),
    ("3056-930902-5904", CARD),
    ("2223-0000-0000-0015", CARD),
    ("４１１１－１１１１－１１１１－１１１１", CARD),
    ("4111-1111-\n1111-1111", CARD),
    ("카드번호 4111-1111-1111-1112", f"카드번호 {CARD}"),
    ("카드 번호: 4111 1111 1111 1112", f"카드 번호: {CARD}"),
    ("카드 4111-1111-1111-1112", f"카드 {CARD}"),
    ("매출 카드 4111 1111 1111 1111", f"매출 카드 {CARD}"),
    ("승인번호 4111-1111-1111-1111", f"승인번호 {CARD}"),
    # in groups, as amounts are written too: alone, with an expiry date, a price, another card
    ("결제한 거 4123 5678 9012 3450 취소", f"결제한 거 {CARD} 취소"),
    ("9410 1234 5678 9010", CARD),
    ("4000 0000 0000 0010", CARD),
    ("4123 5678 9012 3450 1228", f"{CARD} 1228"),
    ("4123 5678 9012 3450 12/28 123", f"{CARD} 12/28 123"),
    ("4123 5678 9012 3450 3000원", f"{CARD} 3000원"),
    ("4123 5678 9012 3450 9410 1234 5678 9010", f"{CARD} {CARD}"),
    ("0527 4123 5678 9012 3450", f"0527 {CARD}"),
    ("비용 카드 4123 5678 9012 3450", f"비용 카드 {CARD}"),
    ("카드번호\n4123\n5678\n9012\n3450", f"카드번호\n{CARD}"),
    # where it is said to be a card, whatever stands beside it and says amounts
    ("비용은 4111 1111 1111 1111 로 결제했어요", f"비용은 {CARD} 로 결제했어요"),
    ("총액 4111 1111 1111 1111 카드로 냈어요", f"총액 {CARD} 카드로 냈어요"),
    ("비용 4111 1111 1111 1111 12/27 카드로", f"비용 {CARD} 12/27 카드로"),
    ("비용은 3782 822463 10005 로 결제", f"비용은 {CARD} 로 결제"),
    ("4111 1111 1111 1111 1227 9431 로 결제", f"{CARD} 1227 9431 로 결제"),
    ("카드 4111 1111 1111 1111 1227 1234", f"카드 {CARD} 1227 1234"),
    ("번호 1000 2000 4111 1111 1111 1111", f"번호 1000 2000 {CARD}"),
    ("결제수단 4111\t1111\t1111\t1111 유효기간 12/27", f"결제수단 {CARD} 유효기간 12/27"),
    ("카드 4120 5670 9010 2570", f"카드 {CARD}"),
    ("카드 4100 4915 8569 1191 만원", f"카드 {CARD} 만원"),
    # and where nothing says that these are amounts
    ("4111 1111\n1111 1111", CARD),
    ("4100\t4915\t8569\t1191", CARD),
    ("2024 4111 1111 1111 1111", f"2024 {CARD}"),
    # accounts: a bank's own grouping, or a label
    ("신한 110-123-456789로 입금", f"신한 {ACCOUNT}로 입금"),
    ("110-123-456789", ACCOUNT),
    ("1002-123-456789 우리은행", f"{ACCOUNT} 우리은행"),
    ("국민 123456-12-123456", f"국민 {ACCOUNT}"),
    ("하나 123-456789-12345", f"하나 {ACCOUNT}"),
    ("농협 301-1234-5678-91", f"농협 {ACCOUNT}"),
    ("카카오뱅크 3333-01-1234567", f"카카오뱅크 {ACCOUNT}"),
    ("기업은행 123-456789-12-345", f"기업은행 {ACCOUNT}"),
    ("토스뱅크 1000-1234-5678", f"토스뱅크 {ACCOUNT}"),
    ("계좌번호 110123456789", f"계좌번호 {ACCOUNT}"),
    ("환급계좌는 12345678901234입니다", f"환급계좌는 {ACCOUNT}입니다"),
    ("110123456789(신한은행)", f"{ACCOUNT}(신한은행)"),
    ("계좌: 110 123 456789", f"계좌: {ACCOUNT}"),
    ("계좌: 110.123.456789", f"계좌: {ACCOUNT}"),
    ("계좌 110–123–456789", f"계좌 {ACCOUNT}"),
    ("계좌로 입금해주세요 110123456789", f"계좌로 입금해주세요 {ACCOUNT}"),
    ("국민은행 예금주 홍길동 110123456789", f"국민은행 예금주 홍길동 {ACCOUNT}"),
    ("계좌 110123456789로 입금", f"계좌 {ACCOUNT}로 입금"),
    ("입금 110123456789(신한은행)", f"입금 {ACCOUNT}(신한은행)"),
    ("계좌 123-4567-8901", f"계좌 {ACCOUNT}"),
    # phones
    ("010-1234-5678로 연락", f"{PHONE}로 연락"),
    ("01012345678", PHONE),
    ("010 1234 5678", PHONE),
    ("010.1234.5678", PHONE),
    ("010-12345678", PHONE),
    ("0101234-5678", PHONE),
    ("01012345678 명의로", f"{PHONE} 명의로"),
    ("01012345678 원천징수 담당", f"{PHONE} 원천징수 담당"),
    ("승인번호 문의는 01012345678 주세요", f"승인번호 문의는 {PHONE} 주세요"),
    ("in order to call 0212345678", f"in order to call {PHONE}"),
    ("０１０－１２３４－５６７８", PHONE),
    ("010\u200b1234\u200d5678", PHONE),
    ("0️⃣1️⃣0️⃣-1234-5678", PHONE),
    ("010-1234\n-5678", PHONE),
    ("0 1 0 2 2 3 4 5 6 7 8", PHONE),
    ("010 23 45 67 89", PHONE),
    ("010. 1234. 5678", PHONE),
    ("011-234-5678", PHONE),
    ("02-123-4567", PHONE),
    ("(02)1234-5678", PHONE),
    ("02) 1234-5678", PHONE),
    ("031-123-4567", PHONE),
    ("0212345678", PHONE),
    ("070-1234-5678", PHONE),
    ("0507-1234-5678", PHONE),
    ("+82-10-1234-5678", PHONE),
    ("+82 10 1234 5678", PHONE),
    ("+821012345678", PHONE),
    ("+82 (0)10-1234-5678", PHONE),
    ("0082-10-1234-5678", PHONE),
    ("82-10-1234-5678", PHONE),
    ("+1-202-555-0143", PHONE),
    ("tel01012345678", f"tel{PHONE}"),
    ("010-1234-5678/010-9876-5432", f"{PHONE}/{PHONE}"),
    ("담당자(010-1234-5678)", f"담당자({PHONE})"),
    ("<tel:01012345678|010-1234-5678>", f"<tel:{PHONE}|{PHONE}>"),
    # addresses
    ("hong@example.com으로", f"{EMAIL}으로"),
    ("메일은hong.gildong+tax@mail.example.co.kr.", f"메일은{EMAIL}."),
    ("ｈｏｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", EMAIL),
    ("hong\u200b@example.com", EMAIL),
    ("hong @ example.com", EMAIL),
    ("hong@\nexample.com", EMAIL),
    ("<01012345678@example.com>", f"<{EMAIL}>"),
    ("<mailto:a@b.com|a@b.com>", f"<mailto:{EMAIL}|{EMAIL}>"),
    ("a_b-c@xn--3e0b707e.kr", EMAIL),
    ("문의는 홍길동@naver.com으로", f"문의는 {EMAIL}으로"),
    ("user@회사.한국으로", f"{EMAIL}으로"),
    ("홍길동@세무서.kr", EMAIL),
]

# " | " is between two of them.
LOOKALIKES = [
    text
    for line in """
# amounts
9 10 11 12 13 14 15 | 10 11 12 13 14 15 1 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
1,234,567,890,123원 | 매출 1234567890원 | 12,000,000 | 9001011234568원 | 3.3% | ₩1012345678
과세표준 8800만원 | 환급 110123456789원 | 계좌에 1200000000 입금
4111111111111111원 | 1억 2345만 6789원 | 100 200 300 400 | 0.9001011234568 | 3.14159265358979
카드매출 5200 3100 4100 2200 | 카드 사용액 4500 1200 3300 2100 | 카드 5100 2300 4100 1200 만원
카드 매출 4500000000000000 | 매출 4100 4915 8569 1191 | 4100 4915 8569 1191 만원
카드 4500 1200 3300 2100 | 계좌 잔액 15000000001 | 통장 입금 12345678901
통장에 1234567890123 찍힘 | 통장에 12345678901 입금 | 국민은행 예금 100 200 300000
4100 4915 8569 1191 2750 3300 | 1000 2750 4100 4915 8569 1191 | 비용 4100 4915 8569 1191
1분기 4100 4915 8569 1191 | 4100 4915 8569 1191 합계 | 4100 4915 8569 1191을 더하면
4100	4915	8569	1191	2750	3300 | 4123, 5678, 9012, 3450 | 4120 5670 9010 2570
0 10 20 30 40 50 | 0/10/20/30/40/50 | 0-10-20-30-40-50
# dates and times
12.12.-11.21. 6573777 | 240331-3300000 | 240125-3000000 | 231215 3456789원 | 231215 3456780
2024-01-31 | 2024.01.31. | 20240131 | 2024년 1월 31일 | 24/01/31 09:30:15 | 2024-01-31 12:30:45
240131 3000000 | 2023-12-31~2024-12-31 | 2024-01-31-2024-02-28 | 1712345678901
01 02 03 04 05 06 | 계좌 개설일 2024-01-31 123456 | 2024.01 2024.02 2024.03
# law
제59조의4제1항 | 소득세법 제59조의4 제1항 제2호 | 국세기본법 제45조의2 | 2024구합12345
조심2023서1234 | 서면-2023-법규소득-1234 | 2019두12345 | 법률 제19196호(2022.12.31.)
기획재정부령 제1107호
# business and corporate numbers
123-45-67890 | 사업자등록번호 1234567890 | 사업자번호 220-81-62517로 발급 | 계좌 123-45-67890
사업자 2208162517 계좌 개설 | 계좌이체 1234567891
１２３－４５－６７８９０ | 130111-0006246 | 법인등록번호 110111-3123455 | 110111-4123454
180111-1412343 | 법인등록번호 1101113123455 | 110114-3012347 | 고유번호 123-82-12345
# receipts, orders, filings
승인번호 20240131-41000012-12345678 | 202401314100001212345678 | 승인번호 4111111111111111
현금영수증 승인번호 123456789 | 승인번호 021234567 | 카드 승인번호 12345678
접수번호 123-2024-2-123456789012 | 전자납부번호 0126-2401-4-41-12345678 | 주문번호 9001011234568
주문번호 2024013112345678 | 주문번호 110-123-456789 | 송장번호 123456789012
운송장번호 1234-5678-9012 | 2024-01-1234567 | 관리번호 2401-12-1234567 | 2024-0131-1234
문서번호 3333-01-1234567 | 접수번호 942-2022-3-821045448177 | 업종코드 940909-1234567
납세번호 1234-56-7890123
# sixteen digits that are no card, thirteen that are nobody
4111-1111-1111-1112 | 4111111111111112 | 1234-5678-9012-3456 | 2024013112345670
7111111111111111 | 9001011234560 | 9013011234568 | 901332-1234568 | 300101-3123456
8801234567893 | 8801015123454 | 130111-9006246
# numbers that belong to everybody
국세상담센터 126 | 국세청 지정번호 010-000-1234 | 홈택스 1544-9944 | 1588-1234 | 112 | 1234-5678
# machines
192.168.100.200 | 10.0.0.1:8080 | v1.2.3.4567 | 2.13.0+cu126 | 37.5665, 126.9780
35.1795543 129.0756416 | 550e8400-e29b-41d4-a716-446655440000 | d41d8cd98f00b204e9800998ecf8427e
0x01012345678f | SN9001011234568 | abc01012345678x | ISBN 978-89-1234-567-8 | <@U0123456789>
@channel 3시 | a@b | 10@1.5 | x@y.1 | ①②③④⑤⑥⑦⑧⑨⑩⑪ | 0123456789 | 010-123 | 02-012-3456
900101-1******
""".splitlines()
    if not line.startswith("#")
    for text in line.split(" | ")
    if text
]


def test_the_tables_are_long_enough():
    """Sixty each were asked for, and none twice."""
    assert len({text for text, _ in POSITIVES}) == len(POSITIVES) >= 60
    assert len(set(LOOKALIKES)) == len(LOOKALIKES) >= 60


@pytest.mark.parametrize(("text", "masked"), POSITIVES)
def test_identifiers_are_masked(text: str, masked: str):
    """However they are written; nothing else changes."""
    assert ALL.mask(text) == masked


@pytest.mark.parametrize("text", LOOKALIKES)
def test_lookalikes_stay(text: str):
    """Alone, and in a Korean sentence."""
    assert ALL.mask(text) == text
    assert ALL.mask(f"문의: {text} 맞나요?") == f"문의: {text} 맞나요?"


@pytest.mark.parametrize(("text", "masked"), POSITIVES)
def test_particles_and_brackets_change_nothing(text: str, masked: str):
    """Korean glues them on."""
    assert ALL.mask(f"「{text}」은") == f"「{masked}」은"


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_can_be_off(kind: Kind):
    """Then its numbers stay, and are not taken for another kind's."""
    masker = Masker(frozenset(Kind) - {kind})
    for text, masked in POSITIVES:
        assert masker.mask(text) == (text if TOKENS[kind] in masked else masked)


def test_nothing_on_changes_nothing():
    """MASK=none."""
    assert all(Masker(frozenset()).mask(text) == text for text, _ in POSITIVES)


def test_a_mask_says_the_kind_and_nothing_else():
    """Two people's numbers cannot be told apart behind it."""
    assert ALL.mask("010-1234-5678") == ALL.mask("010-9876-5432") == PHONE


PIECES = st.sampled_from(
    [text for text, _ in POSITIVES]
    + LOOKALIKES
    + list(TOKENS.values())
    + [
        *"0123456789@-. \n+()/,:=₩원",
        "\u200b",
        "\u061c",
        "계좌 ",
        "주민번호",
        "승인번호 ",
        "카드",
        "(신한)",
    ]
    + [
        "a@b.com",
        "a@",
        ".com",
        "010",
        "900101",
        "1234568",
        "123",
        "국민은행",
        "\x00",
        "\udc80",
        "x",
    ]
)
HOSTILE = st.lists(PIECES, max_size=12).map("".join) | st.text(
    st.sampled_from("0123456789-. @abc\n+()[]주민계좌원\u200b０１"), max_size=60
)


@given(HOSTILE)
@example("a@b.com.123@c.com")
@example("a@b.com9001011234568")
def test_masking_twice_is_masking_once(text: str):
    """What was masked is read as the number that it was."""
    once = ALL.mask(text)
    assert ALL.mask(once) == once


@given(HOSTILE, st.sets(st.sampled_from(Kind)), st.sets(st.sampled_from(Kind)))
def test_the_order_does_not_matter(text: str, some: set[Kind], others: set[Kind]):
    """One kind after the other, in any order, or all at once."""
    one, other = Masker(frozenset(some)), Masker(frozenset(others))
    both = Masker(frozenset(some | others)).mask(text)
    assert one.mask(other.mask(text)) == other.mask(one.mask(text)) == both


@given(st.text().filter(lambda text: not any(c.isdecimal() or c in "@＠﹫" for c in text)))
def test_without_digits_and_at_signs_nothing_changes(text: str):
    """Every character stays as it was typed, seen or unseen."""
    assert ALL.mask(text) == text


WORDS = st.text(
    st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@+("), max_size=40
)


WRITTEN_AS_SUCH = [
    "900101-1234568",
    "750505-5999999",
    "4111-1111-1111-1111",
    "010-1234-5678",
    "+82-10-1234-5678",
    "a@b.com",
]


@given(st.sampled_from(WRITTEN_AS_SUCH), WORDS, WORDS)
def test_whatever_surrounds_stays(number: str, before: str, behind: str):
    """Of a number written as such, nothing but the number goes."""
    masked = ALL.mask(number)
    assert masked in TOKENS.values()
    assert ALL.mask(f"{before} 「{number}」 {behind}") == f"{before} 「{masked}」 {behind}"


def test_a_label_reaches_over_a_list():
    """The second account is one as well; an amount behind it is not."""
    assert ALL.mask("계좌 110123456789 110123456780") == f"계좌 {ACCOUNT} {ACCOUNT}"
    assert ALL.mask("110-123-456789 1200000000") == f"{ACCOUNT} 1200000000"


def test_a_phone_behind_a_card_is_no_amount():
    """Its first group has four digits as well."""
    assert ALL.mask("4123 5678 9012 3450 0507 1234 5678") == f"{CARD} {PHONE}"


HOSTILE_UNITS = [
    "4111 1111 1111 1111 ",
    "1",
    "1 ",
    "1-",
    "12-",
    "010-",
    "0 1 0 ",
    "900101-",
    "4111-",
    "a",
    "a.",
    "a1",
    "a@",
    "@",
    "a@b.",
    "a@b.c ",
    "1\u200b",
    "１",
    "110-123-",
    "(02)",
    "+82",
    "계좌",
    "주민번호 1",
    "[전화번호",
    "123456 1234567 ",
    " ",
    "\u0301",
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE_UNITS)
def test_time_grows_with_the_length(unit: str):
    """Four times the text takes about four times as long, never sixteen."""
    short, long = (unit * (size // len(unit)) for size in (5_000, 20_000))
    assert seconds(long) < 8 * seconds(short) + 0.02


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["1", "a1", "010-", "a@b."])
def test_a_megabyte_takes_seconds(unit: str):
    """A line of hostile text cannot hold up a chat for long."""
    assert seconds(unit * (1_000_000 // len(unit)), runs=1) < 60


def seconds(text: str, *, runs: int = 3) -> float:
    """The best of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        ALL.mask(text)
        times.append(time.process_time() - start)
    return min(times)


TWO = ("900101-1234568", "010-1234-5678")


@pytest.mark.parametrize("pair", [TWO, TWO[::-1]])
@pytest.mark.parametrize("between", [" ", ", ", "/", "\n", "와 ", "은\u200b"])
def test_neighbours_are_masked_each(pair: tuple[str, str], between: str):
    """In either order, whatever is between them."""
    tokens = {"900101-1234568": RRN, "010-1234-5678": PHONE}
    assert ALL.mask(between.join(pair)) == between.join(tokens[number] for number in pair)
