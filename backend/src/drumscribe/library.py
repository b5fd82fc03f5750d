"""The library: `transcribe()` for one recording, `Transcriber` for many."""

from __future__ import annotations

import dataclasses
import inspect
import logging
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import Final, TypeVar, Unpack

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.drums import Activations, Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.said import Said
from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import ALL_WISHES, PageWishes, Wishes
from drumscribe.errors import EngravingFailed, InvalidOption, OutputError
from drumscribe.models.registry import ModelSpec, ModelStore
from drumscribe.notation.bringing.changes import Brought
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline import run
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.files import arrays, codec
from drumscribe.pipeline.files.atomic import write_bytes
from drumscribe.pipeline.files.formats import (
    DEFAULT_FORMATS,
    FORMATS,
    STEM_SUFFIXES,
    Engravers,
    Sheet,
)
from drumscribe.pipeline.files.writing import write_formats
from drumscribe.pipeline.models import DownloadProgress, ModelSet
from drumscribe.pipeline.reviewing.review import ReviewGroup, review
from drumscribe.separation.stems import Separation

logger = logging.getLogger(__name__)

_NO_WISHES: Final = Wishes()
_STANDARD_PAGE: Final = PageWishes()
_ANY_ENGRAVER: Final = Engravers()
_USUAL_LENGTHS: Final = DecodeLimits()

StageProgress = Callable[[str, float], None]
Function = TypeVar("Function", bound=Callable[..., object])


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
        page: PageWishes = _STANDARD_PAGE,
        engravers: Engravers = _ANY_ENGRAVER,
    ) -> None:
        self.transcript = transcript
        self.activations = activations
        self.page = page
        self.engravers = engravers

    def said_to_be_from(self, source: str) -> Transcription:
        """The same with another name of the recording: an address, say."""
        return Transcription(
            dataclasses.replace(self.transcript, source=source),
            activations=self.activations,
            page=self.page,
            engravers=self.engravers,
        )

    @classmethod
    def from_json(cls, content: bytes | str, *, page: PageWishes = _STANDARD_PAGE) -> Transcription:
        """Read what to_json wrote. Raises InvalidHits."""
        data = content.encode() if isinstance(content, str) else content
        return cls(codec.transcript_from_json(data), page=page)

    def with_score(self, content: bytes) -> tuple[Transcription, Brought]:
        """The same recording with the notes of a file that was corrected elsewhere.

        content: MusicXML (.mxl too), MIDI, or JSON of ours, told by what is in it. Returns what it
        became, and what became of the notes. Raises ScoreFileError or InvalidHits.
        """
        from drumscribe.pipeline.bring_back import with_brought

        transcript, brought = with_brought(
            content, self.transcript, score=self.score, drum_map=self.page.drum_map
        )
        made = Transcription(transcript, page=self.page, engravers=self.engravers)
        return made, brought

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.transcript.hits

    @property
    def candidates(self) -> tuple[Hit, ...]:
        """Strokes that were nearly heard; their confidence is the chance that they are real."""
        return self.transcript.candidates

    @property
    def review(self) -> tuple[ReviewGroup, ...]:
        """What to check: groups of doubtful hits, then of candidates, by their ids."""
        return review(self.transcript)

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
        score = quantize(transcript.hits, transcript.grid, first=transcript.first_hits)
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
        return Sheet(self.transcript, self.score, self.page, self.engravers)


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
    limits: of the recordings that are accepted.
    detector: another transcriber than the one that ships (see hearing.bundle.chosen_detector).
    """

    def __init__(
        self,
        *,
        cache_dir: str | Path | None = None,
        offline: bool = False,
        threads: int | None = None,
        engravers: Engravers = _ANY_ENGRAVER,
        limits: DecodeLimits = _USUAL_LENGTHS,
        on_download: DownloadProgress | None = None,
        detector: ModelSpec | None = None,
    ) -> None:
        store = ModelStore(None if cache_dir is None else Path(cache_dir), offline=offline)
        self.models = ModelSet(
            store, threads=threads, on_download=on_download, detector_spec=detector
        )
        self.engravers = engravers
        self.limits = limits

    def transcribe(
        self,
        source: str | Path,
        wishes: Wishes = _NO_WISHES,
        *,
        stems: str | Path | None = None,
        on_progress: StageProgress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Transcription:
        """Hear the drums of one recording.

        stems: path without suffix; the drum stem and the backing track are written there as
            <stems>.drums.flac and <stems>.backing.flac (this takes the drums out of the mix;
            separation must not be never).
        on_progress: called as on_progress(stage, fraction); stages are decode, separate, detect,
            beats and engrave.

        Raises InputError, InvalidOption, NoDrumsFound, ModelError, OutputError or Cancelled.
        """
        with LocalContext(on_progress=on_progress, is_cancelled=is_cancelled) as context:
            result = run.transcribe(
                Path(source),
                wishes,
                self.models,
                context,
                limits=self.limits,
                keep_stems=None if stems is None else partial(save_stems, stem=Path(stems)),
            )
            context.begin("engrave")
        return Transcription(
            result.transcript,
            activations=result.activations,
            page=wishes.page,
            engravers=self.engravers,
        )


def save_stems(separation: Separation, stem: Path) -> tuple[Path, Path]:
    """Write <stem>.drums.flac and <stem>.backing.flac; returns their paths."""
    drums, backing = (stem.with_name(stem.name + suffix) for suffix in STEM_SUFFIXES)
    try:
        arrays.write_flac(drums, separation.drums)
        arrays.write_flac(backing, separation.backing)
    except RuntimeError as error:  # libsndfile's own error when the disk is full
        raise OutputError(f"Cannot write the stems to {stem.parent}: {error}.") from error
    return drums, backing


def _naming_every_wish(function: Function) -> Function:
    """Lets help() and editors show the wishes one by one, with their sentences."""
    known = inspect.signature(function)
    own = [entry for entry in known.parameters.values() if entry.kind is not entry.VAR_KEYWORD]
    said = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in ALL_WISHES
    ]
    lines = "".join(f"    {entry.name}: {entry.says}\n" for entry in ALL_WISHES.values())
    function.__doc__ = f"{(function.__doc__ or '').rstrip()}\n\n{lines}"
    shown = known.replace(parameters=[*own, *said])
    function.__signature__ = shown  # type: ignore[attr-defined]
    return function


@_naming_every_wish
def transcribe(
    source: str | Path,
    *,
    stems: str | Path | None = None,
    offline: bool = False,
    on_progress: StageProgress | None = None,
    **said: Unpack[Said],
) -> Transcription:
    """Transcribe the drums of one recording; see Transcriber.transcribe.

    >>> transcription = drumscribe.transcribe("song.mp3")
    >>> transcription.save("out", formats=["pdf", "musicxml"])
    """
    return Transcriber(offline=offline).transcribe(
        source, Wishes.of(said), stems=stems, on_progress=on_progress
    )
