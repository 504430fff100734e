"""How sure a share is: the interval of an approval rate."""

from math import sqrt

Z_95 = 1.959963984540054  # of the normal distribution, 2.5 % lie above


def wilson(approved: int, votes: int, z: float = Z_95) -> tuple[float, float]:
    """Lower and upper end, in [0, 1], of the share behind ``approved`` of ``votes``.

    Wilson (1927), 'Probable inference, the law of succession, and statistical inference', JASA 22;
    recommended for small n by Brown, Cai & DasGupta (2001), Statistical Science 16, section 3.1.1.
    Without votes it is (0, 1). Raises ValueError unless 0 ≤ approved ≤ votes and z is positive.

    For showing only: looked at again and again, it errs more often than it says. What decides
    whether a version goes back is approval_test.py.
    """
    if not 0 <= approved <= votes:
        raise ValueError(f"{approved} approvals of {votes} votes")
    if not z > 0.0:
        raise ValueError(f"z is {z}, but must be positive")
    if votes == 0:
        return 0.0, 1.0
    share, z2 = approved / votes, z * z
    middle = (share + z2 / (2 * votes)) / (1 + z2 / votes)
    half = z * sqrt(share * (1 - share) / votes + z2 / (4 * votes * votes)) / (1 + z2 / votes)
    # exact at the ends, where rounding would leave 1e-17
    lower = 0.0 if approved == 0 else max(0.0, middle - half)
    upper = 1.0 if approved == votes else min(1.0, middle + half)
    return lower, upper
