"""What the bot says about a correction, cut for display: a message on Discord holds 2,000."""

from bot.feedback.corrections import Decision
from bot.texts import Language, say
from storage.corrections import Correction

_QUESTION, _ANSWER, _TEXT = 250, 350, 900


def thanks(correction: Correction, language: Language) -> str:
    return say(f"correction_{correction.standing}", language, text=_cut(correction.text, _TEXT))


def shown_by(correction: Correction, who: str, language: Language) -> str:
    """A correction that came by the form, for everybody to see and to vote on."""
    key = f"correction_by_{correction.standing}"
    return say(key, language, who=who, text=_cut(correction.text, _TEXT))


def review_words(correction: Correction, language: Language) -> str:
    """What an admin reads above the buttons that approve and reject."""
    return say(
        "review_correction",
        language,
        question=_cut(correction.question, _QUESTION),
        answer=_cut(correction.answer, _ANSWER),
        text=_cut(correction.text, _TEXT),
        person=correction.person,
    )


def contested_words(correction: Correction, language: Language) -> str:
    """What the thanks say when somebody is against a correction that counted until then."""
    return say("correction_contested", language, text=_cut(correction.text, _TEXT))


def decided_words(decision: Decision, language: Language) -> str:
    """What the thanks for a correction say once it no longer waits."""
    web = decision.by.startswith("web:")  # a browser has no name that tells anybody anything
    who = decision.name or (say("reviewer_on_web", language) if web else decision.by)
    key = f"correction_was_{decision.ruling}"
    return say(key, language, by=who, text=_cut(decision.correction.text, _TEXT))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
