"""In-memory stand-ins for everything the service needs from outside.

They keep the same promises as the real adapters and pass the same contract tests, so that
programs built on DrumScribe can be tested without a database, a bucket or a queue.
"""

from drumscribe.testing.edges import (
    FakeDoorbell,
    FakeSourceFetcher,
    FakeWebhookTransport,
    MovableClock,
)
from drumscribe.testing.jobs import MemoryJobStore
from drumscribe.testing.memory import MemoryDatabase
from drumscribe.testing.storage import MemoryStorage
from drumscribe.testing.stores import MemoryApiKeyStore, MemoryDeliveryStore

__all__ = [
    "FakeDoorbell",
    "FakeSourceFetcher",
    "FakeWebhookTransport",
    "MemoryApiKeyStore",
    "MemoryDatabase",
    "MemoryDeliveryStore",
    "MemoryJobStore",
    "MemoryStorage",
    "MovableClock",
]
