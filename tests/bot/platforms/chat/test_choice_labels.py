"""Known questions as labels of buttons."""

from bot.messages import Suggestion
from bot.platforms.chat.choice_labels import button_label, needs_list

SHORT = Suggestion(1, "언제 내나요?")
LONG = Suggestion(2, "언제 내나요? " * 20)


def test_what_says_it_all_needs_no_list():
    """The button is the question itself."""
    assert not needs_list([SHORT], 75)
    assert button_label([SHORT], 0, 75) == "언제 내나요?"


def test_what_is_cut_or_differs_is_numbered():
    """As in the list."""
    assert needs_list([SHORT, LONG], 75)
    labels = [button_label([SHORT, LONG], n, 75) for n in (0, 1)]
    assert labels[0] == "1. 언제 내나요?"
    assert labels[1].startswith("2. 언제")
    assert labels[1].endswith("…")
    assert len(labels[1]) <= 75
    assert needs_list([Suggestion(1, "언제?", differing=("일본",))], 75)


def test_a_label_is_one_line_of_visible_characters():
    """Direction marks, zero-width characters and line breaks would spoil it; none is empty."""
    assert button_label([Suggestion(1, "언\u200b제\u202e\n\n내나요?")], 0, 75) == "언제 내나요?"
    assert button_label([Suggestion(1, "\u200b\u2060")], 0, 75).strip() == "1."
