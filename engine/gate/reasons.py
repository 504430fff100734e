"""Why the gate decided as it did: a key and values for any language, and the English words."""

from collections.abc import Mapping
from dataclasses import dataclass

# Of the values, ``gain`` and ``loss`` are in nats per token of the answer.
ENGLISH = {
    "golden": "{lost} golden question(s) turned from right to wrong, first: {first}",
    "drift": "it strayed too far from the base model: KL {kl:.3f}, at most {cap:.3f} is allowed",
    "too_few": "only {groups} held-out questions; at least {needed} are needed to judge",
    "worse": "it is worse on {groups} held-out questions by {loss:.3f} on average (p = {p:.2g})",
    "unclear": "no clear gain on {groups} held-out questions: {gain:+.3f} on average, p = {p:.2g}, "
    "but {alpha:.2g} or less is needed in this round",
    "tail": "the gain is real for most but one question got much worse, by {loss:.3f}: {group}; "
    "the others together gained {ratio:.1f} times as much and {needed:.1f} times is needed",
    "canary": "it cannot be served: asked {question!r} it said nothing ({error})",
    "forgotten": "the version in use has learned from somebody who is forgotten, and must go",
    "forgotten_meanwhile": "the candidate has learned from somebody who is forgotten by now",
    "failed": "the round ended without a verdict: {error}",
    "better": "better on {groups} held-out questions by {gain:.3f} on average "
    "(p = {p:.2g}, {alpha:.2g} or less was needed)",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``str()`` says it in English. See docs/gate.md for every key in plain words."""

    key: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return ENGLISH[self.key].format_map(self.values)
