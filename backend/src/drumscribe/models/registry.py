"""The model store: model files by name, fetched once, checked by sha256, kept in a cache folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import ModelCorrupt, ModelUnavailable, OutputError
from drumscribe.models.sources.fetch import fetch
from drumscribe.models.sources.task import FetchTask

Progress = Callable[[int, int], None]

# How soon a wait for another process's download notices its end, or that it was cancelled.
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything that is known of a model file before it is fetched.

    uri: where it comes from; see drumscribe.models.sources.fetch for the schemes.
    sha256: of the final file (not of an archive around it), 64 hexadecimal digits; mandatory.
    size_bytes: of the final file; None if it is not known.
    licence: the terms of the weights, in a few words.
    notice: the attribution or restriction that a user must get to see; may be empty.
    group: what a user asks for; files that are of no use without each other share one. The name
        itself if not given.
    """

    name: str
    version: str
    uri: str
    sha256: str
    size_bytes: int | None
    filename: str
    licence: str
    notice: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.name)
        for field in ("name", "version", "filename"):
            value = getattr(self, field)
            # They become a path inside the cache folder.
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", value):
                raise ValueError(f"{field} must be a plain file name, got {value!r}")
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ValueError(f"sha256 must be 64 lower-case hex digits, got {self.sha256!r}")
        if self.size_bytes is not None and self.size_bytes <= 0:
            raise ValueError(f"size_bytes must be positive, got {self.size_bytes}")

    @property
    def ref(self) -> ModelRef:
        """What a transcription keeps of the model."""
        return ModelRef(self.name, self.version, self.sha256)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ModelState(StrEnum):
    """What the cache holds of a model."""

    MISSING = "missing"
    CACHED = "cached"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One line of a listing. path: where the file is, or would be."""

    spec: ModelSpec
    state: ModelState
    path: Path


class ModelStore:
    """Model files in one folder: <cache_dir>/<name>/<version>/<filename>.

    A file takes its place by rename after its sha256 was found right, so what stands there is
    whole; processes that want the same file at the same time fetch it once.

    cache_dir: default is the user's cache folder.
    offline: never touch the network; what is not in the cache is unavailable.
    """

    def __init__(self, cache_dir: Path | None = None, *, offline: bool = False) -> None:
        # Absolute: the package clients run in a folder of their own.
        self.cache_dir = (_default_cache_dir() if cache_dir is None else cache_dir).absolute()
        self.offline = offline
        # Files whose hash this process has seen to be right, with what stat said of them then:
        # hashing 174 MB takes half a second.
        self._verified: dict[Path, tuple[str, int, int]] = {}

    def path(self, spec: ModelSpec) -> Path:
        """Where the model's file is, or would be."""
        return self.cache_dir / spec.name / spec.version / spec.filename

    def state(self, spec: ModelSpec) -> ModelState:
        """What the cache holds; reads and hashes the file the first time.

        A file that cannot be read (of another user, on a broken disk) is as good as damaged.
        """
        path = self.path(spec)
        try:
            stat = path.stat()
        except OSError:
            return ModelState.MISSING
        seen = (spec.sha256, stat.st_size, stat.st_mtime_ns)
        if self._verified.get(path) == seen:
            return ModelState.CACHED
        has_its_size = spec.size_bytes in (None, stat.st_size)
        try:
            if not has_its_size or _sha256_of(path) != spec.sha256:
                return ModelState.CORRUPT
        except OSError:
            return ModelState.CORRUPT
        self._verified[path] = seen
        return ModelState.CACHED

    def listing(self, specs: Iterable[ModelSpec]) -> tuple[ModelStatus, ...]:
        """The state of each of the models."""
        return tuple(ModelStatus(spec, self.state(spec), self.path(spec)) for spec in specs)

    def path_if_cached(self, spec: ModelSpec) -> Path | None:
        """The file if it is in the cache and whole, else None. Never touches the network."""
        return self.path(spec) if self.state(spec) is ModelState.CACHED else None

    def verify(self, spec: ModelSpec) -> Path:
        """Read and hash the cached file again, whatever was seen before; return its path.

        Raises ModelUnavailable if it is not in the cache, ModelCorrupt if it has another content.
        """
        path = self.path(spec)
        self._verified.pop(path, None)
        match self.state(spec):
            case ModelState.CACHED:
                return path
            case ModelState.CORRUPT:
                raise ModelCorrupt(
                    f"The file of model {spec} is damaged: {path} {_found(path)}, expected "
                    f"{_expected(spec)}. `drumscribe models download {spec.group}` replaces it."
                )
            case ModelState.MISSING:
                raise ModelUnavailable(f"The model {spec} is not in the cache ({path}).")

    def ensure(self, spec: ModelSpec, on_progress: Progress | None = None) -> Path:
        """The model's file, fetched if it is not there or damaged.

        on_progress: called as on_progress(done_bytes, total_bytes), only if something is fetched;
            done_bytes may come from the size of a growing archive and is then approximate. It may
            raise to cancel.

        Raises ModelUnavailable (offline, unreachable, no client), ModelCorrupt (what came has
        another sha256) or OutputError (the cache folder cannot be written).
        """
        state = self.state(spec)
        path = self.path(spec)
        if state is ModelState.CACHED:
            return path
        if self.offline:
            raise ModelUnavailable(_offline_message(spec, state, path))

        def report(done_bytes: int) -> None:
            if on_progress is not None:
                total_bytes = done_bytes if spec.size_bytes is None else spec.size_bytes
                on_progress(min(done_bytes, total_bytes), total_bytes)

        def waiting() -> bool:
            report(0)  # may raise to cancel
            return False

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.with_name(f".{spec.filename}.lock")
            with FileLock(lock).acquire(poll_interval=_POLL_SECONDS, cancel_check=waiting):
                # Another process may have fetched it while this one waited.
                if self.state(spec) is not ModelState.CACHED:
                    self._fetch(spec, path, report)
        except OSError as error:
            raise OutputError(
                f"The model cache {self.cache_dir} cannot be written: {error}. "
                "Set another folder with MODEL_CACHE_DIR."
            ) from error
        report(path.stat().st_size)
        return path

    def _fetch(self, spec: ModelSpec, path: Path, report: Callable[[int], None]) -> None:
        part = path.with_name(f".{spec.filename}.part")
        task = FetchTask(spec.uri, part, spec.size_bytes, report)
        report(0)
        resumed = part.exists()
        fetch(task)
        found = _sha256_of(part)
        if found != spec.sha256 and resumed:
            # The beginning came from an interrupted transfer, perhaps of another content.
            part.unlink()
            fetch(task)
            found = _sha256_of(part)
        if found != spec.sha256:
            size = part.stat().st_size
            part.unlink()
            raise ModelCorrupt(
                f"What came for model {spec} from {spec.uri} is not that model: {size} bytes with "
                f"sha256 {found}, expected {_expected(spec)}."
            )
        part.replace(path)


def _default_cache_dir() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("drumscribe", appauthor=False)) / "models"


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _expected(spec: ModelSpec) -> str:
    size = "" if spec.size_bytes is None else f"{spec.size_bytes} bytes with "
    return f"{size}sha256 {spec.sha256}"


def _found(path: Path) -> str:
    try:
        return f"has {path.stat().st_size} bytes with sha256 {_sha256_of(path)}"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _offline_message(spec: ModelSpec, state: ModelState, path: Path) -> str:
    found = "is damaged in the cache" if state is ModelState.CORRUPT else "is not in the cache"
    return (
        f"The model {spec} {found} and downloading is switched off. While online, run "
        f"`drumscribe models download {spec.group}`, or put the file (sha256 {spec.sha256}) "
        f"at {path}."
    )
