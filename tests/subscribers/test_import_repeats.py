"""Several rows of one person: the first counts, but who says no in any of them is not mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.subscribers.importing import steps

if TYPE_CHECKING:
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus
#: rows of somebody else, so that a batch or a run ends between the two rows of the person
BETWEEN = "".join(f"r{i}@example.org,subscribed,\n" for i in range(40))


@pytest.fixture(params=["one batch", "many runs"])
def sized(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "many runs":
        monkeypatch.setattr(steps, "BATCH", 2)
        monkeypatch.setattr(steps, "RUN", 5)
    return str(request.param)


@pytest.mark.usefixtures("sized")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("subscribed", "subscribed"), SUBSCRIBED),
        (("subscribed", "unsubscribed"), UNSUBSCRIBED),
        (("unsubscribed", "subscribed"), UNSUBSCRIBED),
        (("subscribed", "subscribed", "unsubscribed", "subscribed"), UNSUBSCRIBED),
        (("pending", "subscribed"), PENDING),
    ],
)
def test_who_says_no_in_any_row_is_not_subscribed(
    desk: Desk, words: tuple[str, ...], status: SubscriptionStatus
) -> None:
    rows = BETWEEN.join(f"ada@example.org,{word},\n" for word in words)
    report = desk.import_(f"email,status,notes\n{rows}")
    assert desk.statuses("ada@example.org") == {"news": status}
    assert report.rows == report.added + report.updated + report.unchanged + report.suppressed + report.rejected_count


@pytest.mark.usefixtures("sized")
@pytest.mark.parametrize("word", ["pending", "complained", "bounced"])
def test_a_doubt_or_a_complaint_in_a_later_row_counts_as_well(desk: Desk, word: str) -> None:
    desk.import_(f"email,status,notes\nada@example.org,subscribed,\n{BETWEEN}ADA@example.org,{word},\n")
    reader = desk.find("ada@example.org")
    assert reader is None or desk.statuses("ada@example.org")["news"] is not SUBSCRIBED


def test_a_row_that_decided_says_so_when_it_is_rejected(desk: Desk) -> None:
    report = desk.import_("email,status,first_name\nada@example.org,subscribed,Ada\nada@example.org,unsubscribed,Eve\n")
    (rejection,) = report.rejected
    assert (rejection.line, rejection.reason) == (3, "same address as line 2, which now stands as this row says")
    assert desk.get("ada@example.org").first_name == "Ada"
