"""Pages as files, folders against folders, Groove MIDI, the report and the command."""

import io
import json
import zipfile
from dataclasses import replace
from fractions import Fraction

import mido
import numpy as np
import pytest

from drumscribe.cli import exit_codes
from drumscribe.cli.main import invoke
from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.errors import InvalidHits, SourceNotFound
from drumscribe.evaluation.notation.comparing import compare_folders, compare_parts
from drumscribe.evaluation.notation.conditions import conditions
from drumscribe.evaluation.notation.groove_midi import (
    judge_groove,
    read_performance,
    true_slots,
    validation_files,
)
from drumscribe.evaluation.notation.judging import Position
from drumscribe.evaluation.notation.lines import Line
from drumscribe.evaluation.notation.musicxml_parts import part_from_musicxml
from drumscribe.evaluation.notation.parts import (
    Part,
    PartNote,
    part_from_dict,
    part_of_score,
    part_to_dict,
    read_part,
)
from drumscribe.evaluation.notation.performing import perform_exactly
from drumscribe.evaluation.notation.pieces import PieceWish, compose
from drumscribe.evaluation.notation.report import build_report
from drumscribe.evaluation.notation.study import Task, run_study
from drumscribe.evaluation.notation.tables import as_text, worst_pieces
from drumscribe.notation.quantize import quantize
from drumscribe.notation.writers.musicxml import write_musicxml
from drumscribe.pipeline.codec import hit_to_dict

KICK, SNARE = Instrument.KICK, Instrument.SNARE


def page(metre: str, *, pickup: bool = False, seed: int = 0):
    """A performance and the score that is written from it."""
    wish = PieceWish(metre=Metre.parse(metre), pickup=pickup, ornaments=0.2)
    performance = perform_exactly(compose(wish, np.random.default_rng(seed)))
    return performance, quantize(performance.hits, performance.grid)


@pytest.mark.parametrize("metre", ["2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8"])
@pytest.mark.parametrize("pickup", [False, True])
def test_part_from_musicxml_of_our_page_is_the_part_of_its_score(metre, pickup):
    score = page(metre, pickup=pickup)[1]
    ours, theirs = part_of_score(score), part_from_musicxml(write_musicxml(score))
    assert [(n.position, n.instrument, n.is_grace) for n in theirs.notes] == [
        (n.position, n.instrument, n.is_grace) for n in ours.notes
    ]
    assert {n.position for n in theirs.notes if n.is_ghost} == {
        n.position for n in ours.notes if n.is_ghost
    }
    assert theirs.metre == ours.metre


def test_part_from_musicxml_compressed_reads_the_same():
    content = write_musicxml(page("4/4")[1])
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
def test_part_from_musicxml_anything_else_is_refused(content):
    with pytest.raises(InvalidHits):
        part_from_musicxml(content)


def test_part_as_json_reads_back_the_same():
    part = part_of_score(page("7/8", pickup=True)[1])
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
def test_part_from_dict_bad_content_is_refused(change):
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


def test_compare_parts_counts_place_and_drum():
    truth = part((1, 0, KICK), (1, 1, SNARE), (2, 0, KICK))
    written = part((1, 0, KICK), (1, Fraction(4, 3), SNARE), (2, 0, SNARE), (2, 2, KICK))
    score = compare_parts("song", truth, written)
    assert (score.true_notes, score.written_notes, score.strict) == (3, 4, 1)
    assert score.strict_f == pytest.approx(2 / 7)
    assert (score.true_triplets, score.written_triplets) == (0, 1)


def test_compare_parts_one_bar_late_is_found_by_the_shift():
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


def test_compare_parts_three_quarters_as_four_in_triplets_are_in_the_wrong_place():
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
    metre, length, other, other_length, n_eighths
):
    truth = in_eighths(metre, length, n_eighths)
    score = compare_parts("song", truth, in_eighths(other, other_length, n_eighths))
    assert score.aligned == score.true_notes


