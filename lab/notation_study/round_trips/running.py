"""Send scores round every program that is installed, and add up what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from drumscribe.domain.score import Score
from drumscribe.errors import EngravingFailed
from drumscribe.notation.structure import with_similes
from drumscribe.notation.styles.drum_styles import WEINBERG
from drumscribe.notation.writers.musicxml import write_musicxml
from lab.notation_study.round_trips import (
    by_lilypond,
    by_musescore,
    by_music21,
    by_verovio,
)
from lab.notation_study.round_trips.scores import round_trip_scores, sign_sheet
from lab.notation_study.round_trips.seen import (
    Agreement,
    Feature,
    Seen,
    compare,
    expected,
)

_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Importer:
    """A program that reads MusicXML. version: None where it is not installed."""

    name: str
    version: Callable[[], str | None]
    read: Callable[[bytes], Seen]


IMPORTERS = tuple(
    Importer(reader.NAME, reader.version, reader.read)
    for reader in (by_music21, by_verovio, by_musescore)
)


@dataclass(frozen=True, slots=True)
class ImporterResult:
    """What one program read of all scores.

    version: None where it is not installed; then nothing was measured.
    unread: names of scores that it could not load.
    """

    name: str
    version: str | None
    scores: int
    unread: tuple[str, ...]
    features: dict[Feature, Agreement]


@dataclass(frozen=True, slots=True)
class LilypondResult:
    """What LilyPond played of all scores; see Played."""

    version: str | None
    scores: int
    notes: int
    right: int
    extra: int
    complaints: tuple[str, ...]
    heads_off: int


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """Everything that came back."""

    importers: tuple[ImporterResult, ...]
    lilypond: LilypondResult


def run_round_trips(seed: int) -> RoundTrips:
    """Send the scores of that seed round every program that is installed."""
    scores = list(round_trip_scores(seed))
    return RoundTrips(
        tuple(_import_all(importer, scores) for importer in IMPORTERS), _play_all(scores)
    )


def _import_all(importer: Importer, scores: Iterable[tuple[str, Score]]) -> ImporterResult:
    version = importer.version()
    total: dict[Feature, Agreement] = {}
    unread: list[str] = []
    n_scores = 0
    if version is not None:
        for name, score in scores:
            try:
                seen = importer.read(write_musicxml(score))
            except EngravingFailed:
                unread.append(name)
                continue
            n_scores += 1
            for feature, agreement in compare(expected(score, WEINBERG), seen).items():
                total[feature] = total.get(feature, Agreement(0, 0, 0)) + agreement
        _add_similes(importer, total)
    return ImporterResult(importer.name, version, n_scores, tuple(unread), total)


def _add_similes(importer: Importer, total: dict[Feature, Agreement]) -> None:
    """Repeat signs, on a score of its own: what they do to the notes under them is seen there."""
    score = with_similes(sign_sheet())
    try:
        seen = importer.read(write_musicxml(score))
    except EngravingFailed:
        return
    agreements = compare(expected(score, WEINBERG), seen)
    if Feature.SIMILE in agreements:
        total[Feature.SIMILE] = agreements[Feature.SIMILE]
        total[Feature.UNDER_SIMILE] = agreements[Feature.PLACE]


def _play_all(scores: Iterable[tuple[str, Score]]) -> LilypondResult:
    version = by_lilypond.version()
    if version is None:
        return LilypondResult(None, 0, 0, 0, 0, (), 0)
    unplayed: list[str] = []

    def play(named: tuple[str, Score]) -> by_lilypond.Played:
        name, score = named
        try:
            return by_lilypond.play(with_similes(score))
        except EngravingFailed as error:
            unplayed.append(f"{name}: {error.message}")
            return by_lilypond.Played(0, 0, 0, (), 0)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        played = list(pool.map(play, scores))
    return LilypondResult(
        version,
        len(played) - len(unplayed),
        sum(p.notes for p in played),
        sum(p.right for p in played),
        sum(p.extra for p in played),
        (*unplayed, *(line for p in played for line in p.complaints)),
        sum(abs(p.heads) for p in played),
    )
