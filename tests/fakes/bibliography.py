"""doi.org, the register of its agency, and NCBI's citation exporter in one, as strict as their documentation.

By hand: `python tests/fakes/bibliography.py --port 8026 works.json`, a list of CSL-JSON records; then set [references]
doi_url to http://127.0.0.1:8026/doi and pubmed_url to http://127.0.0.1:8026/ctxp/v1/pubmed/. In tests: `with
FakeBibliography(records) as fake`. `requests` holds what was asked.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CSL = "application/vnd.citationstyles.csl+json"
_MOST_A_SECOND = 3


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server says; `cut` closes the connection in the middle of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    at: float


class FakeBibliography:
    """Runs in threads of this process. Records are found by DOI, PMID and PMCID."""

    def __init__(
        self, records: Iterable[Mapping[str, Any]] = (), *, port: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.records = list(records)
        self.requests: list[Asked] = []
        self._clock = clock
        self._queue: deque[Answer] = deque()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def doi_url(self) -> str:
        return f"{self.url}/doi"

    @property
    def pubmed_url(self) -> str:
        return f"{self.url}/ctxp/v1/pubmed/"

    def next(self, *answers: Answer) -> None:
        """The next requests get these, one each."""
        self._queue.extend(answers)

    def answer(self, asked: Asked) -> Answer:
        earlier = [one for one in self.requests if asked.at - one.at < 1]
        self.requests.append(asked)
        if self._queue:
            return self._queue.popleft()
        agent = asked.headers.get("user-agent", "")
        if "mailto:" not in agent or "mailto" in asked.path:
            return Answer(status=403, body=b"Say who you are in User-Agent.")
        if len(earlier) >= _MOST_A_SECOND:
            return Answer(status=429, headers={"Retry-After": "1"})
        parts = urlsplit(asked.path)
        if parts.path.startswith("/doi/"):
            return self._doi(parts.path.removeprefix("/doi/"), asked.headers.get("accept", ""))
        if parts.path.startswith("/register/"):
            return self._register(unquote(parts.path.removeprefix("/register/")), asked.headers.get("accept", ""))
        if parts.path in {"/ctxp/v1/pubmed/", "/ctxp/v1/pmc/"}:
            return self._exporter(parts.path, parse_qs(parts.query))
        return Answer(status=404, body=b"<html>There is no such page.</html>", headers={"Content-Type": "text/html"})

    def _doi(self, written: str, accept: str) -> Answer:
        """The resolver: programs that ask for metadata are led to the agency, everybody else to the article."""
        if self._found("DOI", unquote(written)) is None:
            return Answer(status=404, body=b"<html>DOI Not Found</html>", headers={"Content-Type": "text/html"})
        place = f"/register/{quote(unquote(written), safe='')}" if CSL in accept else "/article"
        return Answer(status=302, headers={"Location": f"{self.url}{place}"})

    def _register(self, doi: str, accept: str) -> Answer:
        if CSL not in accept:
            return Answer(status=406)
        limits = {"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s", "Content-Type": CSL}
        return Answer(body=json.dumps(self._found("DOI", doi)).encode(), headers=limits)

    def _exporter(self, path: str, query: Mapping[str, list[str]]) -> Answer:
        """One object for one number, a list for several; PMC numbers without their letters."""
        if query.get("format") != ["csl"] or "id" not in query:
            return Answer(status=400, body=b'{"message": "format and id are needed"}')
        numbers = [number for text in query["id"] for number in text.split(",")]
        pmc = path.endswith("/pmc/")
        found = [self._found("PMCID", f"PMC{one}") if pmc else self._found("PMID", one) for one in numbers]
        if None in found:
            return Answer(status=404, body=b'{"message": "not found"}')
        body = json.dumps(found[0] if len(found) == 1 else found).encode()
        return Answer(body=body, headers={"Content-Type": "application/json"})

    def _found(self, name: str, value: str) -> Mapping[str, Any] | None:
        return next((one for one in self.records if str(one.get(name, "")).lower() == value.lower()), None)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def now(self) -> float:
        return self._clock()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeBibliography


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.fake.answer(Asked(path=self.path, headers=headers, at=self.server.fake.now()))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body) + answer.cut))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Not on standard error."""


def main() -> None:
    """Serve the records of a file until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("records", type=Path)
    parser.add_argument("--port", type=int, default=8026)
    given = parser.parse_args()
    with FakeBibliography(json.loads(given.records.read_text("utf-8")), port=given.port) as fake:
        sys.stdout.write(f"doi_url = {fake.doi_url}\npubmed_url = {fake.pubmed_url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
