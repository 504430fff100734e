"""The pieces of a SentencePiece model file, read without its library.

Format: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_PIECES = 1  # the field of the model that is repeated once for each piece
_TEXT, _SCORE, _KIND = 1, 2, 3  # fields of a piece
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5  # how protobuf writes a value


class PieceKind(IntEnum):
    """SentencePiece's kinds, which llama.cpp numbers in the same way."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the vocabulary; its id is its place in the file."""

    text: str
    score: float
    kind: PieceKind


def read_pieces(path: Path) -> list[Piece]:
    """All pieces of the file in the order of their ids. Raises ValueError where it is damaged."""
    try:
        return [_piece(value) for number, value in _fields(path.read_bytes()) if number == _PIECES]
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from error


def _piece(data: bytes) -> Piece:
    fields = dict(_fields(data))
    (score,) = struct.unpack("<f", fields.get(_SCORE, bytes(4)))
    kind = _varint(fields[_KIND], 0)[0] if _KIND in fields else PieceKind.NORMAL
    return Piece(fields[_TEXT].decode(), score, PieceKind(kind))


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number of the field, its bytes) one after the other."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        begin, end = _extent(data, at, tag & 7)
        if end > len(data):
            raise IndexError("a field runs past the end of the file")
        yield tag >> 3, data[begin:end]
        at = end


def _extent(data: bytes, at: int, written: int) -> tuple[int, int]:
    """Where the value at ``at`` begins and ends."""
    if written == _VARINT:
        return at, _varint(data, at)[1]
    if written == _BYTES:
        size, at = _varint(data, at)
        return at, at + size
    if written in (_EIGHT_BYTES, _FOUR_BYTES):
        return at, at + (8 if written == _EIGHT_BYTES else 4)
    raise IndexError(f"a value is written in an unknown way ({written})")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """(the number at ``at``, where the next value begins)."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
