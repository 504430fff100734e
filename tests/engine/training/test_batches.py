"""Batches hold every row once an epoch; portions bound what is computed at a time."""

from hypothesis import given
from hypothesis import strategies as st

from engine.training.batches import batches, portions

lengths_ = st.lists(st.integers(1, 300), min_size=1, max_size=60)


@given(lengths_, st.integers(1, 16), st.integers(0, 5))
def test_every_row_is_in_one_batch(lengths: list[int], size: int, seed: int) -> None:
    """No row is lost or twice, sizes are even and never too large; the seed alone decides."""
    found = batches(lengths, size, seed)
    assert sorted(row for batch in found for row in batch) == list(range(len(lengths)))
    assert all(1 <= len(batch) <= size for batch in found)
    if len(lengths) <= 8 * size:  # one group
        assert max(map(len, found)) - min(map(len, found)) <= 1
    assert found == batches(lengths, size, seed)


def test_rows_of_a_batch_are_of_like_length() -> None:
    """Padding of grouped batches is a fraction of what random ones would have."""
    lengths = list(range(1, 65))
    padding = sum(
        max(lengths[row] for row in batch) - lengths[other]
        for batch in batches(lengths, 8, 0)
        for row in [max(batch, key=lambda at: lengths[at])]
        for other in batch
    )
    assert padding == 8 * sum(range(8))  # all 64 are one group: neighbours stand together


@given(lengths_, st.integers(1, 1000))
def test_a_portion_has_at_most_its_tokens(lengths: list[int], tokens: int) -> None:
    """Padded to its longest row it fits, unless it is one row; together they are the batch."""
    found = list(portions(range(len(lengths)), lengths, tokens))
    assert sorted(row for portion in found for row in portion) == list(range(len(lengths)))
    for portion in found:
        longest = max(lengths[row] for row in portion)
        assert len(portion) == 1 or longest * len(portion) <= tokens
