"""Examples as tokens: the prompt exactly as serving gives it to the model, then the answer."""

from dataclasses import dataclass
from typing import Any

from engine.model.prompt import PromptFormat, shrinking
from engine.training.examples import Example


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a prompt and its answer, which is the last ``answer`` of them."""

    example: Example
    ids: tuple[int, ...]
    answer: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def prompt(self) -> tuple[int, ...]:
        return self.ids[: -self.answer]

    @property
    def targets(self) -> tuple[int, ...]:
        return self.ids[-self.answer :]

    def answered_as(self, other: "Encoded") -> "Encoded":
        """This prompt with the answer of ``other``: the mismatched pair of KTO's KL estimate."""
        return Encoded(self.example, self.prompt + other.targets, other.answer)


@dataclass(frozen=True, slots=True)
class Encoder:
    """``ending``: id of the token after an answer. ``context``: tokens of a row at most."""

    tokenizer: Any
    format: PromptFormat
    ending: int
    context: int

    def __call__(self, example: Example) -> Encoded | None:
        """The row, its oldest recalled pairs dropped until it fits; None if it never does."""
        for prompt in shrinking(
            self.format,
            example.question,
            system=example.system,
            turns=example.recalled,
            language=example.language,
        ):
            asked, answer = self._tokens(prompt.text, self.format.continuation(example.answer))
            if len(asked) + len(answer) <= self.context:
                return Encoded(example, (*asked, *answer), len(answer))
        return None

    def _tokens(self, prompt: str, answer: str) -> tuple[list[int], list[int]]:
        """Serving's tokens of the prompt, and those that go on after them."""
        asked: list[int] = self.tokenizer(prompt)["input_ids"]
        both: list[int] = self.tokenizer(prompt + answer)["input_ids"]
        if both[: len(asked)] != asked:  # a token across the border, which serving never sees
            both = asked + self.tokenizer(answer, add_special_tokens=False)["input_ids"]
        return asked, [*both[len(asked) :], self.ending]
