"""The header of a GGUF file: its metadata, and the names and shapes of its tensors.

The gguf package reads headers too, but takes ten seconds for a vocabulary of 262,144 tokens.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import ModelError

_STRING, _ARRAY = 8, 9
_ALIGNMENT = 32  # bytes, where the file does not say otherwise
_NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """``shapes`` are as GGUF has them: the first number is the length of a row. ``starts``: at
    which byte of the file each tensor begins."""

    metadata: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    starts: dict[str, int] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        return str(self.metadata["general.architecture"])

    def without_vocabulary(self) -> "GgufHeader":
        """The same without the tokens, which take 60 MB for a vocabulary of 262,144."""
        kept = {k: v for k, v in self.metadata.items() if not k.startswith("tokenizer.ggml.")}
        return GgufHeader(kept, self.shapes, self.starts)

    def number(self, name: str) -> int:
        """A metadata value of this architecture, such as ``block_count``."""
        return int(self.metadata[f"{self.architecture}.{name}"])


def read_header(path: Path) -> GgufHeader:
    """The header of the file at ``path``.

    Raises ModelError when it is not a whole GGUF file. It names the file and no setting: who calls
    knows where the file came from, and adds the way out.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ModelError(f"{path} is not a GGUF file")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _Reader(data).header()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    except _UnknownVersionError as error:
        raise ModelError(f"{path} is a GGUF file of {error}, which cannot be read") from error
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path} is damaged or cut short") from error


class _UnknownVersionError(Exception):
    """The format has a version that we do not know."""


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 4

    def header(self) -> GgufHeader:
        version = self._number("I")
        if version not in (2, 3):
            raise _UnknownVersionError(f"version {version}")
        tensors, pairs = self._number("Q"), self._number("Q")
        metadata = {self._string(): self._value(self._number("I")) for _ in range(pairs)}
        shapes, offsets = {}, {}
        for _ in range(tensors):
            name = self._string()
            shapes[name] = tuple(self._number("Q") for _ in range(self._number("I")))
            self._number("I")  # type
            offsets[name] = self._number("Q")
        if "general.architecture" not in metadata:
            raise IndexError("it does not say which kind of model it is")
        if self._at + max(offsets.values(), default=0) >= len(self._data):
            raise IndexError("the last tensor starts past the end of the file")
        alignment = int(metadata.get("general.alignment", _ALIGNMENT))
        begin = -(-self._at // alignment) * alignment  # of the numbers, after the header
        return GgufHeader(metadata, shapes, {name: begin + at for name, at in offsets.items()})

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            return self._number(_NUMBERS[kind])
        of, count = self._number("I"), self._number("Q")
        if of in (_STRING, _ARRAY):
            return [self._value(of) for _ in range(count)]
        layout = struct.Struct(f"<{count}{_NUMBERS[of]}")
        values = list(layout.unpack_from(self._data, self._at))
        self._at += layout.size
        return values

    def _number(self, code: str) -> Any:
        layout = struct.Struct(f"<{code}")
        (value,) = layout.unpack_from(self._data, self._at)
        self._at += layout.size
        return value

    def _string(self) -> str:
        size = self._number("Q")
        text = self._data[self._at : self._at + size]
        if len(text) < size:
            raise IndexError("string runs past the end of the file")
        self._at += size
        return text.decode()
