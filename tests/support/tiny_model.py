"""A tiny random model as one GGUF file that llama.cpp and transformers both read.

It says nonsense, but the same nonsense everywhere: enough to prove that engines agree, that
adapters reach the weights, and that streams end where they should, in seconds and megabytes.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

HIDDEN, HEADS, KV_HEADS, HEAD_DIM, FEED_FORWARD, LAYERS = 64, 4, 2, 16, 128, 6
CONTEXT, WINDOW = 512, 32  # gemma3: five layers of six see only the last WINDOW tokens
CONTROL = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")
_HANGUL = (
    "가나다라마바사아자차카타파하거너더러머버서어저처는은이를을의"
    "에도로고세금부신기한계산서법인소득질문답"
)
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_RUNS = ("\n\n", "  ", "   ")
_MERGED = ("he", "▁t", "▁the", "re", "ll", "llo", "세금", "▁세금", "계산", "계산서", "질문", "신고")
_RARE = 0.3  # bytes and control tokens: scaled down, so that answers are mostly readable text


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    tokens: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)

    def add(self, tokens: Any, kind: gguf.TokenType) -> None:
        for token in tokens:
            self.tokens.append(token)
            self.kinds.append(int(kind))


def _vocabulary(arch: str) -> _Vocabulary:
    """Earlier is better, as in Gemma's own file: merges are ranked by position there.

    Gemma's runs of spaces stand for themselves, Llama's are merged from single ones.
    """
    words = _Vocabulary()
    words.add(CONTROL, gguf.TokenType.CONTROL)
    words.kinds[CONTROL.index("<unk>")] = int(gguf.TokenType.UNKNOWN)
    words.add((f"<0x{byte:02X}>" for byte in range(256)), gguf.TokenType.BYTE)
    if arch == "gemma3":
        words.add(_RUNS, gguf.TokenType.USER_DEFINED)
    else:
        words.add((run.replace(" ", "▁") for run in _RUNS), gguf.TokenType.NORMAL)
    words.add(_MERGED, gguf.TokenType.NORMAL)
    words.add(dict.fromkeys("\n▁" + _ASCII + _HANGUL + "신고"), gguf.TokenType.NORMAL)
    return words


VOCABULARY = len(_vocabulary("gemma3").tokens)


def write_tiny_model(path: Path, *, arch: str = "gemma3", seed: int = 0) -> Path:
    """Write the model; ``arch`` is gemma3 (tied embeddings, sliding window) or llama."""
    writer = gguf.GGUFWriter(path, arch)
    _write_shape(writer, arch)
    _write_tokenizer(writer, arch)
    for name, value in _weights(arch, np.random.default_rng(seed)).items():
        writer.add_tensor(name, value.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_tiny_embedder(
    path: Path,
    *,
    dense: bool = True,
    file_type: int = gguf.LlamaFileType.MOSTLY_Q8_0,
    seed: int = 0,
) -> Path:
    """Write a tiny EmbeddingGemma, with or without the two layers after the mean. It says that it
    is of ``file_type``, whatever its numbers are."""
    writer = gguf.GGUFWriter(path, "gemma-embedding")
    _write_shape(writer, "gemma3")
    _write_tokenizer(writer, "gemma3")
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(file_type)
    random = np.random.default_rng(seed)
    tensors = _weights("gemma3", random)
    del tensors["output.weight"]
    for name in ("dense_2", "dense_3") if dense else ():
        writer.add_dense_features_dims(name, HIDDEN, HIDDEN)
        tensors[f"{name}.weight"] = random.normal(0.0, 1.0 / np.sqrt(HIDDEN), (HIDDEN, HIDDEN))
    for name, value in tensors.items():
        writer.add_tensor(name, value.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _write_shape(writer: gguf.GGUFWriter, arch: str) -> None:
    writer.add_name(f"tiny-{arch}")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD_DIM)
    writer.add_value_length(HEAD_DIM)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(VOCABULARY)
    if arch == "gemma3":
        writer.add_sliding_window(WINDOW)
        writer.add_rope_freq_base(1_000_000.0)
    else:
        writer.add_rope_dimension_count(HEAD_DIM)
        writer.add_rope_freq_base(10_000.0)


def _write_tokenizer(writer: gguf.GGUFWriter, arch: str) -> None:
    words = _vocabulary(arch)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(words.tokens)
    writer.add_token_scores([-float(at) for at in range(VOCABULARY)])
    writer.add_token_types(words.kinds)
    for name in ("pad", "eos", "bos", "unk"):
        getattr(writer, f"add_{name}_token_id")(CONTROL.index(f"<{name}>"))
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(arch != "gemma3")


def _weights(arch: str, random: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Tensors by GGUF name, shapes (out, in); scaled so that greedy choices are no close calls."""

    def matrix(rows: int, columns: int) -> NDArray[Any]:
        return random.normal(0.0, 1.0 / np.sqrt(columns), (rows, columns))

    gain = 2.0 if arch == "gemma3" else 1.0  # its norms come after the blocks and set their weight
    embeddings = random.normal(0.0, 0.3, (VOCABULARY, HIDDEN))
    embeddings[: len(CONTROL) + 256] *= _RARE
    tensors = {"token_embd.weight": embeddings, "output_norm.weight": np.ones(HIDDEN)}
    tensors["output.weight"] = random.normal(0.0, 0.3, (VOCABULARY, HIDDEN))
    tensors["output.weight"][: len(CONTROL) + 256] *= _RARE
    for layer in range(LAYERS):
        block = {
            "attn_norm": np.ones(HIDDEN),
            "attn_q": matrix(HEADS * HEAD_DIM, HIDDEN),
            "attn_k": matrix(KV_HEADS * HEAD_DIM, HIDDEN),
            "attn_v": matrix(KV_HEADS * HEAD_DIM, HIDDEN),
            "attn_output": matrix(HIDDEN, HEADS * HEAD_DIM),
            "ffn_norm": np.ones(HIDDEN),
            "ffn_gate": matrix(FEED_FORWARD, HIDDEN),
            "ffn_up": matrix(FEED_FORWARD, HIDDEN),
            "ffn_down": matrix(HIDDEN, FEED_FORWARD),
        }
        if arch == "gemma3":
            block["attn_q_norm"] = block["attn_k_norm"] = np.ones(HEAD_DIM)
            block["post_attention_norm"] = block["post_ffw_norm"] = np.full(HIDDEN, gain)
        tensors |= {f"blk.{layer}.{name}.weight": value for name, value in block.items()}
    return tensors


