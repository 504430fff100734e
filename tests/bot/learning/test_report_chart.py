"""The picture that goes with a report."""

from math import inf, nan

import pytest
from matplotlib.font_manager import get_font
from matplotlib.image import imread

from bot.learning.report_chart import hangul_font, report_chart, short, smoothed
from storage.statistics import VersionApproval

LOSSES = [2.0, 1.5, 1.1, 0.9]
APPROVAL = [VersionApproval(None, 10, 40), VersionApproval("tax-ko-1", 12, 12)]


@pytest.mark.slow
def test_it_is_a_png_with_a_panel_for_each_thing_known(tmp_path):
    """Loss alone is half as high as loss and approval; with nothing to draw there is none."""
    both = report_chart(LOSSES, APPROVAL, "en")
    (tmp_path / "both.png").write_bytes(both)
    (tmp_path / "one.png").write_bytes(report_chart(LOSSES, [VersionApproval(None, 0, 0)], "en"))
    sizes = [imread(tmp_path / f"{name}.png").shape[:2] for name in ("both", "one")]
    assert sizes == [(810, 750), (405, 750)]
    assert report_chart([], [], "ko") is None


def test_each_of_many_versions_has_a_row_of_its_own(tmp_path):
    """The figures above a point do not lie on the line of the next."""
    many = [VersionApproval(f"tax-ko-{n}", 5, 9) for n in range(8)]
    (tmp_path / "many.png").write_bytes(report_chart([], many, "en"))
    assert imread(tmp_path / "many.png").shape[0] / len(many) > 70


def test_a_long_name_leaves_room_for_the_picture():
    """A domain's name may have 40 characters; the number at the end is what counts."""
    assert short(f"{'a' * 40}-12") == "…aaaaaaaaaaaa-12"
    assert short("tax-ko-12") == "tax-ko-12"


def test_korean_is_drawn_where_the_machine_has_a_font(monkeypatch: pytest.MonkeyPatch):
    """A glyph that is missing would be a warning, and so an error here. Else it is English."""
    font = hangul_font()
    if font is None:
        pytest.skip("needs a Korean font (Debian: apt-get install fonts-nanum)")
    assert get_font(font.get_file()).get_char_index(ord("뷁"))
    english = report_chart(LOSSES, APPROVAL, "en")
    assert report_chart(LOSSES, APPROVAL, "ko") != english
    monkeypatch.setattr("bot.learning.report_chart.hangul_font", lambda: None)
    assert report_chart(LOSSES, APPROVAL, "ko") == english


@pytest.mark.parametrize("losses", [[1.0], [nan] * 3, [1.0, inf, nan, 2.0]])
def test_a_round_that_went_wrong_can_be_drawn(losses: list[float]):
    """One step alone, or a loss that is no number."""
    assert report_chart(losses, [], "en")


def test_the_smooth_line_begins_where_the_loss_does():
    """It follows with a delay and without a pull towards zero."""
    assert smoothed([2.0, 2.0, 2.0]) == pytest.approx([2.0, 2.0, 2.0])
    assert 1.0 < smoothed([2.0, 1.0])[-1] < 2.0
