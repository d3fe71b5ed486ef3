"""A server of ours on a real socket, in a thread, and a client that says exactly what a test wants it to say."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsletter.web.serve import MOST_CONNECTIONS, listen, server
from newsletter.web.slow_clients import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

#: nobody is cut off while a test runs
LONG = Patience(head=600, body=600, reading=600, parting=600)
#: what is waited for at most, on however slow a machine
_MOST = 60


@contextmanager
def running(app: ASGIApp, patience: Patience = LONG, most_connections: int = MOST_CONNECTIONS) -> Iterator[int]:
    """Its port."""
    with listen("127.0.0.1", 0) as listening:
        one = server(app, patience=patience, most_connections=most_connections)
        thread = threading.Thread(target=one.run, kwargs={"sockets": [listening]})
        thread.start()
        while not one.started:
            time.sleep(0.005)
        try:
            yield listening.getsockname()[1]
        finally:
            one.should_exit = True
            thread.join()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=_MOST)


def read_all(line: socket.socket) -> bytes:
    """Until the server hangs up, politely or not."""
    found = b""
    try:
        while piece := line.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def say(port: int, words: bytes) -> bytes:
    """What is answered until the server hangs up."""
    with connect(port) as line:
        line.sendall(words)
        return read_all(line)


def get(port: int, path: str = "/", more: str = "") -> bytes:
    return say(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n".encode())