def test_compare_parts_bars_of_twice_the_length_are_in_the_wrong_place():
    score = compare_parts("song", in_eighths("4/4", 4, 8), in_eighths("2/4", 2, 8))
    assert score.aligned_f == pytest.approx(1 / 2)


def test_compare_folders_hits_json_against_musicxml_and_json(tmp_path):
    truth, estimates = tmp_path / "truth", tmp_path / "estimates"
    truth.mkdir()
    estimates.mkdir()
    performance, score = page("4/4")
    (truth / "a.musicxml").write_bytes(write_musicxml(score))
    (truth / "b.json").write_text(json.dumps(part_to_dict(part_of_score(score))))
    (truth / "c.json").write_text(json.dumps(part_to_dict(part_of_score(score))))
    grid = performance.grid
    document = {
        "hits": [hit_to_dict(hit) for hit in performance.hits],
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


def test_compare_folders_with_nothing_in_common_says_so(tmp_path):
    for name in ("truth", "estimates"):
        (tmp_path / name).mkdir()
    with pytest.raises(SourceNotFound, match="no scores"):
        compare_folders(tmp_path / "truth", tmp_path / "estimates")
    (tmp_path / "truth" / "a.json").write_text("[]")
    (tmp_path / "estimates" / "b.json").write_text("[]")
    with pytest.raises(SourceNotFound, match="no file with the name"):
        compare_folders(tmp_path / "truth", tmp_path / "estimates")


def test_read_part_of_a_file_that_is_neither_is_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("no json")
    with pytest.raises(InvalidHits):
        read_part(path)


@pytest.fixture
def groove(tmp_path):
    """A folder like Groove MIDI's with one performance: rock at 120, 8 bars, a little loose."""
    rng = np.random.default_rng(0)
    file, track = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack()
    file.tracks.append(track)
    strokes = []
    for bar in range(8):
        for eighth in range(8):
            keys = [42, *([36] if eighth in (0, 4, 5) else []), *([38] if eighth in (2, 6) else [])]
            at = (bar * 4 + eighth / 2) * 480 + 5 * rng.standard_normal() + 10
            strokes += [(max(0, round(at)), key) for key in keys]
    # Between slots, nobody can say what was meant.
    strokes.append((round(480 * (4 + 0.125)), 38))
    now = 0
    for ticks, key in sorted(strokes):
        track.append(mido.Message("note_on", note=key, velocity=90, time=ticks - now))
        now = ticks
    folder = tmp_path / "drummer5" / "session1"
    folder.mkdir(parents=True)
    file.save(folder / "1_rock_120_beat_4-4.mid")
    (tmp_path / "info.csv").write_text(
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename\n"
        "drummer5,s,drummer5/session1/1,rock,120,beat,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer5,s,drummer5/session1/2,rock,120,fill,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer1,s,drummer1/session1/1,rock,120,beat,4-4,drummer5/session1/1_rock_120_beat_4-4.mid\n"
        "drummer6,s,drummer6/session1/1,rock,120,beat,4-4,drummer6/gone.mid\n"
    )
    return tmp_path


def test_validation_files_are_beats_of_validation_drummers_that_are_there(groove):
    assert [row["id"] for row in validation_files(groove, limit=9, seed=0)] == [
        "drummer5/session1/1"
    ]
    with pytest.raises(SourceNotFound):
        validation_files(groove / "drummer5", limit=9, seed=0)


def test_true_slots_takes_the_offset_off_and_leaves_doubtful_strokes_out(groove):
    performance = read_performance(groove, validation_files(groove, limit=9, seed=0)[0])
    slots = true_slots(performance)
    assert slots.count(None) == 1
    assert {slot % 1 for slot in slots if slot is not None} == {Fraction(0), Fraction(1, 2)}
    assert max(slot for slot in slots if slot is not None) == Fraction(63, 2)


def test_judge_groove_of_an_easy_performance_is_right(groove):
    result = judge_groove(read_performance(groove, validation_files(groove, limit=9, seed=0)[0]))
    assert result.usable
    assert result.known_right == result.known_aligned == result.clear
    assert result.doubtful == 1
    assert result.beats.metre_right


@pytest.fixture(scope="module")
def small_report():
    chosen = [c for c in conditions() if c.name in ("clean 4/4", "straight, 15 ms")]
    tasks = [Task(condition=c, index=0, seed=1) for c in chosen]
    return build_report(list(run_study(tasks, jobs=1)), [])


def test_report_has_a_row_per_condition_and_plain_values(small_report):
    assert [row.condition for row in small_report.known] == ["clean 4/4", "straight, 15 ms"]
    assert len(small_report.tracked) == len(small_report.beats_in_metre) == 2
    document = json.loads(json.dumps(small_report.to_dict(), allow_nan=False))
    assert document["pieces"][0]["metre"] == "4/4"
    assert document["pieces"][0]["beats"]["metre"] in ("4/4", "3/4", "2/4")
    assert {line["passes"] for line in document["lines"]} <= {True, False, None}


def test_report_as_text_names_every_line_that_was_measured(small_report):
    text = as_text(small_report)
    for line in small_report.lines:
        assert (line.measure in text) == (line.value is not None)
    assert isinstance(worst_pieces(small_report.pieces, 3), str)


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (Line("a", 0.99, at_least=0.99), True),
        (Line("a", 0.98, at_least=0.99), False),
        (Line("a", 1.0, at_most=0), False),
        (Line("a", 0.0, at_most=0), True),
        (Line("a", 0.5), None),
        (Line("a", None, at_least=0.99), None),
    ],
)
def test_line_passes_at_its_bar(line, passes):
    assert line.passes is passes


