"""Names of files as titles."""

import pytest

from drumscribe.domain.titles import title_of_name


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("my_new_song", "my new song"),
        ("03 - Rainy Days", "Rainy Days"),
        ("03. Rainy_Days", "Rainy Days"),
        ("12-bar blues", "12-bar blues"),
        ("99 Luftballons", "99 Luftballons"),
        ("take-the-long-way", "take the long way"),
        ("Anti-Hero", "Anti-Hero"),
        ("__", "__"),
        ("1999", "1999"),
    ],
)
def test_title_of_a_file_name_is_what_a_person_would_write(stem: str, title: str) -> None:
    assert title_of_name(stem) == title
