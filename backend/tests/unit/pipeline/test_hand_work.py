"""What was written by hand survives whatever is heard anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.drums import Articulation, Hit, Instrument, Sticking, numbered
from drumscribe.pipeline.refining.hand_work import HandWork, heard_anew
from drumscribe.pipeline.tuning import REFINING

SAME = REFINING.same_stroke_seconds

# Few places and kinds: what meets, meets often.
hits = st.builds(
    Hit,
    time=st.integers(0, 40).map(lambda step: step * 0.02),
    instrument=st.sampled_from(
        [Instrument.KICK, Instrument.SNARE, Instrument.RIDE, Instrument.CRASH]
    ),
    velocity=st.sampled_from([0.3, 0.8]),
    confidence=st.sampled_from([0.5, 1.0]),
    articulation=st.sampled_from([None, Articulation.GHOST]),
)
hearings = st.lists(hits, max_size=25).map(numbered)


@st.composite
def edited(draw: st.DrawFn) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """What the machine wrote, and the page after somebody took away, changed and put in."""
    machine = draw(hearings)
    page = []
    for hit in machine:
        deed = draw(st.sampled_from(["leave", "leave", "take away", "change"]))
        if deed == "leave":
            page.append(hit)
        elif deed == "change":
            page.append(replace(draw(hits), id=hit.id))
    page += [replace(hit, id=None) for hit in draw(st.lists(hits, max_size=6))]
    return machine, numbered(page)


def named(found: tuple[Hit, ...]) -> dict[int | None, Hit]:
    return {hit.id: hit for hit in found}


@given(pages=edited(), heard=hearings)
def test_strokes_written_by_hand_stay_as_they_are_whatever_is_heard(
    pages: tuple[tuple[Hit, ...], tuple[Hit, ...]], heard: tuple[Hit, ...]
) -> None:
    machine, page = pages
    after = named(heard_anew(page, machine, heard).hits)
    for hit in HandWork.of(page, machine).by_hand:
        assert after[hit.id] == hit


@given(pages=edited(), heard=hearings)
def test_what_somebody_took_away_does_not_come_back(
    pages: tuple[tuple[Hit, ...], tuple[Hit, ...]], heard: tuple[Hit, ...]
) -> None:
    machine, page = pages
    before = {hit.id for hit in page}
    new = [hit for hit in heard_anew(page, machine, heard).hits if hit.id not in before]
    for gone in HandWork.of(page, machine).taken_away:
        for hit in new:
            assert hit.instrument is not gone.instrument or abs(hit.time - gone.time) > SAME


@given(pages=edited(), heard=hearings)
def test_all_else_is_what_is_heard_now_and_the_counts_say_so(
    pages: tuple[tuple[Hit, ...], tuple[Hit, ...]], heard: tuple[Hit, ...]
) -> None:
    machine, page = pages
    work = HandWork.of(page, machine)
    result = heard_anew(page, machine, heard)
    others = Counter(result.hits) - Counter(work.by_hand)
    assert others <= Counter(heard)
    assert len(result.hits) == len(page) + result.added - result.removed
    before, after = named(page), named(result.hits)
    assert len(after) == len(result.hits), "each has an id of its own"
    assert len(after.keys() - before.keys()) == result.added
    assert len(before.keys() - after.keys()) == result.removed
    assert sum(before[key] != after[key] for key in before.keys() & after.keys()) == result.changed


@given(machine=hearings, heard=hearings)
def test_page_that_nobody_touched_becomes_what_is_heard(
    machine: tuple[Hit, ...], heard: tuple[Hit, ...]
) -> None:
    assert heard_anew(machine, machine, heard).hits == heard


@given(pages=edited())
def test_hearing_the_same_again_changes_nothing(
    pages: tuple[tuple[Hit, ...], tuple[Hit, ...]],
) -> None:
    machine, page = pages
    result = heard_anew(page, machine, machine)
    assert named(result.hits) == named(page)
    assert (result.added, result.removed, result.changed) == (0, 0, 0)


@given(pages=edited(), heard=hearings, again=hearings)
def test_hand_work_is_still_known_after_it_was_heard_anew(
    pages: tuple[tuple[Hit, ...], tuple[Hit, ...]],
    heard: tuple[Hit, ...],
    again: tuple[Hit, ...],
) -> None:
    machine, page = pages
    once = heard_anew(page, machine, heard).hits
    twice = named(heard_anew(once, heard, again).hits)
    for hit in HandWork.of(page, machine).by_hand:
        if hit not in heard:  # what the machine hears just so needs nobody's hand
            assert twice[hit.id] == hit


def test_cymbal_put_right_is_not_doubled_by_another_cymbal() -> None:
    machine = numbered([Hit(1.0, Instrument.RIDE), Hit(2.0, Instrument.SNARE)])
    page = (replace(machine[0], instrument=Instrument.CRASH), machine[1])
    heard = [
        Hit(1.01, Instrument.HIHAT_OPEN),
        Hit(1.01, Instrument.KICK),
        Hit(2.01, Instrument.SNARE),
    ]
    result = heard_anew(page, machine, heard)
    assert [hit.instrument for hit in result.hits] == [
        Instrument.CRASH,
        Instrument.KICK,
        Instrument.SNARE,
    ]
    assert [hit.id for hit in result.hits] == [0, 2, 1]
    assert result.hits[2].time == 2.01


@given(machine=hearings, heard=hearings)
def test_hand_that_was_said_stays_with_a_stroke_that_is_heard_again(
    machine: tuple[Hit, ...], heard: tuple[Hit, ...]
) -> None:
    page = tuple(
        replace(hit, sticking=(Sticking.RIGHT, Sticking.LEFT)[k % 2])
        for k, hit in enumerate(machine)
    )
    bare = heard_anew(machine, machine, heard)
    after = heard_anew(page, machine, heard)
    # Saying which hand plays it is no reason to keep a stroke that is heard no more.
    assert after == bare
    said = {hit.id: hit.sticking for hit in page}
    assert [hit.sticking for hit in after.hits] == [said.get(hit.id) for hit in after.hits]
