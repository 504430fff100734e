"""How the next token is drawn when requests with different wishes share one forward pass.

Continuous batching samples all rows alike, from one random stream: temperature could vary by
request, the seed not. Here it only takes the best token of each row, and this processor, which runs
before, leaves exactly one token standing in the rows that want to be sampled. The random number of
a token depends on the request's seed and the token's position alone, so an answer is repeatable
whoever else is computed beside it.
"""

from typing import Any

import numpy as np
import torch
from transformers.generation.continuous_batching.cb_logits_processors import (
    ContinuousBatchingLogitsProcessor,
)

from engine.config import Sampling

_TOP = 1024  # nearly always holds the whole top-p mass; sorting a vocabulary costs 20 ms a row


class PerRequestSampler(ContinuousBatchingLogitsProcessor):  # type: ignore[misc]
    """Takes ``sampling=Sampling(…)`` from ``add_request``. For synchronous batching only:
    the rows are noted when a batch is prepared and used in the forward pass right after."""

    supported_kwargs: dict[str, type] = {"sampling": Sampling}  # noqa: RUF012
    ignored_kwargs: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._rows: list[tuple[int, Sampling, int]] = []  # row, wish, position of the token

    def fill_defaults(self, int32_tensor: torch.Tensor) -> None:
        int32_tensor.zero_()

    def prepare_tensor_args(self, requests_with_new_token: list[Any]) -> torch.Tensor:
        self._rows = []
        for row, state in enumerate(request.state for request in requests_with_new_token):
            sampling = state.logit_processor_kwargs.get("sampling")
            if sampling and sampling.temperature > 0:
                position = len(state.initial_tokens) + len(state.generated_tokens)
                self._rows.append((row, sampling, position))
        return torch.zeros(len(requests_with_new_token), dtype=torch.int32)

    def __call__(self, scores: torch.Tensor, tensor_arg: torch.Tensor) -> torch.Tensor:
        """``scores`` has the shape (requests, vocabulary)."""
        for row, sampling, position in self._rows:
            token = draw(scores[row], sampling, position)
            scores[row] = float("-inf")
            scores[row, token] = 0.0
        return scores


def draw(logits: torch.Tensor, sampling: Sampling, position: int) -> int:
    """One token of ``logits`` (vocabulary,), by temperature, top-p, seed and position."""
    uniform = np.random.default_rng([sampling.seed % 2**64, position]).random()
    probabilities = torch.softmax(logits / sampling.temperature, dim=-1)
    if sampling.top_p >= 1:
        return _pick(probabilities, uniform)
    best, tokens = probabilities.topk(min(_TOP, len(probabilities)))
    if best.sum() < sampling.top_p:
        best, tokens = probabilities.sort(descending=True)
    kept = best[best.cumsum(-1) - best < sampling.top_p]
    return int(tokens[_pick(kept, uniform)])


def _pick(weights: torch.Tensor, uniform: float) -> int:
    sums = weights.cumsum(-1)
    at = torch.searchsorted(sums, sums[-1] * uniform, right=True)
    return min(int(at), len(weights) - 1)
