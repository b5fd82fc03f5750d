"""Pages as files, and folders of them compared."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import engraving_pieces
from drumscribe.cli import exit_codes
from drumscribe.cli.main import invoke
from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Score
from drumscribe.errors import InvalidHits, SourceNotFound
from drumscribe.evaluation.notation.comparing import compare_folders, compare_parts
from drumscribe.evaluation.notation.musicxml_parts import part_from_musicxml
from drumscribe.evaluation.notation.parts import (
    Part,
    PartNote,
    part_from_dict,
    part_of_score,
    part_to_dict,
    read_part,
)
from drumscribe.evaluation.notation.positions import Position
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.pipeline.files.codec import hit_to_dict
from engraving_pieces import Piece

KICK, SNARE = Instrument.KICK, Instrument.SNARE


PAGES = [
    engraving_pieces.rock_beat,
    engraving_pieces.shuffle,
    engraving_pieces.six_eight,
    engraving_pieces.seven_eight,
    engraving_pieces.tom_fill,
    engraving_pieces.waltz_with_pickup,
]


def score_of(piece: Piece) -> Score:
    return quantize(piece.hits, piece.grid)


@pytest.mark.parametrize("make_piece", PAGES, ids=lambda make: make.__name__)
def test_part_from_musicxml_of_our_page_is_the_part_of_its_score(
    make_piece: Callable[[], Piece],
) -> None:
    score = score_of(make_piece())
    ours, theirs = part_of_score(score), part_from_musicxml(write_musicxml(score))
    assert [(n.position, n.instrument, n.is_grace) for n in theirs.notes] == [
        (n.position, n.instrument, n.is_grace) for n in ours.notes
    ]
    assert {n.position for n in theirs.notes if n.is_ghost} == {
        n.position for n in ours.notes if n.is_ghost
    }
    assert theirs.metre == ours.metre


def test_part_from_musicxml_compressed_reads_the_same() -> None:
    content = write_musicxml(score_of(engraving_pieces.rock_beat()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>',
        )
        archive.writestr("a.xml", content)
    assert part_from_musicxml(packed.getvalue()) == part_from_musicxml(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"PK no zip",
        b"<score-partwise/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><score-partwise/>',
    ],
)
def test_part_from_musicxml_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidHits):
        part_from_musicxml(content)


def test_part_as_json_reads_back_the_same() -> None:
    part = part_of_score(score_of(engraving_pieces.waltz_with_pickup()))
    assert part_from_dict(json.loads(json.dumps(part_to_dict(part)))) == part


@pytest.mark.parametrize(
    "change",
    [
        {"time_signature": "four"},
        {"notes": [{"bar": 1, "onset": "1/0", "instrument": "kick"}]},
        {"notes": [{"bar": 1, "onset": "0", "instrument": "bongo"}]},
        {"notes": None},
    ],
)
def test_part_from_dict_bad_content_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidHits):
        part_from_dict({**part_to_dict(Part(Metre(4, 4), ())), **change})


def part(*notes: tuple[int, Fraction | int, Instrument], metre: str = "4/4") -> Part:
    """notes: bar, quarters from its start, drum."""
    read_as = Metre.parse(metre)
    return Part(
        read_as,
        tuple(
            PartNote(Position.of(bar, Fraction(quarters), read_as), drum)
            for bar, quarters, drum in notes
        ),
    )


def test_compare_parts_counts_place_and_drum() -> None:
    truth = part((1, 0, KICK), (1, 1, SNARE), (2, 0, KICK))
    written = part((1, 0, KICK), (1, Fraction(4, 3), SNARE), (2, 0, SNARE), (2, 2, KICK))
    score = compare_parts("song", truth, written)
    assert (score.true_notes, score.written_notes, score.strict) == (3, 4, 1)
    assert score.strict_f == pytest.approx(2 / 7)
    assert (score.true_triplets, score.written_triplets) == (0, 1)


def test_compare_parts_one_bar_late_is_found_by_the_shift() -> None:
    places = [(bar, bar % 4, KICK) for bar in range(1, 9)]
    late = part(*((bar + 1, quarters, drum) for bar, quarters, drum in places))
    score = compare_parts("song", part(*places), late)
    assert (score.strict, score.aligned, score.shift) == (0, 8, 1)
    assert score.aligned_f == 1.0


def in_eighths(metre: str, length: Fraction | int, n_eighths: int) -> Part:
    """Four bars of eighths that fill `length` quarters each."""
    return part(
        *(
            (bar, length * Fraction(k, n_eighths), KICK)
            for bar in range(1, 5)
            for k in range(n_eighths)
        ),
        metre=metre,
    )


def test_compare_parts_three_quarters_as_four_in_triplets_are_in_the_wrong_place() -> None:
    # One place of three is the same: the bar line, and what stands two quarters after it.
    score = compare_parts("song", in_eighths("3/4", 3, 6), in_eighths("4/4", 4, 6))
    assert score.aligned_f == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("metre", "length", "other", "other_length", "n_eighths"),
    [
        ("12/8", 6, "4/4", 4, 12),
        ("6/8", 3, "2/4", 2, 6),
        ("7/8", Fraction(7, 2), "7/4", 7, 7),
        ("8/8", 4, "4/4", 4, 8),
        ("2/2", 4, "4/4", 4, 8),
    ],
)
def test_compare_parts_same_beats_or_same_quarters_are_the_same_place(
    metre: str, length: Fraction | int, other: str, other_length: Fraction | int, n_eighths: int
) -> None:
    truth = in_eighths(metre, length, n_eighths)
    score = compare_parts("song", truth, in_eighths(other, other_length, n_eighths))
    assert score.aligned == score.true_notes


def test_compare_parts_bars_of_twice_the_length_are_in_the_wrong_place() -> None:
    score = compare_parts("song", in_eighths("4/4", 4, 8), in_eighths("2/4", 2, 8))
    assert score.aligned_f == pytest.approx(1 / 2)


def test_compare_folders_hits_json_against_musicxml_and_json(tmp_path: Path) -> None:
    truth, estimates = tmp_path / "truth", tmp_path / "estimates"
    truth.mkdir()
    estimates.mkdir()
    piece = engraving_pieces.rock_beat()
    score = score_of(piece)
    (truth / "a.musicxml").write_bytes(write_musicxml(score))
    (truth / "b.json").write_text(json.dumps(part_to_dict(part_of_score(score))))
    (truth / "c.json").write_text(json.dumps(part_to_dict(part_of_score(score))))
    grid = piece.grid
    document = {
        "hits": [hit_to_dict(hit) for hit in piece.hits],
        "beats": grid.beat_times.tolist(),
        "beat_numbers": grid.beat_numbers.tolist(),
        "time_signature": "4/4",
    }
    for name in "ab":
        (estimates / f"{name}.json").write_text(json.dumps(document))
    result = compare_folders(truth, estimates)
    assert result.missing == ("c",)
    assert [p.strict_f for p in result.pages] == [1.0, 1.0, 0.0]
    assert result.aligned_f == pytest.approx(2 * 2 / (3 + 2))
    assert all(p.metre_right for p in result.pages)


def test_compare_folders_with_nothing_in_common_says_so(tmp_path: Path) -> None:
    for name in ("truth", "estimates"):
        (tmp_path / name).mkdir()
    with pytest.raises(SourceNotFound, match="no scores"):
        compare_folders(tmp_path / "truth", tmp_path / "estimates")
    (tmp_path / "truth" / "a.json").write_text("[]")
    (tmp_path / "estimates" / "b.json").write_text("[]")
    with pytest.raises(SourceNotFound, match="no file with the name"):
        compare_folders(tmp_path / "truth", tmp_path / "estimates")


def test_read_part_of_a_file_that_is_neither_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("no json")
    with pytest.raises(InvalidHits):
        read_part(path)


def test_evaluate_notation_command_compares_folders(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("truth", "estimate"):
        (tmp_path / name).mkdir()
        document = json.dumps(part_to_dict(part_of_score(score_of(engraving_pieces.rock_beat()))))
        (tmp_path / name / "a.json").write_text(document)
    folders = ["--reference", str(tmp_path / "truth"), "--estimate", str(tmp_path / "estimate")]
    assert invoke(["evaluate", "notation", *folders, "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)["strict_f"] == 1.0
    assert invoke(["evaluate", "notation", *folders]) == exit_codes.OK
    assert "1.000" in capsys.readouterr().out


def test_evaluate_notation_command_asks_for_both_folders(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert invoke(["evaluate", "notation", "--reference", str(tmp_path)]) == exit_codes.USAGE
    assert "--estimate" in capsys.readouterr().err
