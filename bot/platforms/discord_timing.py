"""How patient the bot is with Discord."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient we are, in seconds."""

    login: float = 30.0
    guilds: float = 2.0  # silence after which the list of servers is taken as complete
    heartbeat: float = 60.0  # without any sign from Discord: the connection is dead
    quiet: float = 300.0  # without any event: look whether we miss something
    identify: float = 5.0  # between sign-ins on one connection; Discord demands it
    reconnect: float = 30.0  # before signing in again where Discord closed for good
    between: float = 0.3  # between looks at the reactions of one answer and the next
