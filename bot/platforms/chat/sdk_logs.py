"""Keeps tracebacks of everyday trouble out of the SDKs' logs."""

import logging


class OneLineErrors(logging.Filter):
    """For a logger: ``errors`` are told by their message alone, since they come every day."""

    def __init__(self, *errors: type[BaseException]) -> None:
        super().__init__()
        self._errors = errors

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, self._errors):
            text = record.getMessage().partition("\n")[0]
            line = str(error) or type(error).__name__
            record.msg = text if line in text else f"{text}: {line}"
            record.args = None
            record.exc_info = None
        return True
