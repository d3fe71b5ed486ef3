"""The threads that work beside the pages: each job for itself, again after a failure, and to its end when told to stop."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.esp.sendgrid import events as sendgrid
from newsletter.pipeline.handling import Handler, Keep
from newsletter.store.events import inbox
from newsletter.web import jobs, worker
from newsletter.web.worker import MANY, Job, Pauses, Worker
from tests.support.reports import entry, report
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from newsletter.model.event import Report
    from tests.web.sample_mailing import SampleMailing

RARELY = timedelta(days=1)
AT_ONCE = Pauses(first=0, most=0)
#: what is waited for at most, on however slow a machine
LONG = 60


class Counted:
    """Work that says how often it was done; each time it does what it was told to do then, in the end nothing."""

    def __init__(self, *steps: Any) -> None:
        self._steps = [*steps]
        self._done = threading.Semaphore(0)
        self.times = 0

    def __call__(self, _now: datetime) -> bool:
        step = self._steps.pop(0) if self._steps else False
        self.times += 1
        self._done.release()
        if isinstance(step, BaseException):
            raise step
        return bool(step() if callable(step) else step)

    def wait(self, times: int = 1) -> None:
        for _ in range(times):
            assert self._done.acquire(timeout=LONG)


@pytest.fixture
def start() -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def begin(*some: Job, pauses: Pauses = AT_ONCE) -> Worker:
        one = Worker(some, lambda: NOW, pauses)
        one.start()
        started.append(one)
        return one

    yield begin
    for one in started:
        one.stop()


def job(run: Any, name: str = "work", every: timedelta = RARELY, *, urgent: bool = False) -> Job:
    return Job(name=name, run=run, every=every, urgent=urgent)


def test_a_job_runs_at_once_and_until_nothing_more_waits(start: Callable[..., Worker]) -> None:
    work = Counted(True, True, False)
    one = start(job(work))
    work.wait(3)
    one.stop()
    assert work.times == 3
    assert one.states()[0].done_at == NOW


def test_only_urgent_jobs_are_woken(start: Callable[..., Worker]) -> None:
    urgent, calm = Counted(), Counted()
    one = start(job(urgent, urgent=True), job(calm))
    urgent.wait()
    calm.wait()
    one.wake()
    urgent.wait()
    one.stop()
    assert calm.times == 1


def test_a_job_that_fails_or_waits_holds_up_no_other(start: Callable[..., Worker]) -> None:
    goes_on = threading.Event()
    waits, fails, works = Counted(goes_on.wait), Counted(*[OSError()] * 5), Counted()
    one = start(job(waits), job(fails), job(works, urgent=True))
    waits.wait()
    fails.wait(6)
    works.wait()
    one.wake()
    works.wait()
    goes_on.set()


def test_failures_are_counted_and_forgotten_when_it_works_again(
    start: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "newsletter")
    mended, ailing = threading.Event(), []
    one: Worker

    def look() -> bool:
        ailing.append(one.states()[0].ailing)
        mended.set()
        return False

    work = Counted(*[OSError("ada@example.org")] * MANY, look)
    one = Worker([job(work, "post")], lambda: NOW, AT_ONCE)
    one.start()
    assert mended.wait(LONG)
    one.stop()
    (state,) = one.states()
    assert ailing == [f"the job post failed {MANY} times in a row"]
    assert (state.failed, state.failed_in_a_row, state.ailing) == (MANY, 0, "")
    assert "the job post works again" in caplog.text
    assert "OSError" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_the_pause_after_a_failure_grows_and_being_woken_does_not_end_it(start: Callable[..., Worker]) -> None:
    pauses = Pauses(first=5, most=60)
    assert [pauses.after(failures) for failures in (1, 2, 3, 4, 5, 10_000)] == [5, 10, 20, 40, 60, 60]
    work, other = Counted(OSError()), Counted()
    one = start(job(work, urgent=True), job(other, urgent=True), pauses=Pauses(first=600, most=600))
    work.wait()
    other.wait()
    one.wake()
    other.wait()
    one.stop()
    assert work.times == 1


def test_stopping_finishes_what_is_under_way_and_begins_nothing_new(start: Callable[..., Worker]) -> None:
    begun, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def long_work() -> bool:
        begun.set()
        goes_on.wait(LONG)
        ended.set()
        return True

    work = Counted(long_work)
    one = start(job(work))
    assert begun.wait(LONG)
    stopping = threading.Thread(target=one.stop)
    stopping.start()
    goes_on.set()
    stopping.join(LONG)
    assert ended.is_set()
    assert work.times == 1


def test_stopping_one_that_never_started_or_has_no_job_returns() -> None:
    Worker([job(Counted())], lambda: NOW).stop()
    Worker([], lambda: NOW).stop()
    assert [state.ailing for state in Worker([job(Counted())], lambda: NOW).states()] == [""]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_told(start: Callable[..., Worker]) -> None:
    one = start(job(Counted(SystemExit()), "post"))
    one._threads[0].wait(LONG)
    assert one.states()[0].ailing == "the job post has ended by itself"


def test_a_piece_of_work_that_takes_too_long_is_told(
    start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    work = Counted(goes_on.wait)
    one = start(job(work, "post"))
    work.wait()
    assert one.states()[0].ailing == ""
    monkeypatch.setattr(worker, "HANGS_AFTER", timedelta(0))
    assert one.states()[0].ailing == "the job post hangs"
    goes_on.set()


# --- the inbox of reports ---


def read_events(mailing: SampleMailing, reader: Any = sendgrid.read) -> Job:
    return jobs.events(Handler(store=mailing.store, keys=mailing.keys, readers={"sendgrid": reader}))


def keep(mailing: SampleMailing, body: bytes) -> None:
    with mailing.store.write() as connection:
        inbox.add(connection, "sendgrid", body, NOW)


def test_reports_are_worked_off_round_by_round(mailing: SampleMailing) -> None:
    run = read_events(mailing).run
    keep(mailing, report(entry("delivered")))
    assert (run(NOW), run(NOW), run(NOW)) == (True, False, False)
    keep(mailing, report(entry("open"), entry("delivered")))
    assert (run(NOW), run(NOW)) == (True, False)
    assert len(mailing.rows("events")["events"]) == 2
    assert mailing.rows("event_queue")["event_queue"] == []


def test_after_a_failure_of_the_database_reports_are_begun_anew(
    mailing: SampleMailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = read_events(mailing).run
    keep(mailing, report(entry("delivered")))
    with monkeypatch.context() as patched:

        def fail(*_facts: Any, **_more: Any) -> Any:
            raise OSError

        patched.setattr(inbox, "waiting", fail)
        with pytest.raises(OSError):
            run(NOW)
    assert (run(NOW), run(NOW)) == (True, False)
    assert len(mailing.rows("events")["events"]) == 1


def test_a_report_that_is_not_understood_is_logged_without_what_is_in_it(
    mailing: SampleMailing, caplog: pytest.LogCaptureFixture
) -> None:
    keep(mailing, b"ada@example.org")
    assert read_events(mailing).run(NOW)
    assert "report 1: it is not JSON" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_old_reports_and_answers_are_pruned_and_the_unconfirmed_forgotten(mailing: SampleMailing) -> None:
    def fail_on_reading(_body: bytes, _received: datetime, /) -> Report:
        raise AssertionError

    keep(mailing, report(entry("delivered")))
    assert read_events(mailing).run(NOW)
    handler = Handler(store=mailing.store, keys=mailing.keys, readers={"sendgrid": fail_on_reading})
    later = NOW + timedelta(days=1_000)
    assert not jobs.prune_events(handler, Keep(reports=90, events=400)).run(later)
    assert mailing.rows("event_inbox")["event_inbox"] == []
    assert not jobs.prune_answers(mailing.store).run(later)
    assert not jobs.forget_unconfirmed(mailing.store, 30).run(later)
    assert len(mailing.rows("subscribers")["subscribers"]) == 4
