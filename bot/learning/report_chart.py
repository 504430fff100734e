"""A round's picture: how its loss fell, and how the versions are liked. matplotlib comes late."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.texts import Language, say
from engine.gate.confidence import wilson
from storage.statistics import VersionApproval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_HANGUL_FONTS = (
    "Pretendard", "Noto Sans CJK KR", "Noto Sans KR", "Noto Sans CJK", "Source Han Sans",
    "NanumGothic", "NanumBarunGothic", "Nanum", "Malgun Gothic", "Apple SD Gothic Neo",
    "AppleGothic", "Baekmuk", "UnDotum",
)  # fmt: skip
_REGULAR = (400, "normal", "regular")
_ACCENT, _PALE, _INK, _GRID = "#1c6b57", "#a9cdbf", "#3b413d", "#e3e5df"
_SMOOTHING = 0.6  # how much of the mean so far stays at each step
_VERSIONS = 8  # the latest; more would not be legible
_PANEL, _ROW = 2.7, 0.45  # inches: a panel at least, and a version in it
_NAME_CHARS = 16


def report_chart(
    losses: Sequence[float], approval: Sequence[VersionApproval], language: Language
) -> bytes | None:
    """A PNG, 750 dots wide; None when there is nothing to draw.

    ``losses``: one a training step. ``approval``: the oldest version first. On a machine without
    a Korean font the words are English. Takes a second the first time: not for the event loop.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    voted = [one for one in approval if one.total][-_VERSIONS:]
    heights = [_PANEL] if losses else []
    heights += [max(_PANEL, _ROW * (len(voted) + 1.5))] if voted else []
    if not heights:
        return None
    font = hangul_font() if language == "ko" else None
    words = _Words(language if font else "en", font)
    layout = ConstrainedLayoutEngine(h_pad=0.1)  # inches
    figure = Figure(figsize=(5, sum(heights)), dpi=150, layout=layout, facecolor="white")
    FigureCanvasAgg(figure)
    axes = iter(figure.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0])
    if losses:
        _draw_losses(next(axes), losses, words)
    if voted:
        _draw_approval(next(axes), voted, words)
    picture = BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


@cache
def hangul_font() -> "FontProperties | None":
    """The first font of this machine that has Hangul, by preference."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    known = [f for f in fontManager.ttflist if f.style == "normal" and f.weight in _REGULAR]
    for wanted in _HANGUL_FONTS:
        for font in sorted(known, key=lambda font: len(font.name)):  # NanumGothic before …Coding
            if font.name.startswith(wanted) and get_font(font.fname).get_char_index(ord("한")):
                return FontProperties(fname=font.fname)
    return None


class _Words:
    """What stands in the picture, in one language and a font that has it."""

    def __init__(self, language: Language, font: "FontProperties | None") -> None:
        self._language = language
        self._font = font

    def __call__(self, key: str, **values: object) -> str:
        return say(key, self._language, **values)

    def font(self, size: float) -> "FontProperties":
        from matplotlib.font_manager import FontProperties

        font = self._font.copy() if self._font else FontProperties()
        font.set_size(size)
        return font


def _draw_losses(axes: "Axes", losses: Sequence[float], words: _Words) -> None:
    from matplotlib.ticker import MaxNLocator

    steps = range(1, len(losses) + 1)
    axes.plot(steps, losses, color=_PALE, linewidth=1.2, marker="." if len(losses) < 3 else "")
    axes.plot(steps, smoothed(losses), color=_ACCENT, linewidth=2.2, label=words("chart_smooth"))
    axes.set_xlabel(words("chart_step"), color=_INK, fontproperties=words.font(10.5))
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, prop=words.font(10.5), labelcolor=_INK)
    _dress(axes, words("chart_loss"), words)


def _draw_approval(axes: "Axes", approval: Sequence[VersionApproval], words: _Words) -> None:
    """The share of each version as a point on its interval."""
    for place, one in enumerate(approval):
        low, high = (100 * end for end in wilson(one.approved, one.total))
        share = 100 * one.approved / one.total
        axes.plot([low, high], [place, place], color=_PALE, linewidth=5, solid_capstyle="round")
        axes.plot(share, place, color=_ACCENT, marker="o", markersize=8, clip_on=False)
        label = f"{share:.0f}% · {words('chart_votes', total=one.total)}"
        axes.annotate(
            label, (share, place), xytext=(0, 9), textcoords="offset points",
            ha="right" if share > 75 else "left" if share < 25 else "center",
            color=_INK, fontproperties=words.font(10),
        )  # fmt: skip
    names = [short(one.version or words("chart_base")) for one in approval]
    axes.set_yticks(range(len(names)), names, fontproperties=words.font(10.5))
    axes.set_ylim(-0.6, len(names) - 0.2)
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter("{x:.0f}%")
    _dress(axes, words("chart_approval"), words)


def short(name: str) -> str:
    """A version's name with what leaves room for the picture: its end has the number."""
    return name if len(name) <= _NAME_CHARS else f"…{name[1 - _NAME_CHARS :]}"


def smoothed(losses: Sequence[float]) -> list[float]:
    """The exponential mean up to each step, without the pull of its start (as Adam's moments)."""
    mean, means = 0.0, []
    for step, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        means.append(mean / (1 - _SMOOTHING**step))
    return means


def _dress(axes: "Axes", title: str, words: _Words) -> None:
    axes.set_title(title, loc="left", color=_INK, fontproperties=words.font(11.5))
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=10.5, length=0)
