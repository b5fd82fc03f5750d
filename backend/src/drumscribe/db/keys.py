"""The API keys on SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, insert, select, update

from drumscribe.db.clock import Clock, utc_now
from drumscribe.db.engine import reading, writing
from drumscribe.db.job_store.rows import api_key_from_row
from drumscribe.db.tables import api_keys
from drumscribe.domain.jobs import ApiKey

# Requests come many times a second; when a key was last used is worth one write a minute.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class SqlApiKeyStore:
    """ApiKeyStore on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def add_key(self, key: ApiKey) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                insert(api_keys).values(
                    id=key.id,
                    name=key.name,
                    prefix=key.prefix,
                    key_hash=key.key_hash,
                    owner=key.owner,
                    created_at=key.created_at,
                    revoked_at=key.revoked_at,
                    last_used_at=key.last_used_at,
                )
            )

    def find_key(self, key_hash: str) -> ApiKey | None:
        is_it = (api_keys.c.key_hash == key_hash, api_keys.c.revoked_at.is_(None))
        with reading(self._engine) as connection:
            row = connection.execute(select(api_keys).where(*is_it)).mappings().one_or_none()
        if row is None:
            return None
        key, now = api_key_from_row(row), self._clock()
        if key.last_used_at is not None and now - key.last_used_at < USE_IS_NOTED_EVERY:
            return key
        with writing(self._engine) as connection:
            connection.execute(
                update(api_keys).where(api_keys.c.id == key.id).values(last_used_at=now)
            )
        return replace(key, last_used_at=now)

    def keys(self) -> list[ApiKey]:
        statement = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
        with reading(self._engine) as connection:
            return [api_key_from_row(row) for row in connection.execute(statement).mappings()]

    def revoke_key(self, key_id: UUID) -> bool:
        with writing(self._engine) as connection:
            revoked = connection.execute(
                update(api_keys)
                .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
                .values(revoked_at=self._clock())
                .returning(api_keys.c.id)
            ).one_or_none()
        return revoked is not None
