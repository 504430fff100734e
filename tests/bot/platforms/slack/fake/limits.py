"""What the real Slack refuses or quietly spoils: every call of the bot is held against this."""

import re
from collections.abc import Iterator
from typing import Any

from tests.bot.platforms.slack.fake.views import view_violations

Args = dict[str, Any]

REQUIRED = {
    "auth.test": (),
    "apps.connections.open": (),
    "assistant.threads.setStatus": ("channel_id", "thread_ts", "status"),
    "chat.postMessage": ("channel", "text"),
    "chat.postEphemeral": ("channel", "user", "text"),
    "chat.update": ("channel", "ts", "text", "blocks"),
    "chat.delete": ("channel", "ts"),
    "chat.startStream": ("channel", "thread_ts", "recipient_team_id", "recipient_user_id"),
    "chat.appendStream": ("channel", "ts", "chunks"),
    "chat.stopStream": ("channel", "ts"),
    "conversations.replies": ("channel", "ts"),
    "conversations.history": ("channel",),
    "conversations.info": ("channel",),
    "files.completeUploadExternal": ("files", "channel_id"),
    "files.getUploadURLExternal": ("filename", "length"),
    "reactions.get": ("channel", "timestamp"),
    "users.conversations": ("types",),
    "users.info": ("user",),
    "views.open": ("trigger_id", "view"),
}
# Not every app has these; the others are checked when the bot starts.
NEEDS = {
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
}
_TEXT_CHARS = 4000  # chat.update refuses more
_MARKDOWN_CHARS = 12_000  # of all markdown blocks in a message together
_STREAM_BYTES = 10_600  # measured by others: streams refuse a little more than this
_PING = re.compile(r"<(?:@[UW]|#C|!(?:channel|here|everyone|subteam))", re.IGNORECASE)


def violations(method: str, args: Args) -> Iterator[str]:
    """Everything that is wrong with one call."""
    for name in REQUIRED.get(method, ()):
        if args.get(name) in (None, ""):
            yield f"{method} without {name}"
    if len(args.get("text") or "") > _TEXT_CHARS:
        yield f"{method}: text of {len(args['text'])} characters"
    if _PING.search(args.get("text") or ""):
        yield f"{method}: its text mentions somebody"
    if view := args.get("view"):
        yield from (f"{method}: {wrong}" for wrong in view_violations(view))
    blocks = args.get("blocks") or []
    if len(blocks) > 50:
        yield f"{method}: {len(blocks)} blocks"
    if sum(len(b["text"]) for b in blocks if b["type"] == "markdown") > _MARKDOWN_CHARS:
        yield f"{method}: too much Markdown"
    for block in blocks:
        yield from (f"{method}: {wrong}" for wrong in _block(block))
    for chunk in args.get("chunks") or []:
        yield from (f"{method}: {wrong}" for wrong in _chunk(chunk))


def stream_violations(text: str) -> Iterator[str]:
    """A streamed message as a whole."""
    if len(text.encode()) > _STREAM_BYTES:
        yield f"a stream of {len(text.encode())} bytes"
    if _PING.search(text):
        yield "a stream mentions somebody"


def _block(block: Args) -> Iterator[str]:
    kind = block["type"]
    if kind == "markdown":
        yield from _text(block["text"], _MARKDOWN_CHARS, kind)
    elif kind == "section":
        yield from _text(block["text"]["text"], 3000, kind)
    elif kind == "context":
        if not 1 <= len(block["elements"]) <= 10:
            yield f"context of {len(block['elements'])} elements"
        for element in block["elements"]:
            yield from _text(element["text"], 3000, kind)
    elif kind == "actions":
        for element in block["elements"]:
            yield from _button(element, element["action_id"])
    elif kind == "context_actions":
        for element in block["elements"]:
            for which in ("positive_button", "negative_button"):
                yield from _button(element[which], element["action_id"])
    else:
        yield f"a block of type {kind}"


def _chunk(chunk: Args) -> Iterator[str]:
    if chunk["type"] == "markdown_text":
        yield from _text(chunk["text"], _MARKDOWN_CHARS, "chunk")
    elif chunk["type"] == "blocks":
        for block in chunk["blocks"]:
            yield from _block(block)
    else:
        yield f"a chunk of type {chunk['type']}"


def _button(button: Args, action_id: str) -> Iterator[str]:
    yield from _text(button["text"]["text"], 75, "button")
    if button["text"]["type"] != "plain_text":
        yield "a button's text that is not plain"
    if not 1 <= len(button.get("value") or "") <= 2000:
        yield "a button's value"
    if not 1 <= len(action_id) <= 255:
        yield "an action_id"


def _text(text: str, limit: int, what: str) -> Iterator[str]:
    if not 1 <= len(text) <= limit:
        yield f"{what} of {len(text)} characters"
    if _PING.search(text):
        yield f"{what} mentions somebody"
