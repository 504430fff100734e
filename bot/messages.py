"""The words that platforms and application share; no platform's own types appear here."""

from dataclasses import dataclass
from typing import Literal, Self

from storage.labels import Subject
from storage.pairs import Pair

Status = Literal["done", "stopped", "failed", "abstained"]
Outcome = Literal["verified", "suggested", "unverified", "abstained"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where: decides which known questions may be shown. Empty: nobody we know."""

    person: str = ""
    platform: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A question: who asks where. ``thread`` names the conversation within the channel.

    ``message`` is the platform's name of what was posted; ``events`` are all names under which the
    platform may deliver it, each question being answered once. ``roles`` are the asker's.
    ``about``: the message that this one replies to, if the platform says.
    ``parent``: the channel that ``channel`` hangs in, where a thread is a channel of its own.
    """

    platform: str
    channel: str
    thread: str
    user: str
    text: str
    domain: str
    message: str | None = None
    events: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    parent: str | None = None
    about: str | None = None

    @property
    def person(self) -> str:
        """One person on one platform, as stored with what they say and think."""
        return f"{self.platform}:{self.user}"

    @property
    def asker(self) -> Asker:
        return Asker(self.person, self.platform, self.channel)


@dataclass(frozen=True, slots=True)
class Source:
    """An approved pair behind an answer. ``name``: what the pair rests on; ``as_of``: the date as
    of which it holds. Both may be empty.

    ``similar``: its question is another one than was asked; ``question``: the pair's, where
    everybody may read it. ``from_people``: people approved it by reactions or a correction; else
    it was taught.
    """

    name: str
    similar: bool = False
    question: str = ""
    as_of: str = ""
    from_people: bool = False

    @classmethod
    def of(cls, pair: Pair, *, same: bool) -> Self:
        """``same``: the pair's question is the one that was asked. What somebody asked elsewhere
        may be private; what was taught is not."""
        question = pair.question if pair.taught else ""
        return cls(pair.source, not same, question, pair.as_of, from_people=not pair.taught)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known question that may be the one that was meant. ``differing``: its words, and words that
    were asked, that speak against it."""

    pair_id: int
    question: str
    source: str = ""
    as_of: str = ""
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Whose word an answer is that too few others have approved. ``person``: None where it is the
    bot's own, and somebody liked it; ``since``: the day, YYYY-MM-DD."""

    person: str | None
    since: str

    @classmethod
    def of(cls, pair: Pair) -> Self:
        return cls(pair.person, pair.since[:10])


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that has ended and is stored. ``verified``: approved knowledge stands behind it,
    the ``sources``. ``suggestions``: known questions that are offered in place of an answer.
    ``said_by``: one person says so, and nobody has approved it."""

    id: int
    question_id: int
    text: str
    status: Status
    verified: bool
    sources: tuple[Source, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    said_by: OnePerson | None = None

    @property
    def outcome(self) -> Outcome:
        """Approved words, a choice of known questions, the model's own words, or none."""
        if self.suggestions:
            return "suggested"
        if self.status == "abstained":
            return "abstained"
        return "verified" if self.verified else "unverified"


@dataclass(frozen=True, slots=True)
class Reaction:
    """A person put an emoji on a reply or a correction, or took it off.

    ``at``: when, in seconds since 1970 (None: now). ``roles``: what the person has on the platform.
    """

    subject: Subject
    person: str
    emoji: str
    added: bool
    at: float | None = None
    roles: frozenset[str] = frozenset()


def voice_of(person: str) -> str:
    """As whom somebody counts: anybody may open a second browser, so that browsers without a name
    have one voice together."""
    return "web:" if person.startswith("web:") else person
