"""Forms on the fake Slack: opened by a trigger that is good once and for three seconds."""

import time
from collections.abc import Iterator
from typing import Any

Args = dict[str, Any]
TRIGGER_S = 3.0


class ViewRefusedError(Exception):
    """Why a form was not opened."""


class Views:
    """``opened`` are the forms that people have before them."""

    def __init__(self) -> None:
        self.opened: list[Args] = []
        self.triggers: dict[str, float] = {}

    def trigger(self, name: str) -> str:
        """Somebody has clicked."""
        self.triggers[name] = time.monotonic()
        return name

    def open(self, args: Args) -> Args:
        clicked = self.triggers.pop(args["trigger_id"], None)
        if clicked is None or time.monotonic() - clicked > TRIGGER_S:
            raise ViewRefusedError("expired_trigger_id")
        view = {"id": f"V{len(self.opened) + 1}", "hash": "h", **args["view"]}
        self.opened.append(view)
        return {"view": view}


def filled(view: Args, text: str) -> Args:
    """The form as Slack sends it with ``text`` in its one field."""
    (block,) = view["blocks"]
    value = {"type": "plain_text_input", "value": text or None}
    values = {block["block_id"]: {block["element"]["action_id"]: value}}
    return view | {"state": {"values": values}}


def view_violations(view: Args) -> Iterator[str]:
    """What Slack would refuse."""
    if len(view["private_metadata"]) > 3000:
        yield "private_metadata is too long"
    for part in ("title", "submit", "close"):
        if view[part]["type"] != "plain_text" or not 1 <= len(view[part]["text"]) <= 24:
            yield f"the form's {part}"
    for block in view["blocks"]:
        if block["type"] != "input" or not 1 <= len(block["label"]["text"]) <= 2000:
            yield "a block of the form"
        if not 1 <= block["element"]["max_length"] <= 3000:
            yield "the length of a field"
