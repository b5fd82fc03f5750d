"""Files in a bucket: Amazon S3, Cloudflare R2, MinIO and others that speak S3."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from drumscribe.domain.artifacts import StoredObject
from drumscribe.errors import ArtifactMissing, StorageFull, StorageUnavailable
from drumscribe.services.steps.scratch import scratch_folder
from drumscribe.storage.disposition import content_disposition
from drumscribe.storage.keys import checked_key
from drumscribe.storage.streams import CHUNK_BYTES, storage_errors, whole_file, write_hashed

MULTIPART_BYTES = 16 << 20  # larger files go up in parts of this size
_UPLOAD_THREADS = 4
_MISSING = ("404", "NoSuchKey", "NotFound")
_OUT_OF_RANGE = ("416", "InvalidRange", "RequestedRangeNotSatisfiable")
_FULL = ("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "EntityTooLarge")
_DIGEST = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Options:
    """Where the bucket is and who we are there.

    endpoint_url: of R2, MinIO and others; None: Amazon. public_endpoint_url: how clients reach
    the store, if that differs (a MinIO inside of a compose network); links are signed for it.
    prefix: folder inside the bucket. Without keys, the usual places of AWS credentials are
    searched. scratch_folder: where uploads are checked before they go up.
    """

    bucket: str
    prefix: str = ""
    endpoint_url: str | None = None
    public_endpoint_url: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    scratch_folder: Path | None = None


class S3Storage:
    """ArtifactStorage in a bucket. An object appears when all of its parts are there."""

    def __init__(self, options: S3Options) -> None:
        self._options = options
        self._prefix = f"{checked_key(options.prefix.strip('/'))}/" if options.prefix else ""
        self._lock = threading.Lock()
        self._clients: dict[tuple[int, str | None], Any] = {}

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        with storage_errors(), path.open("rb") as stream:
            return self._put_checked(key, stream, media_type, None)

    def put_stream(
        self, key: str, stream: IO[bytes], *, media_type: str, max_bytes: int
    ) -> StoredObject:
        """See ArtifactStorage. What is too large never reaches the bucket."""
        with storage_errors():
            return self._put_checked(key, stream, media_type, max_bytes)

    def fetch(self, key: str, target: Path) -> None:
        """See ArtifactStorage. Checks the content against the hash it was stored with."""
        with _s3_errors(key), storage_errors():
            found = self._client().get_object(Bucket=self._options.bucket, Key=self._name(key))
            with found["Body"] as body, whole_file(target) as file:
                stored = write_hashed(key, body, file)
                if found["Metadata"].get(_DIGEST, stored.sha256) != stored.sha256:
                    raise StorageUnavailable(f"The stored file {key} came back damaged.")

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length is not None and length <= 0:
            if not self.exists(key):
                raise _missing(key)
            return iter(())
        last = "" if length is None else start + length - 1
        wanted = {} if start == 0 and length is None else {"Range": f"bytes={start}-{last}"}
        try:
            with _s3_errors(key):
                found = self._client().get_object(
                    Bucket=self._options.bucket, Key=self._name(key), **wanted
                )
        except _OutOfRange:
            return iter(())
        return _chunks(key, found["Body"])

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """See ArtifactStorage. A copy that goes when the context ends."""
        root = self._options.scratch_folder or Path(tempfile.gettempdir())
        with scratch_folder(root) as folder:
            path = folder / Path(key).name
            self.fetch(key, path)
            yield path

    def exists(self, key: str) -> bool:
        try:
            with _s3_errors(key):
                self._client().head_object(Bucket=self._options.bucket, Key=self._name(key))
        except ArtifactMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        try:
            with _s3_errors(key):
                self._client().delete_object(Bucket=self._options.bucket, Key=self._name(key))
        except ArtifactMissing:
            return

    def delete_folder(self, prefix: str) -> None:
        client, bucket = self._client(), self._options.bucket
        with _s3_errors(prefix):
            pages = client.get_paginator("list_objects_v2").paginate(
                Bucket=bucket, Prefix=f"{self._name(prefix)}/"
            )
            for page in pages:
                # One by one: not every store that speaks S3 can delete many at once.
                for found in page.get("Contents", ()):
                    client.delete_object(Bucket=bucket, Key=found["Key"])

    def folders(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """See ArtifactStorage. The store lists keys in their order, so each folder in one piece."""
        root = f"{self._name(prefix)}/"
        name, newest = "", datetime.min.replace(tzinfo=UTC)
        with _s3_errors(prefix):
            pages = (
                self._client()
                .get_paginator("list_objects_v2")
                .paginate(Bucket=self._options.bucket, Prefix=root)
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    folder = found["Key"].removeprefix(root).partition("/")[0]
                    if name and folder != name:
                        yield name, newest
                        newest = datetime.min.replace(tzinfo=UTC)
                    name, newest = folder, max(newest, found["LastModified"])
        if name:
            yield name, newest

    def presigned_url(
        self, key: str, *, filename: str, media_type: str, expires_seconds: int
    ) -> str | None:
        """See ArtifactStorage. Signed here; the store is not asked."""
        endpoint = self._options.public_endpoint_url or self._options.endpoint_url
        with _s3_errors(key):
            url: str = self._client(endpoint).generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._options.bucket,
                    "Key": self._name(key),
                    "ResponseContentDisposition": content_disposition(filename),
                    "ResponseContentType": media_type,
                },
                ExpiresIn=expires_seconds,
            )
        return url

    def ping(self) -> None:
        try:
            with _s3_errors(self._options.bucket):
                self._client().head_bucket(Bucket=self._options.bucket)
        except ArtifactMissing as error:
            message = f"There is no bucket {self._options.bucket}."
            raise StorageUnavailable(message) from error

    def _put_checked(
        self, key: str, stream: IO[bytes], media_type: str, max_bytes: int | None
    ) -> StoredObject:
        """Spool to the disk, so that size and hash are known before the first byte goes up."""
        from boto3.s3.transfer import TransferConfig

        name = self._name(key)
        with tempfile.TemporaryFile(dir=self._scratch()) as spool:
            stored = write_hashed(key, stream, spool, max_bytes=max_bytes)
            spool.seek(0)
            with _s3_errors(key):
                self._client().upload_fileobj(
                    spool,
                    self._options.bucket,
                    name,
                    ExtraArgs={
                        "ContentType": media_type,
                        "Metadata": {_DIGEST: stored.sha256},
                    },
                    Config=TransferConfig(
                        multipart_threshold=MULTIPART_BYTES,
                        multipart_chunksize=MULTIPART_BYTES,
                        max_concurrency=_UPLOAD_THREADS,
                    ),
                )
        return stored

    def _name(self, key: str) -> str:
        return self._prefix + checked_key(key)

    def _scratch(self) -> Path | None:
        if self._options.scratch_folder is not None:
            self._options.scratch_folder.mkdir(parents=True, exist_ok=True)
        return self._options.scratch_folder

    def _client(self, endpoint_url: str | None = None) -> Any:
        """One client per process (its sockets must not be shared over a fork) and address."""
        endpoint = endpoint_url or self._options.endpoint_url
        place = (os.getpid(), endpoint)
        with self._lock:
            if place not in self._clients:
                self._clients[place] = self._new_client(endpoint)
            return self._clients[place]

    def _new_client(self, endpoint: str | None) -> Any:
        import boto3
        from botocore.config import Config

        session = boto3.session.Session(
            aws_access_key_id=self._options.access_key_id,
            aws_secret_access_key=self._options.secret_access_key,
            region_name=self._options.region or ("us-east-1" if endpoint else None),
        )
        return session.client(
            "s3",
            endpoint_url=endpoint,
            config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "max_attempts": 4},
                s3=self._addressing(endpoint),
                # Stores other than Amazon's refuse the checksum headers that are sent by default.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _addressing(self, endpoint: str | None) -> dict[str, str] | None:
        """Amazon's links name the region only if they are told to. Without it, those to a young
        bucket are redirected to a host for which they are not signed.
        """
        # A name with dots has no certificate as a host.
        is_host = endpoint is None and "." not in self._options.bucket
        return {"addressing_style": "virtual"} if is_host else None


class _OutOfRange(Exception):
    """The part that was asked for lies behind the end of the file."""


@contextmanager
def _s3_errors(key: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MISSING:
            raise _missing(key) from error
        if code in _OUT_OF_RANGE:
            raise _OutOfRange from error
        if code in _FULL:
            raise StorageFull("The bucket has no room left.") from error
        raise StorageUnavailable(f"The file storage refuses: {code}.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnavailable("The file storage does not answer.") from error


def _chunks(key: str, body: Any) -> Iterator[bytes]:
    with _s3_errors(key), body:
        while chunk := body.read(CHUNK_BYTES):
            yield chunk


def _missing(key: str) -> ArtifactMissing:
    return ArtifactMissing(f"The stored file {key} is not there.")
