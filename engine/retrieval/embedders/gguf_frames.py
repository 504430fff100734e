"""What is said over the pipes between us and the process that embeds: frames, whole or not at all.

A frame is a kind (one byte), a length (four bytes, little endian) and so many bytes.
"""

import struct
from typing import BinaryIO, Literal

Kind = Literal[b"T", b"V", b"F", b"R"]
TEXTS: Kind = b"T"  # to the process: a JSON list of texts
READY: Kind = b"R"  # from it, once: it has loaded the model; JSON, {"dimensions"}
VECTORS: Kind = b"V"  # from it: 32-bit floats, one row a text
FAILED: Kind = b"F"  # from it: the reason, UTF-8

_HEAD = struct.Struct("<cI")


def write_frame(stream: BinaryIO, kind: Kind, data: bytes) -> None:
    """Raises OSError where nobody reads any more."""
    stream.write(_HEAD.pack(kind, len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """(kind, data) of the next frame; None where the other side has ended."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    data = stream.read(length)
    return (kind, data) if len(data) == length else None
