"""/metrics: for whom settings or a key say so, and nothing of a person in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from newsletter.model.api_key import Scope
from newsletter.model.notice_mail import NoticeKind
from newsletter.store import api_keys, figures, notices
from newsletter.store.database import Store
from newsletter.store.events import inbox
from newsletter.web import metrics
from newsletter.web.app import create_app
from newsletter.web.worker import JobState
from tests.web.sample_mailing import NOW, client, settings

if TYPE_CHECKING:
    from tests.web.sample_mailing import SampleMailing

STATES = (
    JobState(name="events", done_at=NOW, failed=2),
    JobState(name="notices", failed=3, failed_in_a_row=3, ailing="the job notices failed 3 times in a row"),
)


class Watched:
    def __init__(self, mailing: SampleMailing, jobs: tuple[JobState, ...] = STATES) -> None:
        app = create_app(mailing.store, mailing.keys, settings(), (), lambda: NOW, jobs=lambda: jobs)
        self.web = client(app)
        self.near = client(app, client=("127.0.0.1", 1))

    def values(self) -> dict[tuple[str, ...], float]:
        """(name, *labels by their names) -> value."""
        text = self.near.get("/metrics").text
        return {
            (sample.name.removeprefix("newsletter_"), *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
def watched(mailing: SampleMailing) -> Watched:
    return Watched(mailing)


def test_nobody_else_learns_that_it_is_there(watched: Watched, mailing: SampleMailing) -> None:
    refused, unknown = watched.web.get("/metrics"), watched.web.get("/nothing-here")
    assert (refused.status_code, refused.text) == (404, unknown.text)
    assert watched.near.get("/metrics").headers["content-type"].startswith("text/plain; version=")
    assert watched.near.post("/metrics").status_code == 405


def test_a_key_for_it_opens_it_and_no_other_does(watched: Watched, mailing: SampleMailing) -> None:
    with mailing.store.write() as connection:
        _, right = api_keys.add(connection, "prometheus", [Scope.METRICS_READ], NOW)
        _, other = api_keys.add(connection, "shop", [Scope.LISTS_READ], NOW)
        _, over = api_keys.add(
            connection, "old", [Scope.METRICS_READ], NOW - timedelta(days=2), NOW - timedelta(days=1)
        )
    answers = {
        words: watched.web.get("/metrics", headers={"Authorization": words}).status_code
        for words in (f"Bearer {right}", f"bearer {right}", f"Bearer {other}", f"Bearer {over}", "Bearer x", right)
    }
    assert [*answers.values()] == [200, 200, 404, 404, 404, 404]


def test_requests_are_counted_by_template_and_class(watched: Watched, mailing: SampleMailing) -> None:
    watched.web.get(f"/u/{mailing.token()}")
    watched.web.get(f"/u/{mailing.token(2)}")
    watched.web.get("/u/forged")
    watched.web.request("BREW", "/ada@example.org")
    found = watched.values()
    assert found["http_requests_total", "GET", "/u/{key}", "2xx"] == 2
    assert found["http_requests_total", "GET", "/u/{key}", "4xx"] == 1
    assert found["http_requests_total", "other", "none", "4xx"] == 1
    assert found["http_request_seconds_count", "GET", "/u/{key}"] == 3


def test_the_work_is_told(watched: Watched, mailing: SampleMailing) -> None:
    with mailing.store.write() as connection:
        inbox.add(connection, "sendgrid", b"[]", NOW)
        notices.order(
            connection, kind=NoticeKind.LINKS, identity_hash="h", address="ada@example.org", cause="c", now=NOW
        )
    found = watched.values()
    assert found["subscriptions", "friends", "subscribed"] == 4
    assert found["subscriptions", "runners", "subscribed"] == 3
    assert found["notices", "links", "planned"] == 1
    assert (found["reports_waiting",], found["reports_faulty",]) == (1, 0)
    assert (found["mailings", "sending"], found["mailings", "cancelled"]) == (1, 0)
    assert found["deliveries", "running", str(mailing.number), "planned"] == 4
    assert found["job_last_success_seconds", "events"] == NOW.timestamp()
    assert (found["job_failures_total", "events"], found["job_failures_total", "notices"]) == (2, 3)
    assert (found["job_ailing", "events"], found["job_ailing", "notices"]) == (0, 1)
    assert found["database_up",] == 1
    assert [key for key in found if key[0] == "build_info"]


def test_nothing_of_a_person_is_in_it(watched: Watched, mailing: SampleMailing) -> None:
    watched.web.get(f"/u/{mailing.token()}?a=ada@example.org")
    text = watched.near.get("/metrics").text
    assert not any(secret in text for secret in ("@", mailing.token(), "Ada", "127.0.0.1", "testclient"))


def test_the_database_is_asked_once_in_a_while_in_one_snapshot(
    watched: Watched, mailing: SampleMailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    honest = figures.figures

    def look(*facts: Any) -> Any:
        asked.append(facts)
        return honest(*facts)

    monkeypatch.setattr(metrics, "figures", look)
    monkeypatch.setattr(metrics, "_FRESH", 3_600.0)
    watched.values()
    watched.values()
    assert len(asked) == 1
    monkeypatch.setattr(metrics, "_FRESH", -1.0)
    watched.values()
    assert len(asked) == 2


def test_without_a_database_the_rest_is_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_store: Store) -> None:
        raise OperationalError("SELECT", {}, Exception("ada@example.org"))

    watched.web.get("/robots.txt")
    monkeypatch.setattr(Store, "read", fail)
    found = watched.values()
    assert found["database_up",] == 0
    assert found["http_requests_total", "GET", "/robots.txt", "2xx"] == 1
    assert "ada@example.org" not in caplog.text


def test_the_health_page_says_what_ails(mailing: SampleMailing) -> None:
    answer = Watched(mailing).web.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the job notices failed 3 times in a row")
    assert Watched(mailing, STATES[:1]).web.get("/healthz").text == "ok"


def test_an_empty_database_has_figures_on_both(store: Store) -> None:
    with store.read() as connection:
        found = figures.figures(connection, NOW)
    assert (found.subscriptions, found.notices, found.deliveries) == ({}, {}, {})
    assert set(found.mailings.values()) == {0}
