"""Links to videos are rebuilt from the id; nothing else of them gets through."""

import pytest

from drumscribe.domain.service.video_links import canonical_video_url
from drumscribe.errors import UnsupportedLink

CANONICAL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "link",
    [
        CANONICAL,
        "http://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&t=42s",
        "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDAMVMdQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?si=tracking",
        "youtu.be/dQw4w9WgXcQ",
        "www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1",
        "https://www.youtube.com/live/dQw4w9WgXcQ",
        "  https://youtu.be/dQw4w9WgXcQ\n",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://www.youtube.com/e/dQw4w9WgXcQ",
        "https://www.youtube.com/watch/dQw4w9WgXcQ",
        "<https://youtu.be/dQw4w9WgXcQ>",
        "(https://www.youtube.com/watch?v=dQw4w9WgXcQ).",
        "[https://youtu.be/dQw4w9WgXcQ]",
        '"https://youtu.be/dQw4w9WgXcQ",',
        "https://youtu.be/dQw4w9WgXcQ\u2026",
        "https://user:secret@www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
    ],
)
def test_video_link_in_any_usual_form_becomes_the_canonical_one(link: str) -> None:
    assert canonical_video_url(link) == CANONICAL


@pytest.mark.parametrize(
    "link",
    [
        "",
        "dQw4w9WgXcQ",
        "--exec=touch /tmp/x",
        "file:///etc/passwd",
        "ftp://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/playlist?list=PL1234567890",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXc%0A",
        "https://www.youtube.com/watch?v=--exec=boom",
        "https://www.youtube.com/@channel/live",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://example.org/?u=youtube.com/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/12345",
        "http://169.254.169.254/watch?v=dQw4w9WgXcQ",
        "https://[youtube.com/watch?v=dQw4w9WgXcQ",
        CANONICAL + "&x=" + "a" * 2048,
    ],
)
def test_video_link_of_another_kind_is_refused(link: str) -> None:
    with pytest.raises(UnsupportedLink, match="upload the file instead"):
        canonical_video_url(link)


def test_video_link_whose_id_ends_with_an_underscore_keeps_it() -> None:
    assert canonical_video_url("(https://youtu.be/dQw4w9WgXc_)").endswith("v=dQw4w9WgXc_")
