"""/metrics for Prometheus: how the pages answer, and how the work stands. No label says anything of a person."""

from __future__ import annotations

import time
from importlib.metadata import version
from ipaddress import ip_address, ip_network
from threading import Lock
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from newsletter.model.api_key import Scope
from newsletter.store import api_keys
from newsletter.store.figures import figures
from newsletter.web.api.gate import bearer
from newsletter.web.guard import log_failure
from newsletter.web.visit import route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from prometheus_client.metrics_core import Metric
    from starlette.routing import Route

    from newsletter.store.database import Store
    from newsletter.store.figures import Figures
    from newsletter.web.observing import Seen
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit
    from newsletter.web.worker import JobState

PATH = "/metrics"
#: seconds for which the numbers of the database are not asked again
_FRESH = 10.0
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The numbers of one application."""

    def __init__(self, store: Store, clock: Callable[[], datetime], jobs: Callable[[], Iterable[JobState]]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "newsletter_http_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "newsletter_http_request_seconds",
            "Seconds until a request was answered.",
            ("route", "method"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        build = Gauge("newsletter_build_info", "The version that runs.", ("version",), registry=self._registry)
        build.labels(version("newsletter-pipeline")).set(1)
        self._registry.register(_Jobs(jobs))
        self._registry.register(_Database(store, clock))

    def count(self, seen: Seen) -> None:
        """An observer of requests."""
        self._requests.labels(seen.route, seen.method, f"{seen.status // 100}xx").inc()
        self._seconds.labels(seen.route, seen.method).observe(seen.seconds)

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def routes(self, site: Site) -> list[Route]:
        def show(site: Site, visit: Visit) -> Response:
            if not may_read(site, visit):
                return site.unknown_link(visit)
            return Response(self.text(), media_type=CONTENT_TYPE_LATEST)

        return [route(site, PATH, show)]


def may_read(site: Site, visit: Visit) -> bool:
    """Who comes from where settings say, or has a key for it; anybody else learns nothing, not even that it is here."""
    if _is_within(visit.ip, site.settings.web.metrics_for):
        return True
    if not (text := bearer(visit.headers.get("authorization", ""))):
        return False
    with site.store.read() as connection:
        key = api_keys.authenticated(connection, text, site.clock())
    return key is not None and Scope.METRICS_READ in key.scopes


def _is_within(ip: str, networks: Iterable[str]) -> bool:
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in ip_network(one) for one in networks)


class _Jobs(Collector):
    """What goes on beside the pages."""

    def __init__(self, states: Callable[[], Iterable[JobState]]) -> None:
        self._states = states

    def collect(self) -> Iterable[Metric]:
        done = GaugeMetricFamily("newsletter_job_last_success_seconds", "When a job ended well last.", labels=["job"])
        failed = CounterMetricFamily("newsletter_job_failures", "Failures of a job.", labels=["job"])
        ailing = GaugeMetricFamily("newsletter_job_ailing", "1: it hangs, ended or fails in a row.", labels=["job"])
        for state in self._states():
            if state.done_at:
                done.add_metric([state.name], state.done_at.timestamp())
            failed.add_metric([state.name], state.failed)
            ailing.add_metric([state.name], float(bool(state.ailing)))
        return [done, failed, ailing]


class _Database(Collector):
    """What the database counts, of one moment. While it does not answer these numbers are missing, and the others are told."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._lock = Lock()
        self._known: Figures | None = None
        self._known_since = 0.0

    def collect(self) -> Iterable[Metric]:
        found = self._figures()
        up = GaugeMetricFamily("newsletter_database_up", "1: the database answers.", value=float(found is not None))
        return [up, *(_families(found) if found else ())]

    def _figures(self) -> Figures | None:
        with self._lock:
            if self._known is None or time.monotonic() - self._known_since > _FRESH:
                self._known = None
                self._known = self._ask()
                self._known_since = time.monotonic()
            return self._known

    def _ask(self) -> Figures | None:
        try:
            with self._store.read() as connection:
                return figures(connection, self._clock())
        except SQLAlchemyError as failure:
            log_failure("the numbers of the database could not be read", failure)
            return None


def _families(found: Figures) -> Iterable[Metric]:
    yield _gauge("subscriptions", "People by list and status.", ("list", "status"), found.subscriptions)
    yield _gauge("notices", "Mails to single people by kind and state.", ("kind", "state"), found.notices)
    yield _gauge("mailings", "Mailings by state.", ("state",), {(state,): n for state, n in found.mailings.items()})
    labels = ("mailing", "issue", "outcome")
    yield _gauge("deliveries", "Deliveries of mailings that are under way or recent.", labels, found.deliveries)
    yield _gauge("reports_waiting", "Reports of the provider not read yet.", (), {(): found.reports_waiting})
    yield _gauge("reports_faulty", "Reports that were not understood.", (), {(): found.reports_faulty})


def _gauge(name: str, about: str, labels: Sequence[str], values: Mapping[Any, int]) -> Metric:
    family = GaugeMetricFamily(f"newsletter_{name}", about, labels=labels)
    for key, value in values.items():
        family.add_metric([*key], value)
    return family
