"""Files on the fake Slack: an address is asked for, bytes go there, then the file is shared."""

import itertools
from dataclasses import dataclass
from typing import Any

Args = dict[str, Any]


class UploadRefusedError(Exception):
    """Slack's word for why a file is not shared."""


@dataclass
class Upload:
    name: str
    length: int
    alt: str
    content: bytes = b""
    complete: bool = False


class Uploads:
    """``files`` by the id that Slack gave each."""

    def __init__(self) -> None:
        self.files: dict[str, Upload] = {}
        self._numbers = itertools.count(1)

    def announce(self, args: Args) -> str:
        """Somebody is going to send a file; its id."""
        number = f"F{next(self._numbers):08d}"
        self.files[number] = Upload(args["filename"], int(args["length"]), args.get("alt_txt", ""))
        return number

    def receive(self, number: str, content: bytes) -> bool:
        """The bytes have come; whether they are as many as announced."""
        self.files[number].content = content
        return len(content) == self.files[number].length

    def share(self, listed: list[Args]) -> list[Args]:
        """The files as a message carries them; each can be shared once, when it is there."""
        for file in listed:
            upload = self.files.get(file["id"])
            if upload is None or not upload.content or upload.complete:
                raise UploadRefusedError("file_not_found")
            upload.complete = True
        return [{"id": f["id"], "title": f.get("title"), "mimetype": "image/png"} for f in listed]
