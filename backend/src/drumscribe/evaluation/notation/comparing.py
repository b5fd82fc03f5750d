"""Pages against pages: a folder of true scores, a folder of anybody's transcriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from drumscribe.domain.drums import Instrument
from drumscribe.errors import SourceNotFound
from drumscribe.evaluation.notation.parts import SUFFIXES, Part, PartNote, read_part

_Key = tuple[int, Fraction, Instrument]


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page against its truth.

    strict: notes with the same bar, place in the bar (in quarter notes or in beats of the metre,
    whichever agrees better) and drum. aligned: the same after the best
    shift by whole bars (`shift`: how many bars the estimate is late). tempo_ratio: of the first
    tempo marks, None where one is missing.
    """

    name: str
    true_notes: int
    written_notes: int
    strict: int
    aligned: int
    shift: int
    true_metre: str
    written_metre: str
    tempo_ratio: float | None
    true_triplets: int
    written_triplets: int

    @property
    def strict_f(self) -> float:
        return _f(self.strict, self.true_notes, self.written_notes)

    @property
    def aligned_f(self) -> float:
        return _f(self.aligned, self.true_notes, self.written_notes)

    @property
    def metre_right(self) -> bool:
        return self.true_metre == self.written_metre


@dataclass(frozen=True, slots=True)
class FolderScore:
    """All pages, pooled, and what had no partner."""

    pages: tuple[PageScore, ...]
    missing: tuple[str, ...]

    @property
    def strict_f(self) -> float:
        return _pooled(self.pages, "strict")

    @property
    def aligned_f(self) -> float:
        return _pooled(self.pages, "aligned")


def compare_folders(reference: Path, estimate: Path) -> FolderScore:
    """Compare files of the same name (without suffix). A page without estimate counts as empty.

    Raises SourceNotFound where a folder has nothing to compare, InvalidHits for a file that
    cannot be read.
    """
    true, found = _files(reference), _files(estimate)
    common = [name for name in true if name in found]
    if not common:
        raise SourceNotFound(f"{estimate} has no file with the name of one in {reference}.")
    pages = []
    for name, path in true.items():
        truth = read_part(path)
        written = read_part(found[name]) if name in found else Part(truth.metre, ())
        pages.append(compare_parts(name, truth, written))
    return FolderScore(tuple(pages), tuple(name for name in true if name not in found))


def compare_parts(name: str, truth: Part, written: Part) -> PageScore:
    """Compare two pages note by note; graces are left out."""
    compared = [
        _compared(_keys(truth.notes, in_beats), _keys(written.notes, in_beats))
        for in_beats in (False, True)
    ]
    strict, aligned, shift = max(compared, key=lambda counts: (counts[1], counts[0]))
    ratio = written.bpm / truth.bpm if written.bpm and truth.bpm else None
    return PageScore(
        name=name,
        true_notes=sum(not note.is_grace for note in truth.notes),
        written_notes=sum(not note.is_grace for note in written.notes),
        strict=strict,
        aligned=aligned,
        shift=shift,
        true_metre=str(truth.metre),
        written_metre=str(written.metre),
        tempo_ratio=ratio,
        true_triplets=_n_in_triplets(truth),
        written_triplets=_n_in_triplets(written),
    )


def _compared(true: Counter[_Key], here: Counter[_Key]) -> tuple[int, int, int]:
    """Notes in common as they stand, after the best shift by whole bars, and that shift."""
    shifts: Counter[int] = Counter()
    for bar, place, instrument in true:
        for other in {key[0] for key in here if key[1:] == (place, instrument)}:
            shifts[other - bar] += 1
    candidates = [shift for shift, _ in shifts.most_common(5)] or [0]
    aligned = {shift: _n_common(true, here, shift) for shift in (0, *candidates)}
    shift = max(aligned, key=lambda s: (aligned[s], -abs(s)))
    return aligned[0], aligned[shift], shift


def _n_in_triplets(part: Part) -> int:
    """Notes on slots of triplets: in compound metres of triplets of eighths."""
    unit = part.metre.beat_length / 3 if part.metre.is_compound else part.metre.beat_length
    return sum(
        (note.position.quarters / unit).denominator % 3 == 0
        for note in part.notes
        if not note.is_grace
    )


def _keys(notes: Sequence[PartNote], in_beats: bool) -> Counter[_Key]:
    return Counter(
        (n.position.bar, n.position.beats if in_beats else n.position.quarters, n.instrument)
        for n in notes
        if not n.is_grace
    )


def _n_common(true: Counter[_Key], here: Counter[_Key], shift: int) -> int:
    moved = Counter({(bar - shift, place, drum): n for (bar, place, drum), n in here.items()})
    return (true & moved).total()


def _f(right: int, true: int, written: int) -> float:
    return 2.0 * right / (true + written) if true + written else 1.0


def _pooled(pages: Sequence[PageScore], measure: str) -> float:
    return _f(
        sum(getattr(page, measure) for page in pages),
        sum(page.true_notes for page in pages),
        sum(page.written_notes for page in pages),
    )


def _files(folder: Path) -> dict[str, Path]:
    """Scores and transcriptions by name, in order. Raises SourceNotFound."""
    if not folder.is_dir():
        raise SourceNotFound(f"{folder} is not a folder.")
    found = {
        path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES
    }
    if not found:
        raise SourceNotFound(f"{folder} has no scores ({', '.join(SUFFIXES)}).")
    return found
