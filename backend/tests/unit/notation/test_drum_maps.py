"""Keys of sound modules, read back by mido."""

import io

import mido
import pytest

from drumscribe.domain.drums import Instrument
from drumscribe.errors import InvalidOption
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_maps import DRUM_MAPS, Sound
from drumscribe.notation.writers.midi import performance_midi, score_midi
from engraving_pieces import T2, H, K, S, Writer, every_sound, steady_grid


def keys_of(content: bytes) -> list[int]:
    midi = mido.MidiFile(file=io.BytesIO(content))
    return [m.note for m in midi if m.type == "note_on" and m.velocity]


def test_every_map_has_a_key_for_every_instrument() -> None:
    for drum_map in DRUM_MAPS.values():
        assert all(Sound(instrument) in drum_map.keys for instrument in Instrument)
        assert all(0 <= key <= 127 for key in drum_map.keys.values())
        assert drum_map.title
        assert drum_map.source


def test_plain_drums_of_a_map_have_different_keys() -> None:
    for drum_map in DRUM_MAPS.values():
        plain = [drum_map.keys[Sound(instrument)] for instrument in Instrument]
        assert len(set(plain)) == len(plain)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("general-midi", [36, 38, 42, 47]),
        ("toontrack", [36, 38, 42, 47]),
        ("addictive-drums", [36, 38, 49, 69]),
        ("roland-td", [36, 38, 42, 45]),
    ],
)
def test_midi_files_under_a_map_play_its_keys(name: str, keys: list[int]) -> None:
    writer = Writer(steady_grid("4/4", 1))
    for beat, drum in enumerate((K, S, H, T2)):
        writer.add(drum, beat)
    piece = writer.piece()
    assert keys_of(performance_midi(piece.hits, piece.grid, drum_map=name)) == keys
    assert keys_of(score_midi(quantize(piece.hits, piece.grid), drum_map=name)) == keys


def test_midi_of_every_sound_plays_keys_of_its_map_only() -> None:
    piece = every_sound()
    for drum_map in DRUM_MAPS.values():
        played = keys_of(performance_midi(piece.hits, piece.grid, drum_map=drum_map.name))
        assert set(played) <= set(drum_map.keys.values())
        assert len(played) == len(piece.hits) + 3  # the small notes of a flam and a drag


def test_unknown_map_is_refused_and_the_known_ones_are_named() -> None:
    piece = every_sound()
    with pytest.raises(InvalidOption, match="roland-td"):
        performance_midi(piece.hits, piece.grid, drum_map="moog")
