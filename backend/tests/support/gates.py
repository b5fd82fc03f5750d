"""A way to a server that tests and benchmarks can shut."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from service_fixtures import free_port


def port_of(url: str) -> int:
    """The port in the address of a server."""
    return int(url.rpartition(":")[2].partition("/")[0])


@dataclass
class Gate:
    """target: the port behind it; port: its own, on the loopback."""

    target: int
    port: int = field(default_factory=free_port)
    is_open: bool = True

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Cut all lines; new ones are closed at once."""
        self.is_open = False

    def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = listener.accept()
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if not self.is_open:
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                while self.is_open:
                    ready, _, _ = select.select([client, server], [], [], 0.1)
                    for end in ready:
                        content = end.recv(65536)
                        if not content:
                            return
                        (server if end is client else client).sendall(content)
