"""What all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domains import Domain
from bot.label import Labeling
from bot.settings import Settings
from bot.texts import Language
from bot.web.knowledge import Knowledge
from bot.web.live import Live
from bot.web.starter import Starters
from bot.web.training_desk import TrainingDesk
from bot.web.watchers import Watchers
from storage.messages import Messages


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
