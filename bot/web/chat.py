"""What all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domains import Domain
from bot.label import Labeling
from bot.settings import Settings
from bot.web.live import Live
from storage.messages import Messages


@dataclass(frozen=True, slots=True)
class Chat:
    """One for the whole server."""

    settings: Settings
    live: Live
    messages: Messages
    labeling: Labeling
    domains: Mapping[str, Domain]
