"""What can go wrong with the database, as one line that says the way out."""


class StorageError(Exception):
    """Base of everything storage raises on purpose; ``str()`` is fit for a user's eyes."""


class GoneError(StorageError):
    """What something belongs to was removed meanwhile, as when a person is forgotten."""


class WithdrawnError(StorageError):
    """What an answer rests on was removed or changed while it was on its way."""


class InUseError(StorageError):
    """Another Reactune serves from this database."""
