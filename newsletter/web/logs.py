"""The log of the server: one line a request, and what went wrong, as text for people or JSON for programs, to stderr.

No address, no token, no query: a request is its template, and an exception its kind and where it came through. That holds for
what libraries log as well: the text of an exception can quote a row of the database.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO

from newsletter.web.guard import steps_of
from newsletter.web.observing import REQUEST_ID

if TYPE_CHECKING:
    from newsletter.web.observing import Seen

STYLES = ("text", "json")
#: what monitors ask every few seconds is told only when it fails
_QUIET = {"/healthz", "/metrics"}
_FAILED = 500
#: what is wrong with a request, as often as anybody likes
_TALKATIVE = ("uvicorn.error", "python_multipart")
_REQUESTS = logging.getLogger("newsletter.requests")


def log_to(stream: TextIO, style: str) -> logging.Handler:
    """From now on everything that is logged goes there; returns the handler, for `stop_logging`."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_discreet)
    handler.setFormatter(_json() if style == "json" else _text())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("newsletter").setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    for name in ("newsletter", *_TALKATIVE):
        logging.getLogger(name).setLevel(logging.NOTSET)


def style_for(asked: str | None) -> str:
    """What was asked for; else text on a terminal, and JSON where a program reads it."""
    return asked or ("text" if sys.stderr.isatty() else "json")


def log_request(seen: Seen) -> None:
    if seen.route in _QUIET and seen.status < _FAILED:
        return
    ms = round(seen.seconds * 1000, 1)
    facts = {"route": seen.route, "method": seen.method, "status": seen.status, "ms": ms}
    _REQUESTS.info("%s %s %d %s ms", seen.method, seen.route, seen.status, ms, extra=facts)


def _discreet(record: logging.LogRecord) -> bool:
    """Add the request that it belongs to; of an exception leave its kind and its steps."""
    if number := REQUEST_ID.get():
        record.request_id = number
    if record.exc_info and (failure := record.exc_info[1]):
        record.msg, record.args = (
            "%s: %s at %s",
            (record.getMessage().strip(), type(failure).__name__, steps_of(failure)),
        )
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def _text() -> logging.Formatter:
    return _Text("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")


class _Text(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        line = " ".join(super().formatMessage(record).splitlines())
        number = getattr(record, "request_id", "")
        return f"{line} [{number}]" if number else line


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    made: logging.Formatter = JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields=names,
        datefmt="%Y-%m-%dT%H:%M:%S%z",
        json_ensure_ascii=False,
    )
    return made
