"""JSON with indents: the same text as Python's own, whatever stands in it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.pipeline.files.indented_json import indented_json

# Among them what stands between two entries, and what looks like it.
TEXTS = st.one_of(st.text(), st.sampled_from(["},\n  {", '"},{"', "\\n", "\u2028", "\ud800"]))
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.recursive(
    PLAIN,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.lists(inside, max_size=3).map(tuple),
        st.dictionaries(TEXTS, inside, max_size=4),
        st.lists(st.dictionaries(TEXTS, PLAIN, max_size=3), max_size=4),
    ),
    max_leaves=20,
)


@given(value=VALUES)
def test_any_value_is_written_as_the_encoder_of_python_indents_it(value: object) -> None:
    assert indented_json(value) == json.dumps(value, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("number", [math.nan, math.inf])
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_number_that_json_does_not_have_is_refused_at_any_depth(
    number: float, depth: int
) -> None:
    value: object = number
    for _ in range(depth):
        value = {"inside": [value]}
    with pytest.raises(ValueError, match="JSON compliant"):
        indented_json(value)
