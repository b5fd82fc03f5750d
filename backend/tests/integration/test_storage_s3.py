"""What only a bucket can do: links, parts, outages."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from drumscribe.errors import StorageUnavailable
from drumscribe.storage.s3 import MULTIPART_BYTES, S3Options, S3Storage
from places import ROOT
from service_fixtures import S3Server, free_port

KEY = "jobs/x/pdf"


def options(server: S3Server, tmp_path: Path, **changes: str) -> S3Options:
    values = {
        "bucket": changes.get("bucket") or server.new_bucket(),
        "endpoint_url": server.endpoint_url,
        "access_key_id": server.access_key_id,
        "secret_access_key": server.secret_access_key,
        "region": server.region,
        **changes,
    }
    return S3Options(scratch_folder=tmp_path / "scratch", **values)


def put(storage: S3Storage, content: bytes, *, key: str = KEY) -> None:
    storage.put_stream(key, io.BytesIO(content), media_type="application/pdf", max_bytes=1 << 30)


def test_presigned_url_gives_file_name_and_type(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(options(s3, tmp_path))
    put(storage, b"%PDF")
    url = storage.presigned_url(
        KEY, filename='Für "Elise".pdf', media_type="application/pdf", expires_seconds=60
    )
    assert url is not None
    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["60"]
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"%PDF"
        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
    assert disposition == (
        "attachment; filename=\"Fur _Elise_.pdf\"; filename*=UTF-8''F%C3%BCr%20_Elise_.pdf"
    )


def test_presigned_url_names_the_public_endpoint(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(options(s3, tmp_path, public_endpoint_url="https://files.example.org"))
    url = storage.presigned_url(KEY, filename="a", media_type="b", expires_seconds=60)
    assert url is not None
    assert urlsplit(url).netloc.endswith("files.example.org")


@pytest.mark.parametrize(
    ("bucket", "region", "host"),
    [
        # Another host would answer with a redirect, under which the signature does not hold.
        ("songs", "eu-central-1", "songs.s3.eu-central-1.amazonaws.com"),
        ("songs", "us-east-1", "songs.s3.amazonaws.com"),
        # The certificate of Amazon's hosts covers no second dot.
        ("songs.example.org", "us-east-1", "s3.amazonaws.com"),
    ],
)
def test_presigned_url_of_amazon_names_the_host_that_answers(
    bucket: str, region: str, host: str, tmp_path: Path
) -> None:
    amazon = S3Options(
        bucket=bucket,
        region=region,
        access_key_id="key",
        secret_access_key="secret",
        scratch_folder=tmp_path,
    )
    url = S3Storage(amazon).presigned_url(KEY, filename="a", media_type="b", expires_seconds=60)
    assert url is not None
    assert urlsplit(url).netloc == host


def test_guide_makes_the_bucket_that_the_service_looks_for(s3: S3Server, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "how-to" / "s3.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"exec api python -c '([^']*)'", guide)
    name = "made-by-the-guide"
    storage = S3Storage(options(s3, tmp_path, bucket=name))
    with pytest.raises(StorageUnavailable):
        storage.ping()
    settings = {
        "S3_ENDPOINT_URL": s3.endpoint_url,
        "S3_ACCESS_KEY_ID": s3.access_key_id,
        "S3_SECRET_ACCESS_KEY": s3.secret_access_key,
        "S3_BUCKET": name,
    }
    subprocess.run([sys.executable, "-c", program], env=settings, check=True)
    storage.ping()


def test_large_file_goes_up_in_parts(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(options(s3, tmp_path))
    put(storage, b"x" * (MULTIPART_BYTES + 1))
    found = storage._client().head_object(Bucket=storage._options.bucket, Key=KEY)
    assert found["ETag"].strip('"').endswith("-2")
    assert found["ContentType"] == "application/pdf"


def test_two_prefixes_in_one_bucket_do_not_meet(s3: S3Server, tmp_path: Path) -> None:
    bucket = s3.new_bucket()
    one = S3Storage(options(s3, tmp_path, bucket=bucket, prefix="one/"))
    two = S3Storage(options(s3, tmp_path, bucket=bucket, prefix="two"))
    put(one, b"1")
    assert not two.exists(KEY)
    assert S3Storage(options(s3, tmp_path, bucket=bucket)).exists(f"one/{KEY}")


def test_fetch_of_a_file_that_was_changed_behind_our_back_is_refused(
    s3: S3Server, tmp_path: Path
) -> None:
    storage = S3Storage(options(s3, tmp_path))
    put(storage, b"right")
    client, bucket = storage._client(), storage._options.bucket
    metadata = client.head_object(Bucket=bucket, Key=KEY)["Metadata"]
    client.put_object(Bucket=bucket, Key=KEY, Body=b"wrong", Metadata=metadata)
    with pytest.raises(StorageUnavailable, match="damaged"):
        storage.fetch(KEY, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_uploads_leave_no_files_on_this_side(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(options(s3, tmp_path))
    put(storage, b"x")
    with storage.local_path(KEY):
        pass
    assert list((tmp_path / "scratch").iterdir()) == []


def test_bucket_that_does_not_exist_is_unavailable(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(options(s3, tmp_path, bucket="nobody-made-this"))
    with pytest.raises(StorageUnavailable):
        storage.ping()
    with pytest.raises(StorageUnavailable):
        put(storage, b"x")


def test_server_that_does_not_answer_is_unavailable(s3: S3Server, tmp_path: Path) -> None:
    storage = S3Storage(
        options(s3, tmp_path, bucket="b", endpoint_url=f"http://127.0.0.1:{free_port()}")
    )
    for act in (storage.ping, lambda: put(storage, b"x"), lambda: storage.exists(KEY)):
        with pytest.raises(StorageUnavailable):
            act()


def test_rules_of_the_how_to_are_taken_by_the_store(s3: S3Server) -> None:
    import boto3

    page = (ROOT / "docs" / "how-to" / "s3.md").read_text(encoding="utf-8")
    lifecycle, sharing = (
        json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    )
    bucket = s3.new_bucket()
    client = boto3.client(
        "s3",
        endpoint_url=s3.endpoint_url,
        aws_access_key_id=s3.access_key_id,
        aws_secret_access_key=s3.secret_access_key,
        region_name=s3.region,
    )
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle)
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": sharing})
    (rule,) = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Expiration" not in rule
    (shared,) = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert "Range" in shared["AllowedHeaders"]