_PROJECTIONS = {  # module: (out, in)
    "self_attn.q_proj": (HEADS * HEAD_DIM, HIDDEN),
    "self_attn.k_proj": (KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.v_proj": (KV_HEADS * HEAD_DIM, HIDDEN),
    "self_attn.o_proj": (HIDDEN, HEADS * HEAD_DIM),
    "mlp.gate_proj": (FEED_FORWARD, HIDDEN),
    "mlp.up_proj": (FEED_FORWARD, HIDDEN),
    "mlp.down_proj": (HIDDEN, FEED_FORWARD),
}


def write_tiny_adapter(
    directory: Path, *, rank: int = 4, seed: int = 1, hidden: int = HIDDEN, **config: Any
) -> Path:
    """A LoRA adapter as PEFT saves it, with weights that change every answer.

    Another ``hidden`` makes one that fits no tiny model; ``config`` goes into its adapter_config.
    """
    directory.mkdir(parents=True)
    random = np.random.default_rng(seed)
    tensors: dict[str, NDArray[np.float32]] = {}
    for layer in range(LAYERS):
        for module, shape in _PROJECTIONS.items():
            rows, columns = (hidden if size == HIDDEN else size for size in shape)
            name = f"base_model.model.model.layers.{layer}.{module}"
            a, b = random.normal(0, 0.1, (rank, columns)), random.normal(0, 0.3, (rows, rank))
            tensors[f"{name}.lora_A.weight"] = a.astype(np.float32)
            tensors[f"{name}.lora_B.weight"] = b.astype(np.float32)
    settings = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": rank,
        "lora_alpha": 2 * rank,
        "target_modules": sorted(module.split(".")[1] for module in _PROJECTIONS),
        "base_model_name_or_path": None,
    }
    save_file(tensors, directory / "adapter_model.safetensors")
    (directory / "adapter_config.json").write_text(json.dumps(settings | config))
    return directory
