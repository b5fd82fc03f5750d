"""Stand-ins for what the service needs from outside of its machine.

They keep the promises of the ports, and the storage passes the contract tests of the real ones.
Jobs have no stand-in: a test takes the SQLite store, which is the one that people run.
"""

from drumscribe.testing.clock import MovableClock
from drumscribe.testing.doorbell import FakeDoorbell
from drumscribe.testing.fetcher import FakeSourceFetcher
from drumscribe.testing.storage import MemoryStorage
from drumscribe.testing.webhooks import FakeWebhookTransport

__all__ = [
    "FakeDoorbell",
    "FakeSourceFetcher",
    "FakeWebhookTransport",
    "MemoryStorage",
    "MovableClock",
]
