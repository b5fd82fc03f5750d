"""What the service needs from the outside: protocols only.

Every method of a store is one transaction; it is committed when the method returns. A service asks
for the narrowest protocol that it can do its work with. Stand-ins for what lies outside of a
machine (clock, doorbell, fetcher, transport, storage) are in drumscribe.testing.
"""

from typing import Protocol

from drumscribe.ports.artifacts import ArtifactStorage
from drumscribe.ports.edges import (
    DeliveryAttempt,
    Doorbell,
    FetchedSource,
    SourceFetcher,
    WebhookTransport,
)
from drumscribe.ports.intake import JobIntake, Page
from drumscribe.ports.operator import ApiKeyStore, DeliveryStore, JobOperations, JobStats
from drumscribe.ports.set_lists import SetListStore
from drumscribe.ports.worker import JobWork


class JobStore(JobIntake, JobWork, JobOperations, Protocol):
    """Jobs, their artifacts and events."""


__all__ = [
    "ApiKeyStore",
    "ArtifactStorage",
    "DeliveryAttempt",
    "DeliveryStore",
    "Doorbell",
    "FetchedSource",
    "JobIntake",
    "JobOperations",
    "JobStats",
    "JobStore",
    "JobWork",
    "Page",
    "SetListStore",
    "SourceFetcher",
    "WebhookTransport",
]
