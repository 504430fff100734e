"""Any transformers encoder as an embedder: mean pooling over what it reads."""

import hashlib
import threading
from collections.abc import Sequence

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import AutoModel, AutoTokenizer

from engine.retrieval.embedders.base import EmbedderError, Vectors, unit
from engine.retrieval.embedders.prompts import E5, PLAIN
from engine.retrieval.verifier import on_own_scale

_BATCH = 32
_LONGEST = 512  # tokens read of a text, fewer where the model has fewer positions


class TransformersEmbedder:
    """A model from a directory or the hub; on the GPU where there is one."""

    def __init__(self, model: str) -> None:
        """Load ``model`` (safetensors only). Raises EmbedderError that names EMBEDDER and the
        way out."""
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(model)
            self._model = AutoModel.from_pretrained(model, use_safetensors=True)
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            line = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            raise EmbedderError(
                f"EMBEDDER={model} cannot be used: {line.rstrip('.')}; set EMBEDDER to another "
                "model, or to auto"
            ) from error
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = self._model.to(self._device).eval()
        self.dimensions = int(self._model.config.hidden_size)
        self.name = f"{model}-{_fingerprint(self._model)}"
        self._prompts = E5 if "e5" in model.lower() else PLAIN
        positions = getattr(self._model.config, "max_position_embeddings", _LONGEST)
        self._longest = min(_LONGEST, positions - 2)  # RoBERTa counts positions from 2
        self._lock = threading.Lock()
        self.verifier = on_own_scale(self)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimensions)."""
        return self._embed([self._prompts.of_query(text) for text in texts])

    def embed_documents(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Unit vectors (n, dimensions)."""
        return self._embed([self._prompts.of_document(*pair) for pair in pairs])

    def close(self) -> None:
        """It holds nothing but memory."""

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Hidden states averaged over the tokens of each text."""
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            with self._lock, torch.inference_mode():
                read = self._tokenizer(
                    batch,
                    padding=True,
                    truncation=True,
                    max_length=self._longest,
                    return_tensors="pt",
                ).to(self._device)
                hidden = self._model(**read).last_hidden_state
                mask = read["attention_mask"].unsqueeze(-1).to(hidden.dtype)
                mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
            result[start : start + _BATCH] = mean.float().cpu().numpy()
        return unit(result)


def _fingerprint(model: torch.nn.Module) -> str:
    """8 hex digits for these weights, from the sums of all tensors: retraining changes them."""
    digest = hashlib.sha256()
    for name, value in model.state_dict().items():
        total = value.double().sum().item() if value.is_floating_point() else 0.0
        digest.update(f"{name}{tuple(value.shape)}{total:.6e}".encode())
    return digest.hexdigest()[:8]
