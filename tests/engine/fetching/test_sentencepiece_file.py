"""A vocabulary is read as SentencePiece wrote it."""

import struct
from pathlib import Path

import pytest

from engine.fetching.sentencepiece_file import Piece, PieceKind, read_pieces


def field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2, len(data)]) + data


def piece(text: str, score: float, kind: int | None) -> bytes:
    data = field(1, text.encode()) + bytes([2 << 3 | 5]) + struct.pack("<f", score)
    return field(1, data + (bytes([3 << 3, kind]) if kind else b""))


def test_pieces_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """With text, score and kind; what else the file says is passed over."""
    path = tmp_path / "tokenizer.model"
    path.write_bytes(piece("<pad>", 0, 3) + piece("▁세금", -1.5, None) + field(2, b"trainer"))
    assert read_pieces(path) == [
        Piece("<pad>", 0, PieceKind.CONTROL),
        Piece("▁세금", -1.5, PieceKind.NORMAL),
    ]


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    """By name."""
    path = tmp_path / "tokenizer.model"
    path.write_bytes(piece("<pad>", 0, 3)[:-3])
    with pytest.raises(ValueError, match=r"tokenizer\.model is damaged"):
        read_pieces(path)
