"""The blocks that messages on Slack are made of."""

from collections.abc import Sequence
from typing import Any

from bot.platforms.slack_text import escaped, harmless
from bot.texts import Language, say

STOP = "reactune_stop"
FEEDBACK = "reactune_feedback"
GOOD, BAD = "good", "bad"
Block = dict[str, Any]


def markdown(text: str) -> Block:
    """Slack renders Markdown itself here."""
    return {"type": "markdown", "text": harmless(text) if text.strip() else "…"}


def words(text: str) -> list[Block]:
    """Something that the bot itself says."""
    return [{"type": "section", "text": {"type": "mrkdwn", "text": escaped(text)}}]


def notes(texts: Sequence[str]) -> list[Block]:
    """Small print under an answer."""
    elements = [{"type": "mrkdwn", "text": escaped(text)} for text in texts]
    return [{"type": "context", "elements": elements}] if elements else []


def stop_button(question: str, language: Language) -> Block:
    """Stops the answer to ``question``, a ts."""
    button = {
        "type": "button",
        "action_id": STOP,
        "text": _label("stop_button", language),
        "value": question,
    }
    return {"type": "actions", "elements": [button]}


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


def _label(key: str, language: Language) -> Block:
    return {"type": "plain_text", "text": say(key, language)}
