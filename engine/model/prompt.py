"""The words that the model is asked with; serving and training both build them here.

A prompt never starts with the beginning-of-text token: every tokenizer adds its own.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LABELS = {"ko": ("질문:", "답:"), "en": ("Question:", "Answer:")}
# Everything that has no shape on a page: C0 and C1 controls but tab and newline, the marks that
# change writing direction (they can hide or reorder what a reader sees), lone surrogates.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_NEWLINES = re.compile("\r\n|\r|\u2028|\u2029|\x85")
_BLANK = re.compile(r"[\s\u115f\u1160\u3164\uffa0]")  # the last are Hangul fillers
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with the answer that was given."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Text to continue, the strings at which the continuation ends, and how many turns it holds."""

    text: str
    stop: tuple[str, ...] = ()
    turns: int = 0


def clean(text: str) -> str:
    """Text as it is stored, shown and asked: composed (NFC), without unprintable characters.

    Composing matters for Korean typed on a Mac, whose syllables may arrive as loose letters. Text
    in which nothing can be seen is empty.
    """
    text = _NEWLINES.sub("\n", text)
    text = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text)).strip()
    return text if any(map(str.isprintable, _BLANK.sub("", text))) else ""


@dataclass(frozen=True)
class PromptFormat:
    """How one base model wants to be asked, read from the model's own file."""

    chat_template: str | None = None
    bos: str = ""
    eos: str = ""
    control_tokens: frozenset[str] = frozenset()

    def render(
        self, question: str, *, system: str = "", turns: Sequence[Turn] = (), language: str = "ko"
    ) -> Prompt:
        """The prompt that asks ``question`` after ``turns`` (oldest first)."""
        question, system = self._plain(question), self._plain(system)
        turns = [Turn(self._plain(turn.question), self._plain(turn.answer)) for turn in turns]
        if self.chat_template is None:
            return _question_and_answer(question, system, turns, language)
        return self._chat(question, system, turns)

    def continuation(self, answer: str) -> str:
        """The text with which a model that gives ``answer`` goes on after a prompt of ``render``.

        What follows it is the token that ends an answer.
        """
        return self._plain(answer) if self.chat_template else f" {self._plain(answer)}"

    def _plain(self, text: str) -> str:
        """Text in which nothing is read as a control token, whoever typed it."""
        text = clean(text)
        if self.control_tokens:
            text = self._control_token.sub(lambda m: m[0][0] + _ZERO_WIDTH_SPACE + m[0][1:], text)
        return text

    @cached_property
    def _control_token(self) -> re.Pattern[str]:
        longest_first = sorted(self.control_tokens, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    def _chat(self, question: str, system: str, turns: Sequence[Turn]) -> Prompt:
        messages = []
        for turn in turns:
            messages.append({"role": "user", "content": turn.question})
            messages.append({"role": "assistant", "content": turn.answer})
        messages.append({"role": "user", "content": question})
        try:
            text = self._rendered([{"role": "system", "content": system}, *messages])
        except TemplateError:  # some templates refuse the system role: say it with the first words
            first = messages[0] | {"content": f"{system}\n\n{messages[0]['content']}"}
            text = self._rendered([first, *messages[1:]])
        return Prompt(text.removeprefix(self.bos), turns=len(turns))

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        if not messages[0]["content"]:
            messages = messages[1:]
        rendered: str = self._template.render(
            messages=messages,
            add_generation_prompt=True,
            bos_token=self.bos,
            eos_token=self.eos,
            tools=None,
        )
        return rendered

    @cached_property
    def _template(self) -> Any:
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _refuse
        return environment.from_string(self.chat_template or "")


def _refuse(reason: str) -> NoReturn:
    raise TemplateError(reason)


def _question_and_answer(
    question: str, system: str, turns: Sequence[Turn], language: str
) -> Prompt:
    ask, reply = LABELS[language]
    asked = [f"{ask} {turn.question}\n{reply} {turn.answer}" for turn in turns]
    parts = [system, *asked, f"{ask} {question}\n{reply}"]
    stop = tuple(f"\n{label}" for labels in LABELS.values() for label in labels)
    return Prompt("\n\n".join(part for part in parts if part), stop, len(turns))


def shrinking(
    prompt_format: PromptFormat,
    question: str,
    *,
    system: str = "",
    turns: Sequence[Turn] = (),
    language: str = "ko",
) -> Iterator[Prompt]:
    """The same question with ever less history, oldest turn dropped first; the last has none."""
    for start in range(len(turns) + 1):
        yield prompt_format.render(question, system=system, turns=turns[start:], language=language)
