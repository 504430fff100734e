"""The loss is what the papers say, and the head's shortcut changes nothing."""

import math
from collections import defaultdict
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.training.answer_logits import per_token
from engine.training.losses import answer_logps, divergence, kto_kl, kto_rejected, nll

WIDTH, WORDS = 8, 50
torch.manual_seed(0)
HEAD = torch.randn(WORDS, WIDTH)


def head(states: Tensor) -> Tensor:
    return torch.tanh(states @ HEAD.T)


def _states(count: int = 300, seed: int = 1) -> Tensor:
    return torch.randn(count, WIDTH, generator=torch.Generator().manual_seed(seed))


def _targets(count: int = 300) -> Tensor:
    return torch.arange(count) % WORDS


def test_log_probabilities_are_those_of_the_softmax() -> None:
    """Values and gradients equal plain autograd's over all positions at once."""
    weights = torch.linspace(-1, 2, 300)
    ours, plain = _states().requires_grad_(), _states().requires_grad_()
    logps = answer_logps(head, ours, _targets())
    expected = head(plain).log_softmax(1)[torch.arange(300), _targets()]
    torch.testing.assert_close(logps, expected)
    (weights * logps).sum().backward()  # type: ignore[no-untyped-call]
    (weights * expected).sum().backward()
    torch.testing.assert_close(ours.grad, plain.grad)


def test_divergence_is_torchs_own() -> None:
    """KL(ours ‖ base) with its gradient equals torch.nn.functional.kl_div."""
    ours, plain, base = _states().requires_grad_(), _states().requires_grad_(), _states(seed=2)
    found = divergence(head, ours, base)
    expected = torch.nn.functional.kl_div(
        head(base).log_softmax(1), head(plain).log_softmax(1), reduction="none", log_target=True
    ).sum(1)
    torch.testing.assert_close(found, expected)
    found.mean().backward()  # type: ignore[no-untyped-call]
    expected.mean().backward()
    torch.testing.assert_close(ours.grad, plain.grad)
    assert divergence(head, base, base).abs().max() < 1e-6


def test_nothing_is_kept_when_no_gradient_is_wanted() -> None:
    """Scoring computes values only."""
    logps = per_token(lambda state: state.sum(1), _states())
    assert not logps.requires_grad


def test_long_answers_weigh_like_short_ones() -> None:
    """The likelihood is a mean over tokens."""
    assert nll(torch.tensor([-2.0])) == nll(torch.tensor([-2.0] * 9)) == 2.0


def _paper(r: float, z: float, beta: float) -> float:
    """λ_U − v(x, y) with λ_U = 1 for an undesirable y, from equation 8, in plain numbers."""
    value = 1 / (1 + math.exp(-beta * (z - r)))
    return 1 - value


@given(st.floats(-40, 40), st.floats(0, 30), st.floats(0.01, 1))
def test_the_kto_term_is_the_papers(r: float, z: float, beta: float) -> None:
    """Loss of a rejected answer, within 1e-5, for any likelihood ratio, z₀ and β."""
    found = kto_rejected(torch.tensor(r - 50.0), torch.tensor(-50.0), torch.tensor(z), beta)
    assert float(found) == pytest.approx(_paper(r, z, beta), abs=1e-5)


@given(st.lists(st.tuples(st.floats(-40, 0), st.floats(-40, 0)), min_size=1, max_size=8))
def test_z_is_the_mean_ratio_of_mismatched_pairs(pairs: list[tuple[float, float]]) -> None:
    """Never below zero, and no gradient flows through it."""
    ours = torch.tensor([pair[0] for pair in pairs], requires_grad=True)
    found = kto_kl(ours, torch.tensor([pair[1] for pair in pairs]))
    mean = sum(a - b for a, b in pairs) / len(pairs)
    assert float(found) == pytest.approx(max(0.0, mean), abs=1e-5)
    assert not found.requires_grad


def test_a_rejected_answer_is_pushed_down_ever_less() -> None:
    """The gradient lowers its likelihood, strongest near the base and vanishing far below it."""
    slopes = []
    for r in (0.0, -20.0, -100.0):
        logp = torch.tensor(r, requires_grad=True)
        kto_rejected(logp, torch.tensor(0.0), torch.tensor(0.0), 0.1).backward()  # type: ignore[no-untyped-call]
        assert logp.grad is not None
        slopes.append(float(logp.grad))
    assert slopes[0] > slopes[1] > slopes[2] > 0


def test_the_kto_term_is_trls() -> None:
    """TRL's own loss (1.16) of a batch of rejected answers, within 1e-5, value and gradient."""
    pytest.importorskip("trl", reason="TRL lives in an environment of its own (make bench)")
    from trl.trainer.kto_trainer import KTOTrainer

    tokens = torch.tensor([[-4.0, -5.0], [-10.0, -20.0], [-0.5, -1.5]])
    mismatched = torch.tensor([[-20.0, -30.0], [-41.0, -1.0], [-3.0, -4.0]])
    reference, mismatched_reference = torch.tensor([-10.0, -20.0, -4.0]), mismatched.sum(1) - 1.5
    theirs, ours = tokens.clone().requires_grad_(), tokens.clone().requires_grad_()

    def model(input_ids: Tensor, **rest: object) -> SimpleNamespace:
        """Its columns tell which sequences are meant."""
        found = theirs if input_ids[0, 0] == 1 else mismatched
        return SimpleNamespace(log_probs=found, entropy=0 * tokens, mean_logits=0 * tokens)

    ids, ones = torch.full((3, 3), 1), torch.ones(3, 3, dtype=torch.long)
    batch = {
        "input_ids": ids, "attention_mask": ones, "completion_mask": ones,
        "KL_input_ids": 2 * ids, "KL_attention_mask": ones, "KL_completion_mask": ones,
        "label": torch.tensor([False] * 3),
        "ref_logps": reference, "ref_KL_logps": mismatched_reference,
    }  # fmt: skip
    trainer = SimpleNamespace(
        model=SimpleNamespace(training=True), aux_loss_enabled=False, calculate_KL=True,
        loss_type="kto", beta=0.1, desirable_weight=1.0, undesirable_weight=1.0,
        precompute_ref_logps=True, _tp_size=1, _total_train_tokens=0,
        _metrics={"train": defaultdict(list)},
        accelerator=SimpleNamespace(device="cpu", gather_for_metrics=lambda x: x),
    )  # fmt: skip
    trainer._compute_kl_logps = lambda *given: KTOTrainer._compute_kl_logps(trainer, *given)
    loss = KTOTrainer._compute_loss(trainer, model, batch, False)
    z = kto_kl(mismatched.sum(1), mismatched_reference)
    found = kto_rejected(ours.sum(1), reference, z, 0.1).mean()
    torch.testing.assert_close(found, loss, atol=1e-5, rtol=0)
    found.backward()  # type: ignore[no-untyped-call]
    loss.backward()
    torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-5, rtol=0)
