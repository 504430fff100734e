"""What all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domains import Domain
from bot.feedback.corrections import Correcting
from bot.feedback.labels import Labeling
from bot.knowledge.importing import Teacher
from bot.knowledge.packs import Starters
from bot.knowledge.retriever import Recall
from bot.platforms.web.running_answers import Live
from bot.platforms.web.training_data import TrainingDesk
from bot.settings import Settings
from bot.subscribers import Watchers
from bot.texts import Language
from storage.conversations import Messages
from storage.corrections import Corrections
from storage.pairs import Pairs
from storage.personal_data import People


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Parts of the application that go together wherever people teach the bot."""

    pairs: Pairs
    recall: Recall
    corrections: Corrections
    correcting: Correcting
    people: People
    teacher: Teacher


@dataclass(frozen=True, slots=True)
class Chat:
    """One for the whole server. ``changes`` tells the id of a reply whose corrections changed.

    ``training`` None: nothing is trained here.
    """

    settings: Settings
    live: Live
    messages: Messages
    labeling: Labeling
    domains: Mapping[str, Domain]
    knowledge: Knowledge
    starters: Starters
    changes: Watchers[int]
    training: TrainingDesk

    def domain(self, name: str) -> Domain:
        """The domain of that name; it can be taken away while talks about it stay."""
        return self.domains.get(name) or self.domains[self.settings.domain]

    async def correct(self, reply_id: int, person: str, text: str, language: Language) -> None:
        """Take a correction and show it in every tab. Raises RefusedError and StorageError."""
        await self.knowledge.correcting.correct(reply_id, person, text, language)
        self.changes.tell(reply_id)
