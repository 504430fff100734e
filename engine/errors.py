"""What can go wrong in the engine, each as one line that says the way out."""


class EngineError(Exception):
    """Base of everything the engine raises on purpose; ``str()`` is fit for a user's eyes.

    ``status``: exit status of a process that ends with it. ``name``: the same in a word.
    """

    status = 1
    name = "error"


class ModelError(EngineError):
    """The base model cannot be found, read or loaded."""


class MemoryShortError(ModelError):
    """There is not enough memory for what was asked; says how much is missing."""

    status = 7
    name = "memory"


class CancelledError(EngineError):
    """The work was told to stop and left nothing behind that counts."""

    status = 5
    name = "cancelled"


class DivergedError(EngineError):
    """Training went wrong in a way that more training will not mend."""

    status = 6
    name = "diverged"


class AdapterError(EngineError):
    """An adapter version cannot be served: unknown, damaged, or trained on another base."""


class MethodNotServedError(EngineError):
    """The chosen engine cannot serve adapters of this method."""


class PromptTooLongError(EngineError):
    """The question alone is longer than the context has room for."""

    def __init__(self, tokens: int, limit: int) -> None:
        super().__init__(f"the question has {tokens} tokens; at most {limit} fit")
        self.tokens = tokens
        self.limit = limit


class BusyError(EngineError):
    """The queue is full; ``position`` is the place this request would have had in it."""

    def __init__(self, position: int) -> None:
        super().__init__(f"the engine is busy: {position - 1} questions are waiting already")
        self.position = position
