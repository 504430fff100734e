"""Cuts a long answer into messages that a platform takes, losing nothing."""

import re

_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*$", re.MULTILINE)


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most ``limit`` characters, cut between paragraphs, lines, sentences or words.

    A code block that is cut is closed in one piece and opened again, in the same language, in the
    next. Without the added fences and the white space at the cuts the pieces make up ``text``.
    """
    pieces: list[str] = []
    fence = ""
    while len(fence) + len(text) > limit:
        room = limit - len(fence)
        end = _cut(text, room)
        if opened := _open_fence(fence + text[:end]):
            end = _cut(text, room - len(opened) - 1)
            opened = _open_fence(fence + text[:end])
        piece = fence + text[:end].rstrip()
        mark = opened.split("\n")[0]
        pieces.append(f"{piece}\n{mark[: _mark_length(mark)]}" if opened else piece)
        text = text[end:].lstrip("\n") if opened else text[end:].lstrip()
        fence = opened
    if text or not pieces:
        pieces.append(fence + text)
    return pieces


def close_fence(text: str) -> str:
    """``text`` with the code block closed that it ends in, so that other text can follow."""
    opened = _open_fence(text)
    return f"{text}\n{opened[: _mark_length(opened)]}" if opened else text


def _cut(text: str, room: int) -> int:
    """Where to cut ``text`` so that the first part has at most ``room`` characters."""
    least = room // 2  # a boundary further up would waste the message
    for boundary in ("\n\n", "\n", ". ", " "):
        at = text.rfind(boundary, least, room)
        if at > 0:
            return at + len(boundary)
    return max(1, room)


def _open_fence(text: str) -> str:
    """The line that opened the code block which ``text`` ends in, with its newline; else ""."""
    opened = ""
    for match in _FENCE.finditer(text):
        line = match[0].strip()
        if not opened:
            opened = line
        elif line.startswith(opened[: _mark_length(opened)]) and not line.strip("`~"):
            opened = ""
    return f"{opened}\n" if opened else ""


def _mark_length(line: str) -> int:
    return len(line) - len(line.lstrip(line[0])) if line else 0
