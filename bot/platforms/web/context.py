"""What all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.access import REVIEWER
from bot.answering.choices import ChoiceService
from bot.domains import Domain
from bot.feedback.corrections import CorrectionService
from bot.feedback.labels import LabelService
from bot.knowledge.packs import StarterPacks
from bot.knowledge.retriever import Retriever
from bot.platforms.web.picking import Picking
from bot.platforms.web.running_answers import RunningAnswers
from bot.platforms.web.training_data import TrainingDashboard
from bot.settings import Settings
from bot.subscribers import Subscribers
from bot.texts import Language
from storage.conversations import Conversations
from storage.corrections import Corrections
from storage.pairs import Pairs
from storage.personal_data import PersonalData


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Parts of the application that go together wherever people teach the bot."""

    pairs: Pairs
    retriever: Retriever
    corrections: Corrections
    correction_service: CorrectionService
    people: PersonalData
    starters: StarterPacks


@dataclass(frozen=True, slots=True)
class WebContext:
    """One for the whole server. ``changes`` tells the id of a reply that changed, or whose
    corrections did. ``reviewing``: browsers that have signed in to review."""

    settings: Settings
    running: RunningAnswers
    conversations: Conversations
    label_service: LabelService
    choices: ChoiceService
    picking: Picking
    domains: Mapping[str, Domain]
    knowledge: Knowledge
    changes: Subscribers[int]
    training: TrainingDashboard
    reviewing: set[str] = field(default_factory=set)

    def note_reviewing(self, person: str, signed_in: bool) -> None:
        """``person`` has opened a page, and has ``signed_in`` to review or not."""
        if signed_in:
            self.reviewing.add(person)
        else:
            self.reviewing.discard(person)

    def roles(self, person: str) -> frozenset[str]:
        """What the browser ``person`` may do beyond asking."""
        return frozenset({REVIEWER} if person in self.reviewing else ())

    def domain(self, name: str) -> Domain:
        """The domain of that name; it can be taken away while talks about it stay."""
        return self.domains.get(name) or self.domains[self.settings.domain]

    async def correct(self, reply_id: int, person: str, text: str, language: Language) -> None:
        """Take a correction and show it in every tab. Raises RefusedError and StorageError."""
        await self.knowledge.correction_service.correct(
            reply_id, person, text, language, self.roles(person)
        )
        self.changes.tell(reply_id)
