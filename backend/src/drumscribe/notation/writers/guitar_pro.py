"""Guitar Pro 5 files: a percussion track that Guitar Pro, TuxGuitar and alphaTab open.

The binary format is written by PyGuitarPro. A percussion track has strings without pitch; the fret
of a note is the key of General MIDI. The loudness of a note is printed as a mark of dynamics in
Guitar Pro, so that notes get the mark of their passage, and ghosts and accents are said by their
own signs. What the format cannot say is left out: a drag keeps one of its small notes, chokes and
the degree of a half-open hat are lost. Of more than seven heads at once the loudest are kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from drumscribe.domain.drums import Articulation
from drumscribe.domain.score import Event, Loudness, Measure, NoteValue, Score, ScoreNote, VoiceRole
from drumscribe.notation.measures.sticking import letters_of
from drumscribe.notation.styles.drum_maps import DRUM_CHANNEL, GENERAL_MIDI
from drumscribe.notation.text import clean_text

if TYPE_CHECKING:
    import guitarpro

_VERSION = (5, 1, 0)
_ENCODING = "cp1252"  # all that the format knows
# Of a percussion track in version 5.
STRINGS: Final = 7
# Quarter notes of a whole note.
WHOLE: Final = 4
# The format's levels: minVelocity + k * velocityIncrement, ppp to fff.
_LEVELS = {
    Loudness.PP: 1,
    Loudness.P: 2,
    Loudness.MP: 3,
    Loudness.MF: 4,
    Loudness.F: 5,
    Loudness.FF: 6,
}
LONGEST_GROUP: Final = 12  # of a tuplet; the format knows no 24 in the time of 16, which is 12 in 8
_NUMBER_OF_VOICE = {VoiceRole.HANDS: 0, VoiceRole.FEET: 1}
_BASES = tuple(Fraction(4, 2**k) for k in range(8))


def write_guitar_pro(score: Score) -> bytes:
    """The score as a Guitar Pro 5.1 file: every bar, two voices, ghosts, accents, flams, tempi.

    Letters outside Western Europe become question marks in title and artist.
    """
    import guitarpro

    song = guitarpro.Song(
        title=_text(score.title),
        artist=_text(score.artist),
        notice=["Transcribed by DrumScribe"],
        tempo=round(score.measures[0].tempo_mark or score.measures[0].quarters_per_minute),
        measureHeaders=[],
        tracks=[],
    )
    start = guitarpro.Duration.quarterTime
    for number, measure in enumerate(score.measures, start=1):
        header = _header(measure, number, start)
        swings = score.swing is not None and not measure.is_straight
        feel = guitarpro.TripletFeel
        header.tripletFeel = feel.eighth if swings else feel.none
        song.addMeasureHeader(header)
        start = header.end
    track = guitarpro.Track(
        song,
        name="Drums",
        isPercussionTrack=True,
        strings=[guitarpro.GuitarString(k + 1, 0) for k in range(STRINGS)],
        channel=guitarpro.MidiChannel(
            channel=DRUM_CHANNEL, effectChannel=DRUM_CHANNEL, instrument=0
        ),
        settings=guitarpro.TrackSettings(tablature=False),
    )
    song.tracks = [track]
    loudness = Loudness.F
    for measure, target in zip(score.measures, track.measures, strict=True):
        loudness = measure.dynamic or loudness
        _fill(target, measure, loudness, is_first=measure is score.measures[0])
    file = io.BytesIO()
    guitarpro.write(song, file, version=_VERSION, encoding=_ENCODING)
    return file.getvalue()


def _text(text: str | None) -> str:
    return (clean_text(text) or "").encode(_ENCODING, "replace").decode(_ENCODING)


def _header(measure: Measure, number: int, start: int) -> guitarpro.MeasureHeader:
    """A bar as long as the measure: a pickup of one quarter counts as 1/4."""
    import guitarpro

    beats = measure.length * measure.metre.denominator / WHOLE
    signature = guitarpro.TimeSignature(
        int(beats), guitarpro.Duration(measure.metre.denominator), _beams(measure)
    )
    marker = guitarpro.Marker(measure.rehearsal) if measure.rehearsal else None
    return guitarpro.MeasureHeader(number, start, timeSignature=signature, marker=marker)


def _beams(measure: Measure) -> list[int]:
    """How many eighths each beam holds; the format has room for four groups."""
    eighths = [max(1, int(group * 2)) for group in measure.groups]
    return (eighths + [0] * 4)[:4]


def _fill(
    target: guitarpro.Measure, measure: Measure, loudness: Loudness, *, is_first: bool
) -> None:
    import guitarpro

    for voice in measure.voices:
        into = target.voices[_NUMBER_OF_VOICE[voice.role]]
        now = target.start
        for event in voice.events:
            if event.is_full_measure_rest and not measure.is_empty:
                break
            for beat in _beats(event, into, loudness):
                beat.start = now
                now += beat.duration.time
                into.beats.append(beat)
    if not target.voices[0].beats:
        target.voices[0].beats = [
            guitarpro.Beat(target.voices[0], duration=duration, status=guitarpro.BeatStatus.rest)
            for duration in _rest_durations(measure.length)
        ]
    if not target.voices[1].beats:
        target.voices[1].beats = [guitarpro.Beat(target.voices[1])]
    if measure.tempo_mark is not None and not is_first:
        tempo = guitarpro.MixTableItem(round(measure.tempo_mark))
        change = guitarpro.MixTableChange(tempo=tempo, hideTempo=False)
        target.voices[0].beats[0].effect.mixTableChange = change


def _beats(event: Event, voice: guitarpro.Voice, loudness: Loudness) -> Iterator[guitarpro.Beat]:
    import guitarpro

    rest = guitarpro.BeatStatus.rest
    if event.value is None:
        for duration in _rest_durations(event.duration):
            yield guitarpro.Beat(voice, duration=duration, status=rest)
        return
    beat = guitarpro.Beat(voice, duration=_duration(event.value, event), status=rest)
    loudest_first = sorted(event.notes, key=lambda note: -note.velocity)
    for note in loudest_first[:STRINGS]:
        beat.notes.append(_note(beat, note, event, loudness))
        beat.status = guitarpro.BeatStatus.normal
    # The text of a beat, the only word that a percussion track has for hands.
    beat.text = " ".join(letters_of(event)) or None
    yield beat


def _duration(value: NoteValue, event: Event | None = None) -> guitarpro.Duration:
    import guitarpro

    tuplet = guitarpro.Tuplet()
    if event is not None and event.tuplet is not None:
        actual, normal = event.tuplet.actual, event.tuplet.normal
        while actual > LONGEST_GROUP:
            actual, normal = actual // 2, normal // 2
        tuplet = guitarpro.Tuplet(actual, normal)
    assert value.dots <= 1, "no voice is written with two dots"
    return guitarpro.Duration(int(WHOLE / value.base), bool(value.dots), tuplet)


def _rest_durations(length: Fraction) -> list[guitarpro.Duration]:
    """The fewest undotted rests that fill a bar, the longest first."""
    durations = []
    for base in _BASES:
        while base <= length:
            durations.append(_duration(NoteValue(base)))
            length -= base
    return durations


def _note(
    beat: guitarpro.Beat, note: ScoreNote, event: Event, loudness: Loudness
) -> guitarpro.Note:
    import guitarpro

    effect = guitarpro.NoteEffect(accentuatedNote=note.is_accent, ghostNote=note.is_ghost)
    graces = [grace for grace in event.graces if grace.instrument is note.instrument]
    if graces:
        effect.grace = guitarpro.GraceEffect(fret=_key(graces[-1]), velocity=_velocity(loudness))
    if note.articulation is Articulation.ROLL:
        thirty_seconds = guitarpro.Duration(guitarpro.Duration.thirtySecond)
        effect.tremoloPicking = guitarpro.TremoloPickingEffect(thirty_seconds)
    return guitarpro.Note(
        beat,
        value=_key(note),
        velocity=_velocity(loudness),
        string=len(beat.notes) + 1,
        effect=effect,
        type=guitarpro.NoteType.normal,
    )


def _key(note: ScoreNote) -> int:
    return GENERAL_MIDI.key_of(note.instrument, note.articulation)


def _velocity(loudness: Loudness) -> int:
    import guitarpro

    levels = guitarpro.Velocities
    return int(levels.minVelocity + _LEVELS[loudness] * levels.velocityIncrement)
