"""The groove in words."""

from collections.abc import Sequence
from fractions import Fraction

from drumscribe.domain.drums import Instrument
from drumscribe.domain.score import Score
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure.feel import BackBeat, TimeKeeper, feel_of
from drumscribe.notation.writers.lilypond import write_lilypond
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES, T3, H, K, R, S, Writer, eighths, steady_grid


def score_of(
    snares: Sequence[Fraction | float],
    *,
    keeper: Instrument = H,
    swung: bool = False,
    bars: int = 8,
) -> Score:
    w = Writer(steady_grid("4/4", bars, bpm=110))
    second = Fraction(2, 3) if swung else Fraction(1, 2)
    for bar in range(bars):
        w.add(keeper, *[beat + part for beat in range(4) for part in (0, second)], bar=bar)
        w.add(K, 0, bar=bar)
        w.add(S, *snares, bar=bar)
    piece = w.piece()
    return quantize(piece.hits, piece.grid)


def words(score: Score) -> str | None:
    return score.measures[0].words


def test_feel_is_said_at_the_tempo() -> None:
    assert words(score_of([1, 3])) == "Straight 8ths"
    assert words(score_of([2])) == "Half-time feel"
    assert words(score_of([1, 3], swung=True)) == "Shuffle"
    assert words(score_of([2], swung=True)) == "Half-time shuffle"
    assert words(score_of([], keeper=R, swung=True)) == "Swing"
    assert words(quantize((), steady_grid("4/4", 2))) is None


def test_feel_stands_in_lilypond_and_musicxml_once() -> None:
    score = score_of([2])
    assert write_lilypond(score).count('"Half-time feel"') == 1
    assert write_musicxml(score).count(b"Half-time feel") == 1
    swung = score_of([2], swung=True)
    assert b">Half-time shuffle<" in write_musicxml(swung)
    assert b">Swing<" not in write_musicxml(swung)


def test_feel_knows_what_keeps_the_time() -> None:
    assert feel_of(score_of([1, 3]).measures).keeper is TimeKeeper.HATS
    assert feel_of(score_of([1, 3], keeper=T3).measures).keeper is TimeKeeper.TOMS
    assert feel_of(score_of(eighths(), keeper=R).measures).keeper is TimeKeeper.RIDE
    assert feel_of(score_of([0.5, 1.5, 2.5, 3.5]).measures).backbeat is BackBeat.DOUBLE_TIME


def test_feel_of_a_page_with_a_pickup_stands_at_its_tempo() -> None:
    piece = PIECES["waltz-with-pickup"]()
    score = quantize(piece.hits, piece.grid)
    assert [m.words for m in score.measures if m.words] == []
