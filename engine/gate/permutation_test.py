"""The one-sided paired sign-flip permutation test."""

from math import ceil

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_EXACT = 14  # differences up to which all 2^n sign patterns are counted
_LEAST_DRAWS, _MOST_DRAWS = 9_999, 2_000_000
# Sign patterns drawn at once: of much larger tables OpenBLAS gives each processor a share, whose
# threads spin while they wait; fifty differences then cost six times the processor time.
_CHUNK = 2_048


def sign_flip(differences: Floats, alpha: float, seed: int = 0) -> tuple[float, float]:
    """The chances of a sum at least as high, and at least as low, if signs were a matter of luck.

    ``differences`` (n,), n ≥ 1: under the hypothesis tested each is as likely to be x as −x.
    Up to 14 differences all patterns are counted (Fisher's randomisation test), so the smallest
    value is 2^−n; above that patterns are drawn with ``seed``, at least 9,999 and 20/``alpha``
    (at most 2,000,000) of them, and p = (b + 1) / (m + 1), which never understates (Phipson &
    Smyth 2010, 'Permutation p-values should never be zero', section 3, exact for any m).
    """
    total = float(differences.sum())
    near = 1e-9 * float(np.abs(differences).sum())  # sums that differ by rounding are ties
    if len(differences) <= _EXACT:
        sums = np.zeros(1)
        for difference in differences:
            sums = np.concatenate([sums + difference, sums - difference])
        return float((sums >= total - near).mean()), float((sums <= total + near).mean())
    draws = min(max(_LEAST_DRAWS, ceil(20 / alpha)), _MOST_DRAWS)
    random = np.random.default_rng(seed)
    higher = lower = 1
    for start in range(0, draws, _CHUNK):
        size = (min(_CHUNK, draws - start), len(differences))
        flipped = random.integers(0, 2, size, dtype=np.int8)
        sums = total - 2.0 * (flipped.astype(float) @ differences)
        higher += int((sums >= total - near).sum())
        lower += int((sums <= total + near).sum())
    return higher / (draws + 1), lower / (draws + 1)
