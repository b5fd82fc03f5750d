"""Files in object stores: s3:// through boto3; gs:// over https, or as S3 with HMAC keys.

Google's store speaks the S3 protocol (its "XML API"), so that no client library of its own is
needed: https://cloud.google.com/storage/docs/interoperability. Public objects are plain https.
"""

from __future__ import annotations

import os
import re
import urllib.parse
from collections.abc import Callable
from typing import Any, Final

from drumscribe.errors import ModelUnavailable
from drumscribe.models.sources.task import (
    BLOCK_BYTES,
    RETRYABLE_STATUS,
    FetchTask,
    PassingTrouble,
    with_retries,
)

GS_ENDPOINT_VARIABLE: Final = "GS_ENDPOINT_URL"
GS_KEY_VARIABLES: Final = ("GS_ACCESS_KEY_ID", "GS_SECRET_ACCESS_KEY")
_GS_ENDPOINT: Final = "https://storage.googleapis.com"


def fetch_s3(task: FetchTask, rest: str) -> None:
    """s3://bucket/key with the credentials and the endpoint that boto3 finds.

    Raises ModelUnavailable.
    """
    bucket, key = _bucket_and_key(task, rest)
    _download(task, bucket, key, {})


def fetch_gs(task: FetchTask, rest: str, fetch_http: Callable[[FetchTask, str], None]) -> None:
    """gs://bucket/key: with the HMAC keys of GS_KEY_VARIABLES, or without for a public object.

    fetch_http: gets an https address into task.target. Raises ModelUnavailable.
    """
    bucket, key = _bucket_and_key(task, rest)
    endpoint = os.environ.get(GS_ENDPOINT_VARIABLE) or _GS_ENDPOINT
    key_id, secret = (os.environ.get(name) for name in GS_KEY_VARIABLES)
    if key_id and secret:
        _download(
            task,
            bucket,
            key,
            {
                "endpoint_url": endpoint,
                "aws_access_key_id": key_id,
                "aws_secret_access_key": secret,
                "region_name": "auto",
            },
        )
    else:
        fetch_http(task, f"{endpoint}/{bucket}/{urllib.parse.quote(key)}")


def _bucket_and_key(task: FetchTask, rest: str) -> tuple[str, str]:
    match = re.fullmatch(r"//([^/]+)/(.+)", rest)
    if match is None:
        scheme = task.uri.partition(":")[0]
        raise ModelUnavailable(f"{task.uri!r} does not look like {scheme}://bucket/key")
    return match[1], match[2]


def _download(task: FetchTask, bucket: str, key: str, client_options: dict[str, Any]) -> None:
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise ModelUnavailable(
            f"{task.uri} needs boto3, which is not installed: pip install 'drumscribe[s3]'"
        ) from None

    def attempt() -> None:
        try:
            client = boto3.client("s3", **client_options)
            body = client.get_object(Bucket=bucket, Key=key)["Body"]
            done = 0
            with task.target.open("wb") as out:
                for block in body.iter_chunks(BLOCK_BYTES):
                    out.write(block)
                    done += len(block)
                    task.report(done)
                    if done > task.most_bytes:
                        return  # Another file than expected: the sha256 will say so.
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status in RETRYABLE_STATUS:
                raise PassingTrouble(str(error)) from error
            raise ModelUnavailable(f"{task.uri} cannot be fetched: {error}") from error
        except BotoCoreError as error:
            if _is_about_credentials(error):
                raise ModelUnavailable(f"{task.uri} cannot be fetched: {error}") from error
            raise PassingTrouble(str(error)) from error

    with_retries(task, attempt)


def _is_about_credentials(error: Exception) -> bool:
    from botocore.exceptions import (
        NoCredentialsError,
        NoRegionError,
        ParamValidationError,
        PartialCredentialsError,
        ProfileNotFound,
    )

    return isinstance(
        error,
        NoCredentialsError
        | NoRegionError
        | ParamValidationError
        | PartialCredentialsError
        | ProfileNotFound,
    )
