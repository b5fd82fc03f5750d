"""The page of a song after it was heard with its drums alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drumscribe.domain.drums import Hit
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.refining.hand_work import HeardAnew, heard_anew
from drumscribe.pipeline.revise import Current, revise


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Hearing:
    """One hearing of the recording.

    heard: all that was found. hits: the strokes at the sensitivity that holds for the page now.
    """

    heard: Heard
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True, eq=False)
class RefinedPage:
    """The new page, and what became of its strokes."""

    transcript: Transcript
    strokes: HeardAnew


def refined_page(
    page: Transcript, then: Hearing, now: Hearing, wishes: Wishes, *, are_bars_touched: bool
) -> RefinedPage:
    """A page that takes over what is heard now.

    page: as it stands, edits and all. then: what it was made from. wishes: all that holds for it.
    are_bars_touched: somebody has said or done something that bar lines answer to. They stay then,
        and so they do where strokes were written by hand or bar lines came with a score: what was
        put in its place by hand shall stand in the same bar afterwards.

    Raises InvalidOption, InvalidHits.
    """
    strokes = heard_anew(page.hits, then.hits, now.hits)
    is_counted_by_hand = (
        are_bars_touched
        or sorted(page.hits) != sorted(then.hits)
        or not page.grid.has_bars_of(revise(then.heard, wishes).grid)
    )
    current = (
        Current(page.hits, page.grid, wishes.beats, first_hits=now.heard.hits)
        if is_counted_by_hand
        else None
    )
    transcript = revise(now.heard, wishes, current=current, hits=strokes.hits)
    return RefinedPage(transcript, strokes)
