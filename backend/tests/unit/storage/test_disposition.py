"""Names of downloads and cursors of lists, as text on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.db.cursors import decode_cursor, encode_cursor
from drumscribe.storage.disposition import content_disposition


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)), st.uuids())
def test_cursor_comes_back_to_the_microsecond(moment: datetime, job_id: UUID) -> None:
    created_at = moment.replace(tzinfo=UTC)
    cursor = encode_cursor(created_at, job_id)
    assert decode_cursor(cursor) == (created_at, job_id)
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_cursors_of_neighbours_differ() -> None:
    moment, job_id = datetime(2030, 1, 1, tzinfo=UTC), UUID(int=1)
    later = moment + timedelta(microseconds=1)
    assert encode_cursor(moment, job_id) != encode_cursor(later, job_id)


@given(st.text())
def test_disposition_of_any_name_is_one_ascii_header(filename: str) -> None:
    value = content_disposition(filename)
    assert value.isascii()
    assert value.isprintable()
    assert value.startswith('attachment; filename="')
    assert value.count('"') == 2


def test_disposition_keeps_plain_names_and_spells_others_twice() -> None:
    assert content_disposition("Song.pdf") == (
        "attachment; filename=\"Song.pdf\"; filename*=UTF-8''Song.pdf"
    )
    assert content_disposition("../Lied 鼓.pdf") == (
        "attachment; filename=\".._Lied .pdf\"; filename*=UTF-8''.._Lied%20%E9%BC%93.pdf"
    )


@pytest.mark.parametrize("title", ["שיר ערש", "Калинка", "さくら", "🥁"])
@pytest.mark.parametrize("suffix", [".mid", ".recording.flac"])
def test_title_in_other_letters_leaves_old_clients_a_name(title: str, suffix: str) -> None:
    header = content_disposition(title + suffix)
    assert f'filename="drums{suffix}"' in header
    assert quote(title) in header
