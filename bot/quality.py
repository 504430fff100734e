"""What people's verdicts and corrections say about an answer. Pure: opinions in, judgement out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from storage.opinions import Approved, Judge, Judgement, Opinions, Proposal, Verdict

# How well a pair is supported, by where it comes from; within each, votes decide. Taught: 2 to 3.
# A correction of an answer that was quoted stands one above what it corrects, a correction of that
# one more: who objects to the newer one brings back the older.
_VOTED, _RULED, _CORRECTED = 1.0, 3.5, 4.0
_FOLLOW_UP = re.compile(
    r"^\s*(그럼|그러면|그런데|그건|그것|그거|그 |이건|이것|저건|그리고|그래서|왜|더 |또 |방금|아까|"
    r"위 |해당|(then|and|but|so|why|what about|how about)\b)"
    r"|\b(that|it|this|those|these|they)\b",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"(은|는|이|가|을|를|의|에|도|로|으로|에서|에게|와|과|만|란|이란)?[?.!,]*$")
# Tokens that name no topic: verbs and adjectives by their endings, and words of asking.
_NO_TOPIC = re.compile(
    r".*(요|까|다|지|죠|면|서|한|된|할|해|려고|나|니)$|(언제|얼마|무엇|어디|어떻|지금|여기).*"
)
_LEAST_TOPIC = {"ko": 3, "latin": 4}


def judge_by(key_of: Callable[[str], str], disagreement: float) -> Judge:
    """The rules by which a reply becomes knowledge.

    ``key_of`` gives a question's normal form. Verdicts that lie more than ``disagreement`` apart
    make the reply, or its correction, disputed.
    """

    def judge(opinions: Opinions) -> Judgement:
        split = spread(opinions.verdicts) > disagreement
        if opinions.ruling is not None:  # decided, until people see it otherwise again
            wanted = 1 if opinions.ruling == "approved" else -1
            disputed = any(v.score * wanted < 0 for v in opinions.since)
        else:
            opposed = any(v.score < 0 for v in opinions.verdicts)
            disputed = split or (opposed and (opinions.taught or opinions.borrowed))
        contested = tuple(
            c.id
            for c in opinions.corrections
            if not c.decided and spread(c.verdicts) > disagreement
        )
        if not stands_alone(opinions.question, opinions.place):
            return Judgement(None, disputed, contested)
        standing = [
            c for c in opinions.corrections if c.id not in contested and score(c.verdicts) >= 0
        ]
        found = (
            _corrected(standing, opinions.quotes) if standing else _answered(opinions, split=split)
        )
        if found is None:
            return Judgement(None, disputed, contested)
        answer, support, person, worth = found
        key = key_of(opinions.question)
        return Judgement(Approved(key, answer, worth, support, person), disputed, contested)

    return judge


def _corrected(standing: Sequence[Proposal], quotes: int) -> tuple[str, float, str | None, float]:
    """The correction that others think best of; of equals the latest."""
    best = max(standing, key=lambda c: (len(c.verdicts) * score(c.verdicts), c.id))
    return best.text, _CORRECTED + quotes + _votes(best.verdicts), best.person, 1.0


def _answered(opinions: Opinions, *, split: bool) -> tuple[str, float, str | None, float] | None:
    """The bot's own answer: approved by someone and opposed by nobody, or by a ruling.

    A copy of what is known already is no new knowledge: it would outlive its source.
    """
    told = opinions.status == "done" and opinions.answer.strip() and not opinions.copied
    if not told or opinions.ruling == "rejected":
        return None
    if opinions.ruling == "approved":
        return opinions.answer, _RULED, None, 1.0
    worth = score(opinions.verdicts)
    if split or worth <= 0 or min(v.score for v in opinions.verdicts) < 0:
        return None
    return opinions.answer, _VOTED + _votes(opinions.verdicts), None, worth


def _votes(verdicts: Sequence[Verdict]) -> float:
    """From 0 (nobody) towards 1 (many approve)."""
    approve = sum(v.score for v in verdicts)
    return max(0.0, approve) / (1 + max(0.0, approve))


def score(verdicts: Sequence[Verdict], weights: Mapping[str, float] | None = None) -> float:
    """The quality score: the mean of the verdicts, weighted by person; 0 without any."""
    weight = [1.0 if weights is None else weights.get(v.person, 1.0) for v in verdicts]
    total = sum(weight)
    if not total:
        return 0.0
    return sum(w * v.score for w, v in zip(weight, verdicts, strict=True)) / total


def spread(verdicts: Iterable[Verdict]) -> float:
    """How far the two most different verdicts lie apart."""
    scores = [v.score for v in verdicts]
    return max(scores) - min(scores) if scores else 0.0


def person_weights(counts: Mapping[str, float], most: float) -> Mapping[str, float]:
    """How much each label of a person counts, so that nobody has more than ``most`` of the whole.

    ``counts``: labels by person, or what they are worth together; weights lie in (0, 1]. Who would
    exceed the share is brought down to it, one after the other (the shares of those left rise by
    that). Where there are too few people for anybody to stay below, all count the same.
    """
    people = sorted((p for p in counts if counts[p] > 0), key=lambda p: (-counts[p], p))
    if len(people) * most <= 1:
        least = min((counts[p] for p in people), default=1)
        return {person: least / counts[person] for person in people}
    for capped in range(len(people)):
        rest = sum(counts[person] for person in people[capped:])
        # ``capped`` people hold ``most`` each; the others, uncapped, hold what is left.
        bound = most * rest / (1 - capped * most)
        if counts[people[capped]] <= bound * (1 + 1e-12):
            return {
                person: bound / counts[person] if place < capped else 1.0
                for place, person in enumerate(people)
            }
    return {}  # nobody


def approval(verdicts: Sequence[tuple[str, int, int]], most: float) -> float | None:
    """Share of verdicts that approve, nobody counting for more than ``most``; None without any.

    ``verdicts``: (person, how many approve, how many oppose).
    """
    weights = person_weights({person: up + down for person, up, down in verdicts}, most)
    whole = sum(weights[person] * (up + down) for person, up, down in verdicts)
    return sum(weights[person] * up for person, up, _ in verdicts) / whole if whole else None


def stands_alone(question: str, place: int) -> bool:
    """The question can be understood without what was said before it in the conversation: it is
    the first one, or names a topic and points back to nothing."""
    if place == 0:
        return True
    return not _FOLLOW_UP.search(question) and any(map(_is_topic, question.split()))


def _is_topic(token: str) -> bool:
    bare = _PARTICLE.sub("", token)
    least = _LEAST_TOPIC["latin" if bare.isascii() else "ko"]
    return len(bare) >= least and not _NO_TOPIC.fullmatch(bare) and not bare.isdigit()
