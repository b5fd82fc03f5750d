"""Secrets that a service is given so that its logs can be searched for them."""

from __future__ import annotations

SECRETS = {
    "SECRET_KEY": "s3cret-key-" + "k" * 32,
    "WEBHOOK_SECRET": "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0ISE=",
    "S3_ACCESS_KEY_ID": "s3cret-access-key",
    "S3_SECRET_ACCESS_KEY": "s3cret-storage-password",
}
DATABASE_PASSWORD = "s3cret-database-password"
REDIS_PASSWORD = "s3cret-redis-password"
