"""Any verdicts of a few people."""

from hypothesis import strategies as st

from storage.judgement import PersonScore

SCORES = st.floats(-1, 1, allow_nan=False)
VERDICTS = st.dictionaries(st.sampled_from("abcdef"), SCORES).map(
    lambda found: tuple(PersonScore(person, s) for person, s in found.items())
)
