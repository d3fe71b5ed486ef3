"""The thread that works reports off beside the pages."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from newsletter.esp.sendgrid import events as sendgrid
from newsletter.pipeline.handling import Handler, Keep
from newsletter.store.events import inbox
from newsletter.web import worker as working
from newsletter.web.worker import Worker
from tests.support.reports import entry, report
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from newsletter.model.event import Report
    from tests.web.sample_mailing import SampleMailing


KEEP = Keep(reports=90, events=400)


class Watched:
    """A reader that says when it has read, and can fail."""

    def __init__(self) -> None:
        self.read_one = threading.Event()

    def __call__(self, body: bytes, received: datetime, /) -> Report:
        self.read_one.set()
        return sendgrid.read(body, received)


def a_worker(mailing: SampleMailing, reader: Any) -> Worker:
    return Worker(Handler(store=mailing.store, keys=mailing.keys, readers={"sendgrid": reader}), KEEP, lambda: NOW)


def keep(mailing: SampleMailing, body: bytes) -> None:
    with mailing.store.write() as connection:
        inbox.add(connection, "sendgrid", body, NOW)


def test_it_begins_with_what_is_left_and_goes_on_when_it_is_woken(mailing: SampleMailing) -> None:
    reader = Watched()
    worker = a_worker(mailing, reader)
    keep(mailing, report(entry("delivered")))
    worker.start()
    assert reader.read_one.wait(60)
    reader.read_one.clear()
    keep(mailing, report(entry("open"), entry("delivered")))
    worker.wake()
    assert reader.read_one.wait(60)
    worker.stop()
    assert len(mailing.rows("events")["events"]) == 2
    assert mailing.rows("event_queue")["event_queue"] == []


def test_stopping_one_that_never_started_or_waits_returns(mailing: SampleMailing) -> None:
    a_worker(mailing, Watched()).stop()
    worker = a_worker(mailing, Watched())
    worker.start()
    worker.stop()
    assert not worker._thread.is_alive()


def test_a_database_that_fails_does_not_end_it(
    mailing: SampleMailing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(working, "_PAUSE", 0.0)
    failed = threading.Event()
    honest = inbox.waiting

    def fail(*facts: Any, **more: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise OSError("ada@example.org is on a disk that failed")
        return honest(*facts, **more)

    monkeypatch.setattr(inbox, "waiting", fail)
    reader = Watched()
    worker = a_worker(mailing, reader)
    keep(mailing, report(entry("delivered")))
    worker.start()
    assert failed.wait(60)
    assert reader.read_one.wait(60)
    worker.stop()
    assert "OSError" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_a_report_that_is_not_understood_is_logged_without_what_is_in_it(
    mailing: SampleMailing, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Watched()
    worker = a_worker(mailing, reader)
    keep(mailing, b"ada@example.org")
    worker.start()
    assert reader.read_one.wait(60)
    worker.stop()
    assert "report 1: it is not JSON" in caplog.text
    assert "ada@example.org" not in caplog.text
