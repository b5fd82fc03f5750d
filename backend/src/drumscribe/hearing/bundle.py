"""Another drum transcriber than the one that ships: its manifest and networks in one zip file.

One file has one address and one sha256, whatever store it lies in. `drumscribe models bundle`
makes it.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from drumscribe.errors import InvalidOption, ModelCorrupt, ModelUnavailable
from drumscribe.hearing.detection import Detector
from drumscribe.hearing.manifest import (
    STAGES,
    DetectorManifest,
    released_manifest,
    released_weights,
    weights_digest,
)
from drumscribe.models.registry import ModelSpec

DETECTOR: Final = "detector"
MANIFEST_NAME: Final = "manifest.json"
# Dates would give the same content another sha256.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
# The system of a zip's members, by its format.
UNIX: Final = 3
# The networks are some megabytes; a zip may claim anything.
MOST_UNPACKED_BYTES: Final = 1 << 30


def chosen_detector(uri: str, *, sha256: str | None, version: str | None = None) -> ModelSpec:
    """What MODEL_URI, MODEL_SHA256 and MODEL_VERSION mean.

    uri: of a bundle; see drumscribe.models.sources.fetch, or an absolute path.
    version: must be the one in the manifest; None takes whatever stands there.
    Raises InvalidOption.
    """
    if sha256 is None or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InvalidOption(
            "MODEL_URI needs MODEL_SHA256, the sha256 of the file as 64 lower-case hexadecimal "
            "digits: no model is used unchecked."
        )
    try:
        return ModelSpec(
            name=DETECTOR,
            version=version or sha256[:12],
            uri=Path(uri).as_uri() if Path(uri).is_absolute() else uri,
            sha256=sha256,
            size_bytes=None,
            filename=f"{sha256[:12]}.zip",
            licence="yours",
        )
    except ValueError as error:
        raise InvalidOption(f"MODEL_VERSION: {error}.") from None


def read_bundle_manifest(bundle: Path, *, version: str | None = None) -> DetectorManifest:
    """The manifest of a bundle. version: the one that it must have, with or without a leading v.

    Raises ModelCorrupt, ModelUnavailable.
    """
    manifest = DetectorManifest.from_json(_read(bundle, [MANIFEST_NAME])[0].decode())
    if version is not None and version.removeprefix("v") != manifest.version.removeprefix("v"):
        raise ModelCorrupt(
            f"MODEL_VERSION is {version}, but the model at MODEL_URI is "
            f"{manifest.name} {manifest.version}."
        )
    return manifest


def load_bundle(bundle: Path, *, version: str | None = None, threads: int = 1) -> Detector:
    """The detector of a bundle; its networks are read when they are first used.

    Raises ModelCorrupt, ModelUnavailable.
    """
    manifest = read_bundle_manifest(bundle, version=version)
    names = [manifest.files[stage] for stage in STAGES]

    def weights() -> dict[str, bytes]:
        return dict(zip(STAGES, _read(bundle, names), strict=True))

    return Detector(manifest, weights, threads=threads)


def bundle_content(manifest_path: Path | None = None) -> bytes:
    """A bundle of a manifest and the networks beside it; of the shipped ones if none is given.

    The same input gives the same bytes. Raises ModelCorrupt, ModelUnavailable.
    """
    if manifest_path is None:
        manifest = released_manifest()
        stages = released_weights(manifest)
    else:
        try:
            manifest = DetectorManifest.from_json(manifest_path.read_text())
            stages = {
                stage: (manifest_path.parent / manifest.files[stage]).read_bytes()
                for stage in STAGES
            }
        except OSError as error:
            raise ModelUnavailable(f"{error.filename} cannot be read: {error.strerror}") from error
    if weights_digest(stages) != manifest.sha256:
        raise ModelCorrupt(f"The networks of {manifest.name} are not those of its manifest.")
    contents = {MANIFEST_NAME: manifest.to_json().encode()} | {
        manifest.files[stage]: content for stage, content in stages.items()
    }
    packed = io.BytesIO()
    # Stored as they are: networks hardly get smaller, and compressors differ between machines.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, date_time=_NO_DATE)
            entry.create_system = UNIX
            archive.writestr(entry, content)
    return packed.getvalue()


def _read(bundle: Path, names: list[str]) -> list[bytes]:
    try:
        with zipfile.ZipFile(bundle) as archive:
            entries = [archive.getinfo(name) for name in names]
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise ModelCorrupt(f"The model {bundle} is too large.")
            return [archive.read(entry) for entry in entries]
    except OSError as error:
        raise ModelUnavailable(f"The model {bundle} cannot be read: {error}") from error
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelCorrupt(
            f"{bundle} is not a model of DrumScribe ({error}); `drumscribe models bundle` makes "
            "one from a manifest and its networks."
        ) from error
