"""EmbeddingGemma's own weights → one GGUF file in 8 bit, as llama.cpp's converter writes it.

Needs neither torch nor transformers: tensors are read and rounded a few rows at a time, so that the
1.2 GB of weights take about 350 MB of memory.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fetching.sentencepiece_file import PieceKind, read_pieces

WEIGHTS = "model.safetensors"
DENSE = {"dense_2": "2_Dense/model.safetensors", "dense_3": "3_Dense/model.safetensors"}
VOCABULARY, SPECIAL_TOKENS = "tokenizer.model", "tokenizer_config.json"
PARTS = (WEIGHTS, *DENSE.values(), VOCABULARY, SPECIAL_TOKENS)

_NAME = "embeddinggemma-300m"
_LAYERS, _WIDTH, _HEADS, _HEAD_WIDTH = 24, 768, 3, 256
_FEED_FORWARD, _CONTEXT, _WINDOW = 1152, 2048, 512
_PAD, _EOS, _BOS, _UNKNOWN = 0, 1, 2, 3
_MASK = "<mask>"  # not marked as special in the file, and never part of a text
_ADDED_SCORE = -1000.0  # tokens that stand beside the pieces are never merged from smaller ones
_ROWS = 8192  # that are rounded at a time: 25 MB
_Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Tensor:
    """One tensor of the GGUF file and where its numbers come from."""

    name: str
    source: Any  # of safetensors: an open file
    key: str
    shape: tuple[int, ...]

    @property
    def rounded(self) -> bool:
        """Matrices are kept in 8 bit, vectors as they are."""
        return len(self.shape) == 2


def write_gguf(parts: Path, target: Path) -> None:
    """Write the model whose PARTS lie in the folder ``parts`` to ``target``.

    Raises ValueError where a part is damaged or of another model, OSError where writing fails.
    """
    import gguf
    from safetensors import SafetensorError, safe_open

    writer = gguf.GGUFWriter(path=None, arch="gemma-embedding")
    try:
        with safe_open(parts / WEIGHTS, "numpy") as weights:
            dense = {name: safe_open(parts / file, "numpy") for name, file in DENSE.items()}
            tensors = [*_body(weights), *_dense(dense)]
            _describe(writer, tensors)
            _add_vocabulary(writer, parts)
            _write(writer, tensors, target)
    except (SafetensorError, KeyError) as error:
        raise ValueError(f"the weights of {_NAME} are damaged: {error}") from error
    finally:
        writer.close()


def _body(weights: Any) -> Iterator[_Tensor]:
    import gguf

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.GEMMA_EMBEDDING, _LAYERS)
    for key in sorted(weights.keys()):
        name = names.get_name(f"model.{key}", try_suffixes=(".weight",))
        if name is None:
            raise ValueError(f"{key} is no tensor of {_NAME}")
        yield _Tensor(name, weights, key, tuple(weights.get_slice(key).get_shape()))


def _dense(files: dict[str, Any]) -> Iterator[_Tensor]:
    """The two layers after the mean, without which the vectors are others."""
    for name, file in files.items():
        shape = tuple(file.get_slice("linear.weight").get_shape())
        yield _Tensor(f"{name}.weight", file, "linear.weight", shape)


def _describe(writer: Any, tensors: list[_Tensor]) -> None:
    import gguf

    writer.add_type("model")
    writer.add_name(_NAME)
    writer.add_license("gemma")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(_HEAD_WIDTH)
    writer.add_value_length(_HEAD_WIDTH)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_rope_freq_base_swa(1e4)
    writer.add_sliding_window(_WINDOW)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    for tensor in tensors:
        if tensor.source is not tensors[0].source:
            wide, narrow = tensor.shape[1], tensor.shape[0]
            writer.add_dense_features_dims(tensor.name.removesuffix(".weight"), wide, narrow)


def _add_vocabulary(writer: Any, parts: Path) -> None:
    pieces = read_pieces(parts / VOCABULARY)
    texts = [piece.text for piece in pieces]
    scores = [piece.score for piece in pieces]
    kinds = [int(piece.kind) for piece in pieces]
    described = json.loads((parts / SPECIAL_TOKENS).read_text(encoding="utf-8"))
    for key, token in described["added_tokens_decoder"].items():
        if (at := int(key)) < len(pieces):
            text = token["content"]
            special = token["special"] or text == _MASK or text.startswith("<unused")
            texts[at] = text if special else text.replace("▁", " ")
            kinds[at] = int(PieceKind.CONTROL if special else PieceKind.USER_DEFINED)
            scores[at] = _ADDED_SCORE
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(texts)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(_BOS)
    writer.add_eos_token_id(_EOS)
    writer.add_unk_token_id(_UNKNOWN)
    writer.add_pad_token_id(_PAD)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)
    writer.add_add_sep_token(False)
    writer.add_add_space_prefix(False)


def _write(writer: Any, tensors: list[_Tensor], target: Path) -> None:
    import gguf

    for tensor in tensors:
        kind = gguf.GGMLQuantizationType.Q8_0 if tensor.rounded else None
        size = math.prod(tensor.shape) * 4
        if tensor.rounded:
            stored = gguf.quant_shape_to_byte_shape(tensor.shape, kind)
            writer.add_tensor_info(tensor.name, stored, np.dtype(np.uint8), math.prod(stored), kind)
        else:
            writer.add_tensor_info(tensor.name, tensor.shape, np.dtype(np.float32), size)
    writer.write_header_to_file(target)
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for tensor in tensors:
        writer.write_tensor_data(_rounded(tensor) if tensor.rounded else _vector(tensor))


def _rounded(tensor: _Tensor) -> _Array:
    import gguf

    kind = gguf.GGMLQuantizationType.Q8_0
    result = np.empty(gguf.quant_shape_to_byte_shape(tensor.shape, kind), np.uint8)
    rows = tensor.source.get_slice(tensor.key)
    for start in range(0, tensor.shape[0], _ROWS):
        end = min(start + _ROWS, tensor.shape[0])
        result[start:end] = gguf.quants.quantize(rows[start:end].astype(np.float32), kind)
    return result


def _vector(tensor: _Tensor) -> _Array:
    """Gemma multiplies by 1 + what its file says, llama.cpp by what its own file says."""
    vector: _Array = tensor.source.get_tensor(tensor.key).astype(np.float32)
    return vector + 1 if tensor.name.endswith("norm.weight") else vector
