"""A causal language model in two parts, so that its head is applied only where an answer is."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from engine.errors import ModelError
from engine.training.encoding import Encoded

Head = Callable[[Tensor], Tensor]
_AGREES = 0.05  # of the largest score: what rounding in 16 bits may change
_AT_ONCE = 64  # positions whose scores over the vocabulary (262,144 for Gemma) exist together


def head_of(model: Any) -> Head:
    """Hidden states (n, width) → scores of the next token (n, vocabulary) in 32 bits.

    Raises ModelError when the model's head does more than we know of.
    """
    project = model.get_output_embeddings()
    cap = getattr(model.config.get_text_config(), "final_logit_softcapping", None)

    def head(hidden: Tensor) -> Tensor:
        scores: Tensor = project(hidden).float()
        return cap * torch.tanh(scores / cap) if cap else scores

    with torch.no_grad():
        ids = torch.tensor([[1, 2, 3]], device=model.device)
        whole = model(ids).logits[0].float()
        ours = head(model.base_model(ids, use_cache=False).last_hidden_state[0])
    if not torch.allclose(whole, ours, rtol=0, atol=_AGREES * float(whole.abs().max())):
        raise ModelError(f"training does not know the head of {type(model).__name__}")
    return head


def hidden_of(model: Any, rows: Sequence[Encoded]) -> Tensor:
    """Hidden states (rows, longest, width); rows are padded at their end."""
    longest = max(map(len, rows))
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row.ids)
        mask[at, : len(row)] = 1
    mask, ids = mask.to(model.device), ids.to(model.device)
    padded = None if bool(mask.all()) else mask
    output: Tensor = model.base_model(ids, attention_mask=padded, use_cache=False).last_hidden_state
    return output


def before_answers(hidden: Tensor, rows: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
    """From (rows, longest, width) the states (n, width) that foretell answer tokens, and those
    tokens (n,); row after row."""
    states = [hidden[at, len(row) - 1 - row.answer : len(row) - 1] for at, row in enumerate(rows)]
    targets = torch.tensor([token for row in rows for token in row.targets])
    return torch.cat(states), targets.to(hidden.device)


def per_token(function: Callable[..., Tensor], states: Tensor, *others: Tensor) -> Tensor:
    """``function(states, *others)`` (n,), whose n-th value depends only on n-th entries.

    The slope of each value in its own state (n, width) is found in the same pass, while the scores
    over the vocabulary exist; they are neither kept nor computed again for the backward pass.
    """
    result: Tensor = _PerToken.apply(states, function, *others)  # type: ignore[no-untyped-call]
    return result


class _PerToken(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, states: Tensor, function: Callable[..., Tensor], *others: Tensor
    ) -> Tensor:
        values: list[Tensor] = []
        slopes: list[Tensor] = []
        for start in range(0, len(states), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            state = states[part].detach()
            rest = [other[part] for other in others]
            if not ctx.needs_input_grad[0]:
                values.append(function(state, *rest))
                continue
            with torch.enable_grad():
                value = function(state.requires_grad_(), *rest)
                slopes += torch.autograd.grad(value.sum(), state)
            values.append(value.detach())
        if slopes:
            ctx.save_for_backward(torch.cat(slopes))
        return torch.cat(values)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (slopes,) = ctx.saved_tensors
        others = [None] * (len(ctx.needs_input_grad) - 1)
        return ((gradients[0][:, None] * slopes).to(slopes.dtype), *others)
