"""A lean SendGrid: takes every request, counts its readers, and answers 202 after a while. In a process of its own.

    python benchmarks/sending/server.py DELAY

prints its port, and at its end how many requests and readers it took.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys

_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: bench\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Server:
    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.requests = self.readers = self.octets = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        self.requests += 1
        self.octets += length
        self.readers += body.count(b'"nl_delivery"') or body.count(b'"to"')
        await asyncio.sleep(self.delay)
        writer.write(_ACCEPTED)
        await writer.drain()
        writer.close()

    async def run(self) -> None:
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0, limit=2**20, backlog=200)
        print(server.sockets[0].getsockname()[1], flush=True)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        async with server:
            await stop.wait()
        print(json.dumps({"requests": self.requests, "readers": self.readers, "octets": self.octets}), flush=True)


if __name__ == "__main__":
    asyncio.run(Server(float(sys.argv[1])).run())
