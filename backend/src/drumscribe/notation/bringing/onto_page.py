"""A part with bars, laid over the page of a recording: what stays, changes, comes and goes."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from drumscribe.domain.score import Swing
from drumscribe.notation.bringing import in_words
from drumscribe.notation.bringing.bar_lines import bars_of, has_other_bar_lines
from drumscribe.notation.bringing.changes import Brought, Rewriting
from drumscribe.notation.bringing.page import Drum, Page
from drumscribe.notation.bringing.part import BroughtPart
from drumscribe.notation.bringing.placing import Placing, place_bars
from drumscribe.notation.quantize.collisions import drum_struck
from drumscribe.notation.swing import beats_in_pairs, played_onset
from drumscribe.notation.tuning import BRINGING


def bring_part(part: BroughtPart, page: Page, *, duration_seconds: float) -> Brought:
    """What the bars of a file make of a page.

    A note that stands where the page has one of the same drum is that note, and keeps its time;
    others are played on the recording's beats.
    """
    placing = place_bars(part, page)
    rewriting = Rewriting(page)
    measures_in_file = _measures_in(placing, part, page)
    as_before = {
        measure
        for bar, measure in measures_in_file.items()
        if part.bars[bar].is_as_before and measure is not None
    }
    for head in page.notes:
        if head.measure in as_before:
            rewriting.keep(head)
    outside = without_bar = twice = 0
    taken: set[tuple[Fraction, Drum]] = {(head.at, head.drum) for head in placing.found.values()}
    swung = _swung(part, placing, page)
    for index, note in enumerate(part.notes):
        place = placing.places[note.bar]
        if place is None:
            without_bar += 1
            continue
        if index in placing.found:
            found = placing.found[index]
            if found.measure not in as_before:
                rewriting.write_over(found, note)
            continue
        at = place.at(note.onset)
        struck = (at, drum_struck(note.instrument, note.articulation))
        if struck in taken:
            twice += 1
            continue
        played = place.at(played_onset(note.onset, *swung[note.bar]))
        seconds = page.seconds_at(played) + page.score.offset_seconds
        if not -BRINGING.before_start_seconds <= seconds <= duration_seconds:
            outside += 1
            continue
        taken.add(struck)
        rewriting.add(note, seconds)
    hits, changes = rewriting.finish()
    takes_bars = has_other_bar_lines(part, placing, page)
    bars = bars_of(part, placing, page) if takes_bars else None
    brought = {bar for bar, place in enumerate(placing.places) if place is None}
    return Brought(
        hits=hits,
        grid=None if bars is None else bars.grid,
        bars=() if bars is None else bars.marks,
        bar_one_at_seconds=bars.bar_one_at_seconds if bars is not None and bars.marks else None,
        changes=changes,
        aligned_by=placing.by,
        notices=(
            *in_words.hardly_alike(
                changes.kept + changes.changed, len(part.notes), len(page.notes)
            ),
            *(in_words.other_bar_lines(are_taken=bars is not None) if takes_bars else ()),
            *in_words.without_bar(without_bar, len(brought)),
            *in_words.bars_not_in_file(_bars_left(measures_in_file, page)),
            *in_words.unknown_drums(part.unknown_drums),
            *in_words.outside(outside),
            *in_words.struck_twice(twice),
            *in_words.stray_graces(part.stray_graces),
            *in_words.unsaid_marks(rewriting.unsaid),
            *in_words.other_tempo(part.quarters_per_minute, _first_tempo(page)),
        ),
    )


def _measures_in(placing: Placing, part: BroughtPart, page: Page) -> dict[int, int | None]:
    """Bar of the file -> measure of the page where it begins; None beyond its end."""
    found: dict[int, int | None] = {}
    for bar, place in enumerate(placing.places):
        if place is not None:
            inside = 0 <= place.start < page.end
            found[bar] = page.place(place.start)[0] if inside else None
    return found


def _bars_left(in_file: dict[int, int | None], page: Page) -> int:
    """Bars of the page with notes over which the file has no bar."""
    reached = max((m for m in in_file.values() if m is not None), default=-1)
    played = {head.measure for head in page.notes}
    return sum(measure > reached for measure in played)


def _swung(
    part: BroughtPart, placing: Placing, page: Page
) -> dict[int, tuple[set[int], Swing | None]]:
    """Per bar of the file the beats whose eighths are played long and short."""
    onsets: dict[int, list[Fraction]] = defaultdict(list)
    for note in part.notes:
        onsets[note.bar].append(note.onset)
    found: dict[int, tuple[set[int], Swing | None]] = {}
    for bar, places in onsets.items():
        place = placing.places[bar]
        is_straight = place is None or place.stretch != 1
        if place is not None and not is_straight:
            is_straight = page.score.measures[page.place(place.start)[0]].is_straight
        swing = None if is_straight else page.score.swing
        found[bar] = (beats_in_pairs(places) if swing else set(), swing)
    return found


def _first_tempo(page: Page) -> float:
    """What the page says, so that a file of ours is never contradicted."""
    said = (m.tempo_mark for m in page.score.measures if m.tempo_mark is not None)
    return next(said, page.grid.quarters_per_minute)
