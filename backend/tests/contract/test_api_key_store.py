"""API keys."""

from __future__ import annotations

from uuid import uuid4

from drumscribe.domain.jobs import ApiKey
from stores import Stores


def a_key(stores: Stores, key_hash: str = "h") -> ApiKey:
    return ApiKey(
        id=uuid4(),
        name="Studio",
        prefix="ds_abc",
        key_hash=key_hash,
        owner="key:studio",
        created_at=stores.clock(),
    )


def test_key_found_by_its_hash_notes_its_use(stores: Stores) -> None:
    key = a_key(stores)
    stores.keys.add_key(key)
    stores.clock.advance(5)
    found = stores.keys.find_key("h")
    assert found is not None
    assert (found.id, found.owner, found.last_used_at) == (key.id, key.owner, stores.clock())
    assert stores.keys.keys() == [found]


def test_key_used_again_within_a_minute_is_not_written_again(stores: Stores) -> None:
    stores.keys.add_key(a_key(stores))
    first = stores.keys.find_key("h")
    stores.clock.advance(59)
    assert stores.keys.find_key("h") == first
    stores.clock.advance(1)
    later = stores.keys.find_key("h")
    assert later is not None
    assert later.last_used_at == stores.clock()


def test_key_with_another_hash_is_none(stores: Stores) -> None:
    stores.keys.add_key(a_key(stores))
    assert stores.keys.find_key("other") is None


def test_key_revoked_is_found_no_more_but_listed(stores: Stores) -> None:
    key = a_key(stores)
    stores.keys.add_key(key)
    assert stores.keys.revoke_key(key.id)
    assert not stores.keys.revoke_key(key.id)
    assert not stores.keys.revoke_key(uuid4())
    assert stores.keys.find_key("h") is None
    [listed] = stores.keys.keys()
    assert listed.revoked_at == stores.clock()


def test_keys_are_listed_in_the_order_of_creation(stores: Stores) -> None:
    made = []
    for number in range(3):
        key = a_key(stores, f"h{number}")
        stores.keys.add_key(key)
        made.append(key)
        stores.clock.advance(1)
    assert stores.keys.keys() == made
