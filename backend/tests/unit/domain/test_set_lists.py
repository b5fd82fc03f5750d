"""Tags as they are kept."""

from __future__ import annotations

import pytest

from drumscribe.domain.service.set_lists import tidy_tags


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["gig", "easy"], ("gig", "easy")),
        (["  two   words "], ("two words",)),
        (["Gig", "gig", "GIG"], ("Gig",)),
        (["", "   "], ()),
        (["b", "a", "B"], ("b", "a")),
    ],
)
def test_tidy_tags_keeps_each_once_in_order(said: list[str], kept: tuple[str, ...]) -> None:
    assert tidy_tags(said) == kept
