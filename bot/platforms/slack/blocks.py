"""The blocks that messages on Slack are made of."""

import json
from collections.abc import Sequence
from typing import Any

from bot.messages import Suggestion
from bot.platforms.base import Choice, VersionAction
from bot.platforms.chat.choice_labels import button_label
from bot.platforms.chat.split_text import split
from bot.platforms.slack.text import clipped, escaped, harmless
from bot.texts import Language, say

STOP = "reactune_stop"
FEEDBACK = "reactune_feedback"
CORRECT = "reactune_correct"
APPROVE, REJECT = "reactune_approve", "reactune_reject"
GO_LIVE, ROLL_BACK = "reactune_go_live", "reactune_roll_back"
PICK, NONE, OTHER = "reactune_pick", "reactune_none_of_these", "reactune_not_my_question"
GOOD, BAD = "good", "bad"
HERE = "here"  # the place of a button that is about its own message
BUTTON_CHARS = 75
_SECTION_CHARS = 3000  # Slack's limit, and that of what can be typed into a form
Block = dict[str, Any]


def markdown(text: str) -> Block:
    """Slack renders Markdown itself here."""
    return {"type": "markdown", "text": harmless(text) if text.strip() else "…"}


def words(text: str) -> list[Block]:
    """Something that the bot itself says."""
    return [_section(clipped(escaped(text), _SECTION_CHARS))]


def plain(text: str) -> Block:
    """Words of which nothing is rendered, whoever wrote them."""
    shown = clipped(harmless(text), _SECTION_CHARS)
    return {"type": "section", "text": {"type": "plain_text", "text": shown}}


def long_words(text: str) -> list[Block]:
    """The same without a limit."""
    return [_section(piece) for piece in split(escaped(text), _SECTION_CHARS)]


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def notes(texts: Sequence[str]) -> list[Block]:
    """Small print under an answer."""
    elements = [
        {"type": "mrkdwn", "text": clipped(escaped(text), _SECTION_CHARS)} for text in texts
    ]
    return [{"type": "context", "elements": elements}] if elements else []


def stop_button(question: str, language: Language) -> Block:
    """Stops the answer to ``question``, a ts."""
    return {"type": "actions", "elements": [_button(STOP, "stop_button", question, language)]}


def correct_button(place: str, language: Language) -> Block:
    """Opens the form that asks what the answer at ``place`` should have said."""
    button = _button(CORRECT, "correct_button", place, language)
    return {"type": "actions", "elements": [button]}


def offer_buttons(offered: Sequence[Suggestion], language: Language) -> list[Block]:
    """One below the other: each known question, and none of these."""
    picks = [
        _labelled(PICK, button_label(offered, number, BUTTON_CHARS), str(suggestion.pair_id))
        for number, suggestion in enumerate(offered)
    ]
    none = _button(NONE, "none_of_these", NONE, language)
    return [{"type": "actions", "elements": [button]} for button in (*picks, none)]


def doubt_buttons(place: str, pair_id: int, language: Language) -> Block:
    """Below a 👎: the answer at ``place`` is wrong, or answers another question."""
    wrong = _button(CORRECT, "wrong_answer", place, language)
    value = json.dumps([*json.loads(place), pair_id])
    other = _button(OTHER, "not_my_question", value, language)
    return {"type": "actions", "elements": [wrong, other]}


def picked(action: str, value: str) -> Choice:
    """What the button of ``offer_buttons`` or ``doubt_buttons`` says that was pressed."""
    if action == NONE:
        return Choice("none_of_these")
    if action == OTHER:
        return Choice("not_my_question", int(json.loads(value)[-1]))
    return Choice("pick", int(value))


def review_buttons(correction: int, language: Language) -> Block:
    """An admin's two ways to decide."""
    approve = _button(APPROVE, "review_approve", str(correction), language)
    reject = _button(REJECT, "review_reject", str(correction), language)
    return {
        "type": "actions",
        "elements": [approve | {"style": "primary"}, reject | {"style": "danger"}],
    }


def choice_buttons(choices: Sequence[VersionAction], language: Language) -> list[Block]:
    """What an admin may do about a version."""
    elements = []
    for choice in choices:
        value = json.dumps([choice.domain, choice.version])
        approves = choice.kind == "approve"
        action = GO_LIVE if approves else ROLL_BACK
        button = _button(action, f"training_{choice.kind}", value, language)
        elements.append(button | {"style": "primary" if approves else "danger"})
    return [{"type": "actions", "elements": elements}] if elements else []


def chosen(action: str, value: str) -> VersionAction:
    """What the button of ``choice_buttons`` stands for that was pressed."""
    domain, version = json.loads(value)
    return VersionAction("approve" if action == GO_LIVE else "rollback", domain, version)


def correct_form(place: str, language: Language) -> Block:
    """The form itself, as a modal view; what was typed is ``typed``."""
    return {
        "type": "modal",
        "callback_id": CORRECT,
        "private_metadata": place,
        "title": _label("correct_button", language),
        "submit": _label("correct_send", language),
        "close": _label("correct_cancel", language),
        "blocks": [
            {
                "type": "input",
                "block_id": CORRECT,
                "optional": True,
                "label": _label("correct_ask", language),
                "element": {
                    "type": "plain_text_input",
                    "action_id": CORRECT,
                    "multiline": True,
                    "max_length": _SECTION_CHARS,
                },
            }
        ],
    }


def typed(view: Block) -> str:
    """What somebody wrote into the form."""
    values = (view.get("state") or {}).get("values") or {}
    return str((values.get(CORRECT) or {}).get(CORRECT, {}).get("value") or "").strip()


def feedback(language: Language) -> Block:
    """Two thumbs. The message that they are in says which answer is meant."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": _thumb("good_button", GOOD, language),
                "negative_button": _thumb("bad_button", BAD, language),
            }
        ],
    }


def _thumb(key: str, value: str, language: Language) -> Block:
    return {
        "text": _label(key, language),
        "accessibility_label": say(key, language),
        "value": value,
    }


def _button(action: str, key: str, value: str, language: Language) -> Block:
    return _labelled(action, say(key, language), value)


def _labelled(action: str, label: str, value: str) -> Block:
    text = {"type": "plain_text", "text": clipped(harmless(label), BUTTON_CHARS)}
    return {"type": "button", "action_id": action, "text": text, "value": value}


def _label(key: str, language: Language) -> Block:
    return {"type": "plain_text", "text": say(key, language)}
