"""One drum per tom, in the order of their pitch."""

import random

import pytest

from lab.render import toms


def entry(source: str) -> dict[str, str]:
    return {"src": source, "file": source}


@pytest.mark.parametrize(
    ("sources", "drums"),
    [
        (["note 41 vel 120", "note 43 vel 40", "note 43 vel 120"], 2),
        (["43_v1.wav", "41_v1.wav", "45_v2.wav"], 3),
        (["1-Tom3-OHL.flac", "4-Tom2-OHL.flac"], 2),
        (["LT00.WAV", "LT75.WAV"], 2),
        (["tom-ll.wav", "tom-l.wav"], 2),
        (["TomLow-0.wav", "TomLow-4.wav"], 1),
        (["tom-low-1.flac", "tom-low-2.flac"], 1),
        (["41-Pearl16FloorTom-1.flac", "43-Pearl16FloorTomEdge-1.flac"], 1),
    ],
)
def test_one_of_the_drums_is_taken_whole(sources: list[str], drums: int) -> None:
    entries = [entry(source) for source in sources]
    taken = [toms.of_one_drum(random.Random(seed), entries) for seed in range(30)]
    assert len({tuple(e["src"] for e in each) for each in taken}) == drums
    assert sum(map(len, {tuple(e["src"] for e in each) for each in taken})) == len(sources)


def test_tom_with_the_recordings_of_a_higher_one_is_left_out() -> None:
    same = [entry("tom_01.flac"), entry("tom_02.flac")]
    pieces = {"tom_low": [entry("floor.flac")], "tom_mid": same, "tom_high": list(same)}
    assert set(toms.distinct(pieces)) == {"tom_high", "tom_low"}


@pytest.mark.parametrize(
    ("name", "present", "stands_in", "lowest", "highest"),
    [
        ("tom_mid", ("tom_high", "tom_low"), "tom_high", -5, -3),
        ("tom_mid", ("tom_low",), "tom_low", 3, 5),
        ("tom_high", ("tom_low",), "tom_low", 7, 10),
        ("tom_low", ("tom_high",), "tom_high", -10, -7),
        ("tom_low", ("tom_high", "tom_low"), "tom_low", 0, 0),
    ],
)
def test_missing_tom_is_a_neighbour_tuned_to_its_place(
    name: str, present: tuple[str, ...], stands_in: str, lowest: float, highest: float
) -> None:
    kit: dict[str, toms.Entries] = {tom: [] for tom in present}
    for seed in range(20):
        found, semitones = toms.stand_in(random.Random(seed), name, kit)
        assert found == stands_in
        assert lowest <= semitones <= highest
