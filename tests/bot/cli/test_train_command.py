"""What `reactune train` shows, with a round that only pretends."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Exit

from bot.cli import actions, main
from bot.errors import UnansweredError
from bot.learning.outcome import RoundOutcome
from bot.settings import Settings
from engine.gate.reasons import Reason

WAITS = RoundOutcome(7, "tax-ko", "promoted", version="tax-ko-7", waits=True)
FEW = RoundOutcome(7, "tax-ko", "inconclusive", (Reason("too_few", {"groups": 3, "needed": 10}),))


def train(outcome: RoundOutcome | None, monkeypatch: pytest.MonkeyPatch, home: Path) -> int:
    """The exit status; None: the round fails."""

    async def pretend(_: Settings, __: str | None, show: Callable[[str], None]) -> RoundOutcome:
        show("50%")
        if outcome is None:
            raise UnansweredError("no memory")
        return outcome

    monkeypatch.setattr(actions, "train", pretend)
    monkeypatch.setattr(main, "configure_logs", lambda _: None)
    monkeypatch.setenv("REACTUNE_HOME", str(home))
    with pytest.raises(Exit) as ended:
        main.train()
    return ended.value.exit_code


@pytest.mark.parametrize(
    ("outcome", "status", "text"), [(WAITS, 0, "관리자가 승인하면"), (FEW, 4, "10개는")]
)
def test_the_outcome_is_told_as_it_is_to_admins(
    outcome: RoundOutcome,
    status: int,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
):
    """In their language, and with what follows from it: that it waits, for instance."""
    assert train(outcome, monkeypatch, tmp_path) == status
    assert text in capsys.readouterr().out


@pytest.mark.parametrize("outcome", [FEW, None])
def test_on_a_terminal_the_end_has_a_line_of_its_own(
    outcome: RoundOutcome | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
):
    """Be it the outcome or an error: the bar stays above it."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    train(outcome, monkeypatch, tmp_path)
    shown = capsys.readouterr()
    rest = shown.err.partition("50%")[2].removeprefix("\x1b[?7h")
    assert rest == ("\n" if outcome else "\nreactune: no memory\n")
