"""What training makes smaller: the loss of answers that people want, reject, and never saw.

Accepted answers: weighted negative log-likelihood, averaged over each answer's tokens. Rejected
ones: the undesirable half of KTO (Ethayarajh et al. 2024, arXiv 2402.01306, equations 7 and 8),
anchored to the frozen base, because pushing a likelihood down without an anchor destroys a model.
Both: the divergence from the base on answer tokens, against forgetting (2509.04259).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.training.answer_logits import Head, per_token


@dataclass(frozen=True, slots=True)
class Objective:
    """Weights of the parts. ``kto_beta``: how soon a rejected answer is unlikely enough."""

    kto_weight: float = 1.0
    kto_beta: float = 0.1
    kl_weight: float = 0.02


def answer_logps(head: Head, states: Tensor, targets: Tensor) -> Tensor:
    """Log-probabilities (n,) of the tokens ``targets`` (n,) after ``states`` (n, width); nats."""

    def logps(state: Tensor, target: Tensor) -> Tensor:
        scores = head(state)
        chosen: Tensor = scores.gather(1, target[:, None])[:, 0]
        return chosen - scores.logsumexp(1)

    return per_token(logps, states, targets)


def divergence(head: Head, states: Tensor, base_states: Tensor) -> Tensor:
    """KL(ours ‖ base) (n,) of the next token, from states (n, width) of both; nats."""

    def kl(state: Tensor, base_state: Tensor) -> Tensor:
        ours = head(state).log_softmax(1)
        base = head(base_state).log_softmax(1)
        return (ours.exp() * (ours - base)).sum(1)

    return per_token(kl, states, base_states)


def nll(logps: Tensor) -> Tensor:
    """Negative log-likelihood of one answer (n,), a token: long answers weigh like short ones."""
    return -logps.mean()


def kto_rejected(logp: Tensor, reference_logp: Tensor, kl: Tensor, beta: float) -> Tensor:
    """1 − σ(β(z₀ − r)) of rejected answers (n,): their loss in KTO, whose λ is the row's weight.

    ``logp`` and ``reference_logp`` (n,) are sums over an answer's tokens under model and frozen
    base, r their difference; ``kl`` is z₀ of kto_kl. Equation 8, case y ~ y_undesirable | x.
    """
    return 1 - torch.sigmoid(beta * (kl - (logp - reference_logp)))


def kto_kl(logp: Tensor, reference_logp: Tensor) -> Tensor:
    """z₀: how far the model is from the base, from sums (m,) over mismatched pairs (x_i, y_j).

    Never below zero and without gradient (section 4.1 of the paper).
    """
    return (logp - reference_logp).mean().clamp(min=0).detach()
