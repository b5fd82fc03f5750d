"""From a score to its chart: grooves once, then slashes; fills, stops and kicks written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from drumscribe.domain.form.road_signs import RoadSigns, Slashes
from drumscribe.domain.score import Measure, Score
from drumscribe.notation.chart.grooves import Groove, Likeness
from drumscribe.notation.chart.road import Part, Road, find_road
from drumscribe.notation.chart.tuning import CHART
from drumscribe.notation.structure import without_similes
from drumscribe.notation.structure.bar_patterns import bar_distances
from drumscribe.notation.structure.feel import BackBeat, Feel, feel_of


def chart_of(score: Score) -> Score:
    """The chart of a score: its printed bars carry road signs (Measure.road).

    Each groove is written once and then said with slashes; bars that differ from it by more than
    a stroke or two (fills, stops, kicks) are written out. Sections that come again are repeats,
    with first and second endings, or are reached by one D.S.; see drumscribe.notation.chart.expand
    for the way back. Placements are those of the full score and left out here.
    """
    score = without_similes(score)
    if len(score.measures) < CHART.fewest_bars:
        return score
    likeness = Likeness(score.measures, bar_distances(score.measures))
    road = find_road(score, likeness)
    writer = _Writer(score, likeness)
    for part in road.parts:
        writer.add(part, road)
    return replace(score, measures=_with_hairpins(writer.printed), placements=())


@dataclass(frozen=True, slots=True)
class _Item:
    """n_bars bars from start. phase: where in the groove slashes begin; None for a bar that is
    written out, or for several that are another groove's."""

    start: int
    n_bars: int = 1
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    """A groove on the chart: its bars in the score, their places on the chart, its section."""

    groove: Groove
    places: tuple[int, ...]
    label: str | None


