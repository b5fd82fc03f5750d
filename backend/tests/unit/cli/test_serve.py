"""The socket that `drumscribe serve` listens on."""

from __future__ import annotations

import socket

import click
import pytest

from drumscribe.cli.service.serve import listen


def test_answers_are_sent_at_once() -> None:
    """An answer has two pieces; the second must not wait until the first is acknowledged."""
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()[:2]),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_named_with_a_remedy() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(click.ClickException, match=rf"port {port}: .*--port") as failure:
            listen("127.0.0.1", port)
    assert "127.0.0.1" in failure.value.message
