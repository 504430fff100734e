"""Reading the header of a GGUF file."""

import struct
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.model.base_model import fingerprint, gguf_prompt_format
from engine.model.gguf_header import read_header


def test_it_reads_what_the_gguf_package_wrote(tiny_gguf: Path):
    """Metadata, strings, arrays and tensor shapes."""
    header = read_header(tiny_gguf)
    assert header.architecture == "gemma3"
    assert header.number("block_count") > 0
    assert header.shapes["token_embd.weight"][1] == len(header.metadata["tokenizer.ggml.tokens"])


def test_it_knows_how_the_model_wants_to_be_asked(tiny_gguf: Path):
    """Control tokens, and no template where the model has none."""
    prompt_format = gguf_prompt_format(read_header(tiny_gguf))
    assert prompt_format.bos == "<bos>"
    assert prompt_format.chat_template is None
    assert "<end_of_turn>" in prompt_format.control_tokens


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a GGUF file"),
        (b"PK\x03\x04 a zip", "not a GGUF file"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 0), "damaged"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1), "damaged"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63), "damaged"),
    ],
)
def test_what_is_not_a_model_is_named(tmp_path: Path, content: bytes, complaint: str):
    """The error has the file's name and what is wrong with it, and blames no setting."""
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=complaint) as caught:
        read_header(path)
    assert str(path) in str(caught.value)
    assert "MODEL" not in str(caught.value)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_cut_short_is_damaged(tiny_gguf: Path, tmp_path: Path, share: float):
    """Wherever the download broke off."""
    whole = tiny_gguf.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelError, match="damaged"):
        read_header(path)


def test_a_missing_file_is_named(tmp_path: Path):
    """With the reason of the operating system."""
    with pytest.raises(ModelError, match=r"gone\.gguf cannot be read"):
        read_header(tmp_path / "gone.gguf")


def test_other_weights_have_another_fingerprint(tiny_gguf: Path, tmp_path: Path):
    """One byte is enough; a copy is the same."""
    copy = tmp_path / "copy.gguf"
    copy.write_bytes(tiny_gguf.read_bytes())
    assert fingerprint(copy) == fingerprint(tiny_gguf)
    changed = bytearray(copy.read_bytes())
    changed[-1] ^= 1
    copy.write_bytes(changed)
    assert fingerprint(copy) != fingerprint(tiny_gguf)
