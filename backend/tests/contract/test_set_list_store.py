"""Set lists on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from drumscribe.db.set_lists import SqlSetListStore
from drumscribe.domain.service.set_lists import SetList
from drumscribe.ports import SetListStore

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite_engine", "postgres_engine"])
def store(request: pytest.FixtureRequest) -> SetListStore:
    engine: Engine = request.getfixturevalue(request.param)
    return SqlSetListStore(engine)


def test_set_lists_come_back_as_they_were_put_oldest_first(store: SetListStore) -> None:
    owner = f"session:{uuid4()}"
    songs = (uuid4(), uuid4())
    second = SetList(uuid4(), owner, "Second", (), NOW + timedelta(hours=1))
    first = SetList(uuid4(), owner, "First", songs, NOW)
    assert store.put_set_list(second)
    assert store.put_set_list(first)
    assert store.set_lists(owner) == [first, second]
    turned = SetList(first.id, owner, "Turned", songs[::-1], NOW)
    assert store.put_set_list(turned)
    assert store.set_lists(owner) == [turned, second]


def test_set_list_of_another_owner_is_neither_changed_nor_deleted(store: SetListStore) -> None:
    owner, other = f"session:{uuid4()}", f"session:{uuid4()}"
    mine = SetList(uuid4(), owner, "Mine", (), NOW)
    assert store.put_set_list(mine)
    assert not store.put_set_list(SetList(mine.id, other, "Theirs", (), NOW))
    assert not store.delete_set_list(mine.id, other)
    assert store.set_lists(owner) == [mine]
    assert store.set_lists(other) == []
    assert store.delete_set_list(mine.id, owner)
    assert not store.delete_set_list(mine.id, owner)