class _Writer:
    """Writes the parts of a road one after the other."""

    def __init__(self, score: Score, likeness: Likeness) -> None:
        self._measures = score.measures
        self._has_sections = bool(score.sections)
        self._likeness = likeness
        self._grooves: list[_Written] = []
        self._feel: Feel | None = None
        self.printed: list[Measure] = []

    def add(self, part: Part, road: Road) -> None:
        """The bars of one part, with signs at its first and last."""
        begin = len(self.printed)
        first = self._measures[part.start]
        # Endings and the last strokes of a piece are what differs: nothing of them is a groove.
        if part.start == 0 or first.rehearsal is not None:
            self._section(part)
            says_feel = first.rehearsal is not None or not self._has_sections
            if says_feel and (words := self._feel_words(part)):
                self.printed[begin] = replace(self.printed[begin], words=words)
        else:
            self.printed += self._measures[part.start : part.end]
        self._sign(begin, road.at_start(part, self._signs(begin)))
        end = len(self.printed) - 1
        self._sign(end, road.at_end(part, self._signs(end)))

    def _signs(self, place: int) -> RoadSigns:
        return self.printed[place].road or RoadSigns()

    def _sign(self, place: int, signs: RoadSigns) -> None:
        road = None if signs == RoadSigns() else signs
        self.printed[place] = replace(self.printed[place], road=road)

    def _section(self, part: Part) -> None:
        self._stretch(part.start, part.end, label=self._measures[part.start].rehearsal)

    def _stretch(self, start: int, end: int, *, label: str | None = None) -> None:
        """Bars [start, end): their groove once, then slashes; what goes on for longer than a fill
        in between is a stretch of its own, with a groove of its own.

        label: of the section that begins here.
        """
        groove = self._likeness.groove_of(start, end)
        if groove is None:
            self.printed += self._measures[start:end]
            return
        known = self._known(groove)
        places: dict[int, int] = {}
        is_more, is_meant = False, known is None
        n_since = 0  # bars written out since the groove was last played
        for item in self._items(start, end, groove, is_known=known is not None):
            if item.phase is None:
                if item.n_bars > 1:
                    self._stretch(item.start, item.start + item.n_bars)
                else:
                    places[item.start] = len(self.printed)
                    self.printed.append(self._measures[item.start])
                is_more = known is None and item.start == groove.bars[-1]
                n_since = 0 if is_more else n_since + item.n_bars
                continue
            meant = ""
            if n_since > CHART.longest_fill or not is_meant:
                meant = f"as {self._name_of(known, groove)}"
            if meant and item.n_bars == 1:
                # Who looks a bar up for the sake of one?
                self.printed.append(self._measures[item.start])
                n_since += 1
                continue
            written = known.places if known else tuple(places[bar] for bar in groove.bars)
            words = ", ".join(filter(None, [meant, _words(item.n_bars, is_more=is_more)]))
            slashes = Slashes(item.n_bars, written, item.phase, words)
            self.printed.append(
                replace(self._measures[item.start], road=RoadSigns(slashes=slashes))
            )
            is_more, is_meant, n_since = False, True, 0
        if known is None:
            written = tuple(places[bar] for bar in groove.bars)
            self._grooves.append(_Written(groove, written, label))

    def _items(self, start: int, end: int, groove: Groove, *, is_known: bool) -> list[_Item]:
        phases = self._likeness.phases(groove, start, end)
        items: list[_Item] = []
        for is_other, run in groupby(
            enumerate(phases, start=start),
            key=lambda of_bar: of_bar[1] is None and of_bar[0] not in groove.bars,
        ):
            bars = list(run)
            if is_other and len(bars) > CHART.longest_fill:
                items.append(_Item(bars[0][0], len(bars)))
                continue
            for bar, phase in bars:
                if phase is None or not (is_known or bar > groove.bars[-1]):
                    items.append(_Item(bar))
                    continue
                before = items[-1] if items else None
                goes_on = (
                    before is not None
                    and before.phase is not None
                    and (before.phase + before.n_bars) % len(groove.bars) == phase
                    and not _says_something(self._measures[bar])
                )
                if before is not None and goes_on:
                    items[-1] = replace(before, n_bars=before.n_bars + 1)
                else:
                    items.append(_Item(bar, 1, phase))
        return items

    def _known(self, groove: Groove) -> _Written | None:
        """The same groove at an earlier place of the chart; rather a section's than a bar's."""
        for earlier in sorted(self._grooves, key=lambda written: written.label is None):
            if len(earlier.groove.bars) != len(groove.bars):
                continue
            pairs = zip(earlier.groove.bars, groove.bars, strict=True)
            if all(self._likeness.are_alike(a, b) for a, b in pairs):
                return earlier
        return None

    def _name_of(self, known: _Written | None, groove: Groove) -> str:
        if known is not None and known.label is not None:
            return known.label
        bar = (known.groove if known else groove).bars[0]
        return f"bar {self._measures[bar].number}"

    def _feel_words(self, part: Part) -> str | None:
        """How the part is played, where that is new."""
        first = self._measures[part.start]
        feel = feel_of(self._measures[part.start : part.end])
        before, self._feel = self._feel, feel
        said = [first.words] if first.words else []
        if feel.keeper is not None and (before is None or before.keeper is not feel.keeper):
            said.append(str(feel.keeper))
        if before is None or before.backbeat is not feel.backbeat:
            if feel.backbeat in (BackBeat.HALF_TIME, BackBeat.DOUBLE_TIME) and not first.words:
                said.append(str(feel.backbeat))
            elif before is not None and feel.backbeat is BackBeat.USUAL and before.backbeat:
                said.append("in time")
        return ", ".join(said) or None


def _with_hairpins(printed: Sequence[Measure]) -> tuple[Measure, ...]:
    """Hairpins as long on the chart as the bars that they stand under."""
    marked = list(printed)
    for k, measure in enumerate(printed):
        if measure.hairpin is not None:
            end = measure.number + measure.hairpin.n_measures
            n = sum(measure.number <= other.number < end for other in printed[k:])
            marked[k] = replace(measure, hairpin=replace(measure.hairpin, n_measures=n))
    return tuple(marked)


def _words(n_bars: int, *, is_more: bool) -> str:
    if n_bars == 1:
        return ""
    return f"play {n_bars} more" if is_more else f"play {n_bars}"


def _says_something(measure: Measure) -> bool:
    """A bar that has something above it of its own begins a passage of its own."""
    return (
        measure.tempo_mark is not None
        or measure.dynamic is not None
        or measure.hairpin is not None
        or measure.words is not None
        or measure.text is not None
    )
