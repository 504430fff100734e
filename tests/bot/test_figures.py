"""Numbers in answers, compared with what is known."""

from hypothesis import given
from hypothesis import strategies as st

from bot.figures import figures, keeps_to, strays, without_open_number


@given(
    st.text("가나다라abc 1234", min_size=8).filter(
        lambda t: len(t.split()[0:1]) > 0 and sum(map(str.isalnum, t)) > 1
    ),
    st.text(),
)
def test_what_is_known_keeps_to_itself(answer: str, more: str):
    """Alone and among other knowledge."""
    assert keeps_to(answer, [more, answer])


@given(st.text("7월 25일,.%", max_size=20), st.integers(0, 20))
def test_what_begins_to_stray_does_not_keep_to_anything(answer: str, at: int):
    """An answer that is stopped early would not have been trusted in the end."""
    known = ["7월 25일까지", "2.5%"]
    if strays(without_open_number(answer[:at]), known):
        assert not keeps_to(answer, known)


@given(st.integers(0, 10**12))
def test_writing_a_number_otherwise_changes_nothing(number: int):
    """Thousands may be separated, zeros may lead."""
    assert figures(f"{number:,}원") == figures(f"{number}") == figures(f"00{number}")


def test_a_new_number_is_noticed():
    """Also beside known ones, and in the fraction."""
    assert keeps_to("징수 세율은 3.3%입니다", ["원천징수 세율은 3.3%입니다"])
    assert not keeps_to("징수 세율은 3.5%입니다", ["원천징수 세율은 3.3%입니다"])
    assert not keeps_to("7월 25일과 26일", ["7월 25일"])


def test_half_of_what_is_known_is_noticed():
    """So are the same words turned around."""
    known = ["법인세는 1개월(중소기업은 2개월) 이내에 분납합니다", "각각 구분하여 고지합니다"]
    assert not keeps_to("법인세는 1개월 이내에 분납합니다", known)
    assert not keeps_to("구분하지 않고 고지합니다", known)


def test_no_number_where_there_is_one_is_noticed():
    """So is a spelled one, and nothing at all."""
    known = ["접대비는 연 3,600만 원까지만 비용으로 처리됩니다."]
    assert keeps_to("접대비는 3,600만 원까지 비용으로 처리됩니다.", known)
    assert not keeps_to("네, 접대비는 한도 없이 전액 비용 처리됩니다.", known)
    assert not keeps_to("접대비는 이천만 원까지만 비용으로 처리됩니다.", known)
    assert not keeps_to("", known)
