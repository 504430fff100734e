"""What Discord, and we ourselves, demand of every call; breaches are collected for the tests."""

import time
from typing import Any

from tests.bot.platforms.discord.fake.world import Payload

MAX_CONTENT, MAX_NONCE, MAX_CUSTOM_ID, MAX_LABEL = 2000, 25, 100, 80
TOLERANCE = 0.9  # clocks are granted a tenth


class Rules:
    """``breaches`` must be empty when a test ends."""

    def __init__(self) -> None:
        self.breaches: list[str] = []
        self.edit_every_s = 1.0  # of one message, as we promise
        self._edited: dict[str, float] = {}
        self._nonces: dict[str, str] = {}

    def message(self, body: Payload) -> None:
        """A new message in a channel."""
        self.content(body)
        nonce = str(body.get("nonce", ""))
        if not 1 <= len(nonce) <= MAX_NONCE or body.get("enforce_nonce") is not True:
            self.breach(f"a post must carry an enforced nonce, not {nonce!r}")
        if self._nonces.setdefault(nonce, body["content"]) != body["content"]:
            self.breach(f"nonce {nonce} was used for another text")

    def content(self, body: Payload) -> None:
        text = body.get("content")
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_CONTENT:
            size = len(text) if isinstance(text, str) else None
            self.breach(f"content must have 1 to {MAX_CONTENT} characters, not {size}")
        self._nobody_is_pinged(body)
        self._components(body.get("components") or [])

    def edit(self, message: str, body: Payload) -> None:
        if "content" in body:
            self.content(body)
        self._components(body.get("components") or [])
        before, self._edited[message] = self._edited.get(message), time.monotonic()
        if before and self._edited[message] - before < self.edit_every_s * TOLERANCE:
            self.breach(f"edited again after {self._edited[message] - before:.2f} s")

    def command(self, body: Payload) -> None:
        if not 1 <= len(body["name"]) <= 32 or not 1 <= len(body["description"]) <= 100:
            self.breach(f"command {body['name']}: name or description has the wrong length")
        for option in body.get("options") or []:
            if not 1 <= len(option["name"]) <= 32 or not 1 <= len(option["description"]) <= 100:
                self.breach(f"command {body['name']}: an option's name or description")

    def private(self, body: Payload) -> None:
        """An answer to a button or command, for one person's eyes."""
        if not body.get("flags", 0) & 64:
            self.breach("an answer to a press or command must be ephemeral")

    def form(self, body: Payload) -> None:
        """A modal with one field below its label."""
        if len(body["title"]) > 45 or not 0 < len(body["custom_id"]) <= MAX_CUSTOM_ID:
            self.breach("the form's title or custom id is too long")
        for label in body["components"]:
            if label["type"] != 18 or len(label["label"]) > 45:
                self.breach(f"a form's part must be a short label, not {label}")
            if label["component"]["type"] != 4 or label["component"]["max_length"] > 4000:
                self.breach("a form's field holds at most 4000 characters")

    def breach(self, text: str) -> None:
        self.breaches.append(text)

    def _nobody_is_pinged(self, body: Payload) -> None:
        allowed: Any = body.get("allowed_mentions")
        if not isinstance(allowed, dict) or allowed.get("parse") != []:
            self.breach(f"allowed_mentions must parse nothing: {allowed}")
        elif allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
            self.breach(f"allowed_mentions lets somebody be pinged: {allowed}")

    def _components(self, rows: list[Payload]) -> None:
        names = [button["custom_id"] for row in rows for button in row["components"]]
        if len(rows) > 5 or any(len(row["components"]) > 5 for row in rows):
            self.breach("at most 5 rows of 5 buttons")
        if len(set(names)) < len(names) or not all(0 < len(n) <= MAX_CUSTOM_ID for n in names):
            self.breach(f"custom ids must be unique and short: {names}")
        for row in rows:
            for button in row["components"]:
                if len(button.get("label") or "") > MAX_LABEL:
                    self.breach("a label has at most 80 characters")
