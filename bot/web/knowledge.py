"""What people know and say about answers, as far as the web page deals with it."""

from dataclasses import dataclass

from bot.correct import Correcting
from bot.recall import Recall
from bot.teach import Teacher
from storage.corrections import Corrections
from storage.pairs import Pairs
from storage.people import People


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Parts of the application that go together wherever people teach the bot."""

    pairs: Pairs
    recall: Recall
    corrections: Corrections
    correcting: Correcting
    people: People
    teacher: Teacher
