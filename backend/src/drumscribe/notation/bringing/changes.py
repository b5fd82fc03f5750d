"""What becomes of the hits of a page: kept as they are, changed, added, taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from drumscribe.domain.bars.marks import BarMark
from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.placements import MergeReason
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.notation.bringing.page import Page, PageNote, sound_of_note
from drumscribe.notation.bringing.part import BroughtNote
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI, Sound
from drumscribe.notation.tuning import BRINGING

_SAID_BESIDE: Final = (
    Articulation.GHOST,
    Articulation.ACCENT,
    Articulation.FLAM,
    Articulation.DRAG,
)
_ORNAMENTS: Final = (Articulation.FLAM, Articulation.DRAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How many notes (heads, small notes not counted) stay, differ, are new, are gone."""

    kept: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brought:
    """What a file makes of a page.

    grid: other bar lines, if the file has them; None where those of the page stay.
    bars, bar_one_at_seconds: the same as wishes; () and None where they cannot say it.
    notices: what could not be said, in words, with counts.
    """

    hits: tuple[Hit, ...]
    grid: BeatGrid | None
    bars: tuple[BarMark, ...] = ()
    bar_one_at_seconds: float | None = None
    changes: Changes
    aligned_by: AlignedBy
    notices: tuple[str, ...] = ()


