"""The library: `transcribe()` for one recording, `Transcriber` for many."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from drumscribe.domain.drums import Activations, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import EngravingFailed, InvalidOption, OutputError
from drumscribe.models.registry import ModelSpec, ModelStore
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline import codec, run
from drumscribe.pipeline.atomic import write_bytes
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.formats import (
    DEFAULT_FORMATS,
    FORMATS,
    STEM_SUFFIXES,
    EngraveOptions,
    Sheet,
)
from drumscribe.pipeline.models import DownloadProgress, ModelSet
from drumscribe.pipeline.options import SeparationMode, TranscribeOptions
from drumscribe.pipeline.writing import write_formats
from drumscribe.separation.stems import Separation

logger = logging.getLogger(__name__)

StageProgress = Callable[[str, float], None]


class Transcription:
    """The drums of one recording, ready to be written.

    transcript: hits, beats, warnings and where they came from.
    activations: what the network said, frame by frame; None if it was read from a file.
    """

    def __init__(
        self,
        transcript: Transcript,
        *,
        activations: Activations | None = None,
        engraving: EngraveOptions | None = None,
    ) -> None:
        self.transcript = transcript
        self.activations = activations
        self.engraving = engraving or EngraveOptions()

    @classmethod
    def from_json(
        cls, content: bytes | str, *, engraving: EngraveOptions | None = None
    ) -> Transcription:
        """Read what to_json wrote. Raises InvalidHits."""
        data = content.encode() if isinstance(content, str) else content
        return cls(codec.transcript_from_json(data), engraving=engraving)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.transcript.hits

    @property
    def beats(self) -> BeatGrid:
        return self.transcript.grid

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(str(warning) for warning in self.transcript.warnings)

    @cached_property
    def score(self) -> Score:
        """The page as music; quantised when first asked for."""
        transcript = self.transcript
        score = quantize(transcript.hits, transcript.grid)
        return dataclasses.replace(
            score, title=transcript.title, artist=transcript.artist, source=transcript.source
        )

    def to_musicxml(self) -> str:
        """MusicXML 4.0."""
        return self._one("musicxml").decode()

    def to_midi(self, *, performance: bool = False) -> bytes:
        """A MIDI file: quantised, or as played with the tempo map of the recording."""
        return self._one("midi-performance" if performance else "midi")

    def to_pdf(self) -> bytes:
        """The page. Raises EngravingFailed where no engraver works."""
        return self._one("pdf")

    def to_svg(self) -> list[str]:
        """The pages as SVG. Raises EngravingFailed where Verovio is missing."""
        return [page.decode() for page in self._parts("svg")]

    def to_json(self) -> str:
        """Everything, as one document."""
        return self._one("json").decode()

    def to_csv(self) -> str:
        """The hits as a table."""
        return self._one("csv").decode()

    def save(
        self,
        folder: str | Path = ".",
        *,
        name: str | None = None,
        formats: Iterable[str] = DEFAULT_FORMATS,
    ) -> dict[str, list[Path]]:
        """Write files `<name>.<suffix>`, each whole or not at all; returns the paths per format.

        A page that cannot be engraved is left out with a logged warning, so that the other
        formats are not lost; ask for the PDF alone to get the error.

        name: default is the recording's name.
        Raises InvalidOption for an unknown format and OutputError where nothing can be written.
        """
        wanted = tuple(dict.fromkeys(formats))
        unknown = [entry for entry in wanted if entry not in FORMATS]
        if unknown:
            raise InvalidOption(
                f"Unknown format {', '.join(unknown)}; choose from {', '.join(FORMATS)}."
            )
        stem = name or Path(self.transcript.source or "drums").stem
        written: dict[str, list[Path]] = {}
        for form, parts in write_formats(self._sheet(), wanted):
            if isinstance(parts, EngravingFailed):
                if len(wanted) == 1:
                    raise parts
                logger.warning("No %s for %s: %s", form.name, stem, parts.message)
                continue
            written[form.name] = [
                _write_part(Path(folder), stem, form.suffix, part, number, len(parts))
                for number, part in enumerate(parts, start=1)
            ]
        return written

    def _one(self, name: str) -> bytes:
        return self._parts(name)[0]

    def _parts(self, name: str) -> list[bytes]:
        return FORMATS[name].write(self._sheet())

    def _sheet(self) -> Sheet:
        return Sheet(self.transcript, self.score, self.engraving)


def _write_part(
    folder: Path, stem: str, suffix: str, content: bytes, number: int, count: int
) -> Path:
    page = f"-{number}" if count > 1 else ""
    path = folder / f"{stem}{page}{suffix}"
    write_bytes(path, content)
    return path


class Transcriber:
    """Transcribes any number of recordings; models are loaded once.

    cache_dir: where fetched models are kept; None is the user's cache folder.
    offline: never use the network.
    threads: for the networks; None takes the usable cores, at most 4.
    detector: another transcriber than the one that ships (see hearing.bundle.chosen_detector).
    """

    def __init__(
        self,
        *,
        cache_dir: str | Path | None = None,
        offline: bool = False,
        threads: int | None = None,
        engraving: EngraveOptions | None = None,
        on_download: DownloadProgress | None = None,
        detector: ModelSpec | None = None,
    ) -> None:
        store = ModelStore(None if cache_dir is None else Path(cache_dir), offline=offline)
        self.models = ModelSet(
            store, threads=threads, on_download=on_download, detector_spec=detector
        )
        self.engraving = engraving or EngraveOptions()

    def transcribe(
        self,
        source: str | Path,
        options: TranscribeOptions | None = None,
        *,
        stems: str | Path | None = None,
        on_progress: StageProgress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Transcription:
        """Hear the drums of one recording.

        stems: path without suffix; the drum stem and the backing track are written there as
            <stems>.drums.flac and <stems>.backing.flac (this takes the drums out of the mix,
            whatever options.separation says, unless it is never).
        on_progress: called as on_progress(stage, fraction); stages are decode, separate, detect,
            beats and engrave.

        Raises InputError, NoDrumsFound, ModelError, OutputError or Cancelled.
        """
        options = options or TranscribeOptions()
        if stems is not None:
            options = dataclasses.replace(options, wants_stems=True)

        def keep_stems(separation: Separation) -> None:
            if stems is not None:
                save_stems(separation, Path(stems))

        with LocalContext(on_progress=on_progress, is_cancelled=is_cancelled) as context:
            result = run.transcribe(
                Path(source), options, self.models, context, keep_stems=keep_stems
            )
            context.begin("engrave")
        return Transcription(
            result.transcript, activations=result.activations, engraving=self.engraving
        )


def save_stems(separation: Separation, stem: Path) -> tuple[Path, Path]:
    """Write <stem>.drums.flac and <stem>.backing.flac; returns their paths."""
    drums, backing = (stem.with_name(stem.name + suffix) for suffix in STEM_SUFFIXES)
    try:
        codec.write_flac(drums, separation.drums)
        codec.write_flac(backing, separation.backing)
    except RuntimeError as error:  # libsndfile's own error when the disk is full
        raise OutputError(f"Cannot write the stems to {stem.parent}: {error}.") from error
    return drums, backing


def transcribe(
    source: str | Path,
    *,
    bpm: float | None = None,
    time_signature: str | Metre | None = None,
    bar_one_at_seconds: float | None = None,
    tempo_factor: float = 1.0,
    separation: str | SeparationMode = SeparationMode.AUTO,
    sensitivity: float = 0.5,
    sensitivity_by_instrument: Mapping[str, float] | None = None,
    start_seconds: float | None = None,
    end_seconds: float | None = None,
    title: str | None = None,
    artist: str | None = None,
    stems: str | Path | None = None,
    offline: bool = False,
    on_progress: StageProgress | None = None,
) -> Transcription:
    """Transcribe the drums of one recording; see TranscribeOptions and Transcriber.transcribe.

    >>> transcription = drumscribe.transcribe("song.mp3")
    >>> transcription.save("out", formats=["pdf", "musicxml"])
    """
    try:
        metre = Metre.parse(time_signature) if isinstance(time_signature, str) else time_signature
        mode = SeparationMode(separation)
        exceptions = {Instrument(k): v for k, v in (sensitivity_by_instrument or {}).items()}
    except ValueError as error:
        raise InvalidOption(f"{error}.") from None
    options = TranscribeOptions(
        bpm=bpm,
        metre=metre,
        bar_one_at_seconds=bar_one_at_seconds,
        tempo_factor=tempo_factor,
        separation=mode,
        sensitivity=sensitivity,
        sensitivity_by_instrument=exceptions,
        start_seconds=start_seconds,
        end_seconds=end_seconds,
        title=title,
        artist=artist,
    )
    return Transcriber(offline=offline).transcribe(
        source, options, stems=stems, on_progress=on_progress
    )
