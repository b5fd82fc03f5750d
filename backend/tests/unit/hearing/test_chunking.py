import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.hearing.chunking import chunks, rounded_up


@given(
    n_frames=st.integers(1, 700).map(lambda n: 4 * n),
    length=st.integers(1, 100).map(lambda n: 4 * n),
    context=st.integers(0, 50).map(lambda n: 4 * n),
)
def test_chunks_cover_every_frame_once_in_phase(n_frames: int, length: int, context: int) -> None:
    spans = chunks(n_frames, length=length, context=context, multiple=4)
    kept = np.concatenate([np.arange(s.start, s.stop) for s in spans])
    np.testing.assert_array_equal(kept, np.arange(n_frames))
    for span in spans:
        run = np.arange(span.context_start, span.context_stop)
        assert span.context_start % 4 == 0
        assert span.n_frames % 4 == 0
        np.testing.assert_array_equal(run[span.kept], np.arange(span.start, span.stop))
        assert span.context_start == max(span.start - context, 0)
        assert span.context_stop == min(span.start + length + context, n_frames)


@pytest.mark.parametrize(
    "wrong", [{"n_frames": 0}, {"length": 0}, {"length": 6}, {"context": 2}, {"context": -4}]
)
def test_chunks_impossible_numbers_are_refused(wrong: dict[str, int]) -> None:
    numbers = {"n_frames": 12, "length": 8, "context": 4, "multiple": 4} | wrong
    n_frames = numbers.pop("n_frames")
    with pytest.raises(ValueError, match=r"chunks need|multiples"):
        chunks(n_frames, **numbers)


@pytest.mark.parametrize(("n", "expected"), [(0, 0), (1, 4), (4, 4), (5, 8)])
def test_rounded_up_is_the_next_multiple(n: int, expected: int) -> None:
    assert rounded_up(n, 4) == expected