def test_run_study_in_two_processes_gives_the_same():
    condition = next(c for c in conditions() if c.name == "clean 3/4")
    tasks = [Task(condition=condition, index=k, seed=0, tracked=False) for k in range(2)]
    assert list(run_study(tasks, jobs=2)) == list(run_study(tasks, jobs=1))


def test_evaluate_notation_command_prints_json_and_the_same_again(capsys):
    arguments = ["evaluate", "notation", "--scores", "1", "--condition", "clean 5/4"]
    documents = []
    for _ in range(2):
        assert invoke([*arguments, "--beats", "known", "--json", "-j", "1"]) == exit_codes.OK
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0] == documents[1]
    assert documents[0]["known"][0]["aligned"] >= 0.99
    assert documents[0]["tracked"] == []


def test_evaluate_notation_command_usage_errors(capsys, tmp_path):
    assert invoke(["evaluate", "notation", "--reference", str(tmp_path)]) == exit_codes.USAGE
    assert invoke(["evaluate", "notation", "--condition", "nonsense"]) == exit_codes.USAGE
    assert "nonsense" in capsys.readouterr().err


def test_evaluate_notation_command_compares_folders(capsys, tmp_path):
    for name in ("truth", "estimate"):
        (tmp_path / name).mkdir()
        document = json.dumps(part_to_dict(part_of_score(page("4/4")[1])))
        (tmp_path / name / "a.json").write_text(document)
    folders = ["--reference", str(tmp_path / "truth"), "--estimate", str(tmp_path / "estimate")]
    assert invoke(["evaluate", "notation", *folders, "--json"]) == exit_codes.OK
    assert json.loads(capsys.readouterr().out)["strict_f"] == 1.0
    assert invoke(["evaluate", "notation", *folders]) == exit_codes.OK
    assert "1.000" in capsys.readouterr().out


def test_check_fails_where_a_bar_is_not_reached(capsys, monkeypatch):
    from drumscribe.evaluation.notation import report as module

    real = module.build_report
    failing = Line("impossible", 0.0, at_least=1.0)
    monkeypatch.setattr(module, "build_report", lambda *a: replace(real(*a), lines=(failing,)))
    arguments = ["evaluate", "notation", "--scores", "1", "--condition", "clean 4/4", "-j", "1"]
    arguments += ["--beats", "known"]
    assert invoke(arguments) == exit_codes.OK
    assert invoke([*arguments, "--check"]) == exit_codes.RUNTIME_ERROR
    assert "FAIL" in capsys.readouterr().out
