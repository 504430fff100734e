"""Rules that a test makes up."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.judgement import Judgement, ReplyFeedback


@dataclass(frozen=True)
class FakeJudge:
    """``rule`` decides; a question is its own normal form."""

    rule: Callable[[ReplyFeedback], Judgement]

    def key_of(self, question: str) -> str:
        return question

    def __call__(self, feedback: ReplyFeedback) -> Judgement:
        return self.rule(feedback)


NOTHING = FakeJudge(lambda _: Judgement(None, disputed=False))
