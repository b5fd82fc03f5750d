"""Which addresses may be given for webhooks and sound files."""

import pytest

from drumscribe.domain.service.outside_urls import parse_outside_url
from drumscribe.errors import InvalidRequest


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "target"),
    [
        ("https://example.org/hook?a=1#part", "example.org", 443, "example.org", "/hook?a=1"),
        ("https://Example.ORG.:8443", "example.org", 8443, "example.org:8443", "/"),
        ("https://[2606:4700::1]:444/x", "2606:4700::1", 444, "[2606:4700::1]:444", "/x"),
        ("https://192.0.2.7/", "192.0.2.7", 443, "192.0.2.7", "/"),
        ("https://a_b.example.org/", "a_b.example.org", 443, "a_b.example.org", "/"),
    ],
)
def test_webhook_url_is_taken_apart(
    url: str, host: str, port: int, authority: str, target: str
) -> None:
    address = parse_outside_url(url, field="webhook_url")
    assert (address.host, address.port) == (host, port)
    assert (address.authority, address.target) == (authority, target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "https:///hook",
        "https://",
        "https://user:password@example.org/",
        "https://@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:ten/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: other",
        "https://example.org\t/",
        "https://-example.org/",
        "https://a..b/",
        "https://" + "a" * 64 + ".org/",
        "https://bücher.example/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_webhook_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match="webhook_url: expected"):
        parse_outside_url(url, field="webhook_url")


def test_webhook_url_with_http_is_taken_where_allowed() -> None:
    address = parse_outside_url("http://example.org/", field="webhook_url", allow_http=True)
    assert address.port == 80
