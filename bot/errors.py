"""What can go wrong in the bot: raised where it is known, shown once at the edge."""


class SettingsError(Exception):
    """A setting is unknown or malformed; the text names it and says what it takes."""


class UnansweredError(Exception):
    """The engine failed on the question; the text is the apology with its reference."""


class FileError(Exception):
    """A file that somebody named cannot be read or written; the message says which and why."""


class RefusedError(Exception):
    """The question is not answered, and ``str()`` tells the asker why, in their language."""