class Rewriting:
    """The hits of a page while a file is read against it: nothing is lost that is not in the way.

    A hit that stays keeps its id, time, velocity and confidence.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._usual = _Velocities(page)
        self._hits: dict[int, Hit] = {}
        self._new: list[Hit] = []
        self._counts: dict[str, int] = defaultdict(int)
        self._unsaid = 0

    @property
    def unsaid(self) -> int:
        """Marks that a hit has no room for."""
        return self._unsaid

    def keep(self, head: PageNote) -> None:
        """A note of the page as it is, with its small notes and all that it stands for."""
        self._keep(head)
        self._counts["kept"] += 1

    def write_over(self, head: PageNote, note: BroughtNote) -> None:
        """A note of the page as the file has it."""
        hit, is_dropped = self._as_written(head, note)
        graces, hit = self._graces(head, note.n_graces, hit)
        is_same = hit == head.hit and graces == head.graces and not is_dropped
        is_other_hand = False
        if note.hands is not None and note.hands != head.hands:
            is_other_hand = note.sticking is not hit.sticking
            hit = replace(hit, sticking=note.sticking)
        # Who plays it makes a stroke no surer.
        if not is_same and hit.confidence != 1.0:
            hit = replace(hit, confidence=1.0)
        self._keep(head, hit, graces, without=is_dropped)
        self._counts["kept" if is_same and not is_other_hand else "changed"] += 1

    def add(self, note: BroughtNote, seconds: float) -> None:
        """A note that the page does not have."""
        articulation = note.articulation
        marks = [
            mark
            for mark, is_there in (
                ((Articulation.FLAM, Articulation.DRAG)[note.n_graces > 1], note.n_graces > 0),
                (Articulation.GHOST, note.is_ghost),
                (Articulation.ACCENT, note.is_accent),
            )
            if is_there
        ]
        # A hit says one thing; how loud it is says the rest.
        if articulation is None and marks:
            articulation = marks[0]
        velocity = note.velocity
        if velocity is None:
            velocity = self._usual.of(note.instrument, ghost=note.is_ghost, accent=note.is_accent)
        if note.n_graces and articulation not in _ORNAMENTS:
            self._unsaid += 1
        self._new.append(
            Hit(
                max(0.0, seconds),
                note.instrument,
                velocity,
                1.0,
                articulation,
                sticking=note.sticking,
            )
        )
        self._counts["added"] += 1

    def finish(self) -> tuple[tuple[Hit, ...], Changes]:
        """All hits in the order of time, new ones without ids, and the counts."""
        removed = sum(head.hit.id not in self._hits for head in self._page.notes)
        hits = tuple(sorted([*self._hits.values(), *self._new]))
        return hits, Changes(**self._counts, removed=removed)

    def _keep(
        self,
        head: PageNote,
        hit: Hit | None = None,
        graces: Sequence[int | None] | None = None,
        *,
        without: Collection[int] = (),
    ) -> None:
        page = self._page
        own = head.hit if hit is None else hit
        assert own.id is not None
        numbers = set(page.with_those_it_stands_for(own.id))
        for grace in head.graces if graces is None else graces:
            if grace is not None:
                numbers |= page.with_those_it_stands_for(grace)
        for number in numbers - set(without):
            self._hits[number] = page.hits[number]
        self._hits[own.id] = own

    def _as_written(self, head: PageNote, note: BroughtNote) -> tuple[Hit, set[int]]:
        """The hit as the file says it, and hits that its head stood for and no longer does."""
        hit, on_page = head.hit, head.note
        dropped: set[int] = set()
        written, there = Sound(note.instrument, note.articulation), sound_of_note(on_page)
        is_same = written == there or (note.is_any_of_its_key and _key(written) == _key(there))
        if not is_same:
            if on_page.articulation is Articulation.ROLL and hit.id is not None:
                stood = self._page.stood_in_for.get(hit.id, ())
                dropped = {other for other, why in stood if why is MergeReason.BUZZ}
            articulation = note.articulation
            if articulation is None and hit.articulation in _SAID_BESIDE:
                articulation = hit.articulation
            hit = replace(hit, instrument=note.instrument, articulation=articulation)
        if note.velocity is not None and abs(note.velocity - hit.velocity) > BRINGING.same_velocity:
            hit = replace(hit, velocity=note.velocity)
        if note.is_ghost != on_page.is_ghost:
            hit = self._marked(hit, Articulation.GHOST, is_there=note.is_ghost, note=note)
        if note.is_accent != on_page.is_accent:
            hit = self._marked(hit, Articulation.ACCENT, is_there=note.is_accent, note=note)
        return hit, dropped

    def _marked(self, hit: Hit, mark: Articulation, *, is_there: bool, note: BroughtNote) -> Hit:
        usual = self._usual.of(note.instrument, ghost=note.is_ghost, accent=note.is_accent)
        if is_there:
            if hit.articulation in (None, *_SAID_BESIDE[:2]):
                hit = replace(hit, articulation=mark)
            # Beside another sign the loudness alone says it.
            return hit if note.velocity is not None else replace(hit, velocity=usual)
        if hit.articulation is mark:
            return replace(hit, articulation=None)
        # The page had judged it by its loudness.
        return hit if note.velocity is not None else replace(hit, velocity=usual)

    def _graces(self, head: PageNote, wanted: int, hit: Hit) -> tuple[tuple[int | None, ...], Hit]:
        """The small notes that stay, and the hit with a flam or drag said or unsaid."""
        if wanted == len(head.graces):
            return head.graces, hit
        if wanted < len(head.graces):
            # Those nearest to the stroke stay; what was said with it goes first.
            heard = [grace for grace in head.graces if grace is not None]
            kept = heard[max(0, len(heard) - wanted) :] if wanted else []
            said = (None, Articulation.FLAM, Articulation.DRAG)[min(wanted, 2)]
            if hit.articulation in _ORNAMENTS:
                hit = replace(hit, articulation=None if len(kept) == wanted else said)
            return tuple(kept), hit
        if hit.articulation in (None, *_SAID_BESIDE):
            said = Articulation.FLAM if wanted == 1 else Articulation.DRAG
            return head.graces, replace(hit, articulation=said)
        self._unsaid += 1
        return head.graces, hit


def _key(sound: Sound) -> int:
    return GENERAL_MIDI.key_of(sound.instrument, sound.articulation)


class _Velocities:
    """How loud each drum is usually struck on a page, for notes that do not say it."""

    def __init__(self, page: Page) -> None:
        groups: dict[tuple[Instrument, str], list[float]] = defaultdict(list)
        for head in page.notes:
            kind = "ghost" if head.note.is_ghost else "accent" if head.note.is_accent else "plain"
            groups[head.note.instrument, kind].append(head.hit.velocity)
        self._medians = {key: float(np.median(values)) for key, values in groups.items()}

    def of(self, instrument: Instrument, *, ghost: bool, accent: bool) -> float:
        """The median of such strokes; where there are none, from the plain ones."""
        plain = self._medians.get((instrument, "plain"), BRINGING.usual_velocity)
        if ghost:
            return self._medians.get((instrument, "ghost"), plain * BRINGING.ghost_share)
        if accent:
            return self._medians.get((instrument, "accent"), min(1.0, plain + BRINGING.accent_more))
        return plain
