"""Mends the credit of messages whose acknowledgement was lost with the connection to Redis.

A consumer may hold as many unacknowledged messages as its worker has processes. kombu (5.7, and all
versions before) gives the credit of a message back only after Redis has taken the acknowledgement.
If Redis is away just then, Celery logs it and goes on, and the credit is gone: with one lost for
each process the worker asks for nothing any more. As it asks for nothing it does not notice that
its connection is broken either, and never opens another one: it stays deaf until it is restarted.
"""

from __future__ import annotations

from typing import Any

from kombu.transport.redis import Channel, QoS


class ForgivingQoS(QoS):  # type: ignore[misc]
    """Gives the credit back in any case. The error goes on to Celery, which logs it.

    Redis still has the message and hands it out again after the visibility timeout; the claim
    then refuses it, as it does all stale messages.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            self._forget(delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            self._forget(delivery_tag)
            raise

    def _forget(self, delivery_tag: Any) -> None:
        self._quick_ack(delivery_tag)


def mend_lost_acks() -> None:
    """Let every Redis connection of Celery in this process count so."""
    Channel.QoS = ForgivingQoS
